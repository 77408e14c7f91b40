"""The SOP as the official form: its flow, its geometry as a pure function, and the writers that only draw it."""
