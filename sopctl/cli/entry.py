"""Where the program begins: small, so that Ctrl-C finds somebody who answers from the first moment on."""

import sys


def main() -> None:
    """Run the program."""
    try:
        from sopctl.cli.app import main as run

        run()
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interruption(error):
            raise
        sys.stderr.write("\nDihentikan.\n")
        sys.exit(130)


def is_interruption(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C; Python 3.11 wraps one that comes while a class is made."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)
