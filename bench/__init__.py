"""How fast sopctl is: ratios against named peers, measured in the same run; nothing of it is a test."""
