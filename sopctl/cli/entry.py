"""Where the program begins: small, so that Ctrl-C finds somebody who answers from the first moment on."""

import sys


def main() -> None:
    """Run the program."""
    try:
        from sopctl.cli.app import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nDihentikan.\n")
        sys.exit(130)
