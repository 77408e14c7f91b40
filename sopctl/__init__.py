"""A runner for standard operating procedures: the SOP's table is the program."""
