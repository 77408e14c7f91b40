"""What can be worked out again at any time, kept in a folder of its own for each account."""
