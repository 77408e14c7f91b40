"""The office's working time: how long something took, and by when it is due."""
