"""The file of the accounts in its folder, with the permissions that both have."""

FILE = "accounts.sqlite3"

MODE = 0o600
FOLDER_MODE = 0o700
