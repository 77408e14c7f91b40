"""Where the program begins: small, so that Ctrl-C is answered from the first moment on."""

import sys

from sopctl.cli.interruptions import NO_MEMORY, is_interruption, is_out_of_memory


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
