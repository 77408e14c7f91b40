"""How the parts of the store ask the database."""

from typing import Protocol

from sopctl.store.postgres.connections import Rows, Statement


class Ask(Protocol):
    """Answers with the rows of each statement, all of one round trip."""

    def __call__(self, *statements: Statement) -> list[Rows]:
        """The rows."""
