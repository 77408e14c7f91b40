"""The SOP language: the form's columns as values, read from YAML with a place for every mistake."""
