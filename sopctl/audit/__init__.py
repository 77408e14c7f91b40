"""Whether the record is intact: comparing all with all, tracing a Word file, mending, proving elsewhere."""
