"""How a YAML file is read: every value with its place, every mistake collected, shapes that also are the schema."""
