"""The world failing, as exceptions: each owns its Indonesian sentence and its exit code.

They are caught once, in `cli`. What an SOP does not allow is no exception but a value (`engine.refused`), and
an author's mistakes are values too (`problems`).
"""

from typing import ClassVar

from sopctl.problems import Problem


class SopctlError(Exception):
    """Something a user can cause; ``code`` is stable for programs, the message is for people."""

    exit_code: ClassVar[int] = 1
    code: str = "gagal"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class UsageError(SopctlError):
    """The command's words are off: a value of the wrong type, two options that exclude each other."""

    exit_code = 2
    code = "usage"


class NotFoundError(SopctlError):
    """No such SOP, case, step, label, field, pelaksana, file or workspace."""

    exit_code = 4
    code = "not_found"


class WrongError(SopctlError):
    """An SOP, office file or template cannot be used; ``problems`` holds every mistake with its place."""

    exit_code = 5
    code = "wrong"

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = (), code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.problems = problems


class BusyError(SopctlError):
    """Another process holds the store, or the disk does not take what is written."""

    exit_code = 6
    code = "busy"


class DamagedError(SopctlError):
    """A stored file is cut short, was changed by hand or comes from a newer sopctl."""

    exit_code = 6
    code = "damaged"
