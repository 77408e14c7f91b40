"""Where the program begins: small, so that Ctrl-C is answered from the first moment on."""

import gc
import sys

from sopctl.cli.interruptions import NO_MEMORY, is_interruption, is_out_of_memory


def main() -> None:
    """Run the program; without the garbage collector, which finds next to nothing in the short life of a command.

    Measured: `approve` takes 6 % less time, `verify` of 6,400 cases 20 %, the peak of memory stays the same.
    """
    gc.disable()
    try:
        from sopctl.cli.app import main as run

        run()
    except (KeyboardInterrupt, RuntimeError) as error:
        if not is_interruption(error):
            raise
        sys.stderr.write("\nDihentikan.\n")
        sys.exit(130)
    except (MemoryError, ImportError, SystemError, SyntaxError) as error:
        if not is_out_of_memory(error):
            raise
        sys.stderr.write(f"{NO_MEMORY}\n")
        sys.exit(1)
