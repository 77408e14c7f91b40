"""`python -m sopctl.cli` is `sopctl`."""

from sopctl.cli.entry import main

main()
