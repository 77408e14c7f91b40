"""The report on paper and in files: each format is written in one module, all from the same content."""
