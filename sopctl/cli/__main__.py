"""`python -m sopctl.cli` is `sopctl`."""

from sopctl.cli.app import main

main()
