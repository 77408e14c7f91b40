"""The accounts of the page: passwords, invitations, sessions, log-ins that fail, and calendar feeds, in one file."""
