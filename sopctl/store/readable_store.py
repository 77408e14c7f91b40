"""The store as a page account has it: what the rule of reading keeps from it is not there, in whatever way it is asked.

Here, in `case_index` and in `readable_registers` the rule is enforced, below all pages. What is written goes to the
store itself: a change may go on in the case that called this one, whoever may read that.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from sopctl.engine.instance import Instance
from sopctl.errors import NotFoundError
from sopctl.store import case_ids
from sopctl.store.case_index import list_readable
from sopctl.store.record import Record
from sopctl.store.transaction import Transaction


class ReadableStore:
    """The cases of a record that its account may read; see `protocol.Store`."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._whole = record.whole_store

    def load_instance(self, id: str) -> Instance:
        """The case with this id."""
        return self._record.load_case(id).instance

    def find_id(self, text: str) -> str:
        """The id that the text is, or the only one that has it as a part."""
        try:
            return self._record.load_case(text.strip().lower()).id
        except NotFoundError:
            return case_ids.choose_id(list(self.list_ids()), text)

    def list_ids(self, sop: str | None = None) -> Iterator[str]:
        """The ids of the cases, or those of one SOP."""
        readable = list_readable(self._record, sop)
        return (id for id in self._whole.list_ids(sop) if id in readable)

    def begin(self) -> AbstractContextManager[Transaction]:
        """Become the one writer."""
        return self._whole.begin()
