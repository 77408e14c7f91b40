"""The use cases: one function a command, one transaction each."""
