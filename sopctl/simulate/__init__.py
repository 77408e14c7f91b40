"""A trial run of an SOP: cases, people and queues, as plain values."""
