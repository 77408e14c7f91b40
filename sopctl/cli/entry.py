"""Where the program begins: small, so that Ctrl-C finds somebody who answers from the first moment on."""

import sys

NO_MEMORY = "Memori komputer tidak cukup untuk perintah ini; tutup program lain, lalu ulangi."


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
    except (MemoryError, ImportError) as error:
        if not is_out_of_memory(error):
            raise
        sys.stderr.write(f"{NO_MEMORY}\n")
        sys.exit(1)


def is_interruption(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C; Python 3.11 wraps one that comes while a class is made."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error is that memory is used up; a library that finds no room is not loaded."""
    return isinstance(error, MemoryError) or "failed to map segment" in str(error)
