"""The tables that this program works with: the files of `migrations` up to a number.

A transaction first asks `sopctl.migrations` for the highest number there (see 0001), and goes no further where it is
another: a lower one wants `record upgrade`, a higher one a newer sopctl on this computer.
"""

NUMBER = 1
"""The number of the last file of `migrations`."""

APPLICATION = f"sopctl/{NUMBER}"
"""What a connection calls itself (`application_name`): so an upgrade sees which programs are at work."""
