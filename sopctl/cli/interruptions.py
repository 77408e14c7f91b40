"""Telling a Ctrl-C and used-up memory from other errors; imports nothing, so that it works from the first moment."""

NO_MEMORY = "Memori komputer tidak cukup untuk perintah ini; tutup program lain, lalu ulangi."


def is_interruption(error: BaseException) -> bool:
    """Whether an error is a Ctrl-C; Python 3.11 wraps one that comes while a class is made."""
    return isinstance(error, KeyboardInterrupt) or isinstance(error.__cause__, KeyboardInterrupt)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error is that memory is used up.

    A library that finds no room is not loaded, hashlib then lacks its functions, and CPython forgets to say what was
    wrong (SystemError) or stumbles over the code that the standard library generates (SyntaxError).
    """
    if isinstance(error, ImportError):
        return "failed to map segment" in str(error) or "from 'hashlib'" in str(error)
    return isinstance(error, MemoryError | SystemError | SyntaxError)
