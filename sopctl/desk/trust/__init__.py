"""Whether the record is intact: comparing everything with everything, tracing a Word file, mending, proving elsewhere."""
