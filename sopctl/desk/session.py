"""What the entry of a use case is given: the record and SOP files of a workspace, the clock, and the user's account."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sopctl.errors import SopctlError, WrongError
from sopctl.office.model import Office
from sopctl.office.page_accounts import is_page_account
from sopctl.store.library import Library
from sopctl.store.protocol import Store
from sopctl.store.record import Record
from sopctl.store.workspace import Workspace
from sopctl.worktime.calendar import Calendar

if TYPE_CHECKING:
    from sopctl.desk.employees import Employee
    from sopctl.desk.unit_of_work import UnitOfWork
    from sopctl.letters.renderer import Renderer
    from sopctl.store.transaction import Transaction


class Session:
    """One command in a workspace, or one request to the page.

    ``now`` is the clock, ``account`` the operating system's user name, or the page account; ``via`` is what events say
    of the face by which it acts: `web` on the page. There the rule of reading binds, and so it does every page account.
    A session for ``looking`` writes nothing, and may read SOPs and offices from the cache.
    """

    def __init__(
        self, workspace: Workspace, *, now: Callable[[], datetime], account: str, via: str = "", looking: bool = False
    ) -> None:
        self.workspace = workspace
        self.account = account
        self.via = via
        bind = _open_readable_store if via or is_page_account(account) else None
        self.record = Record(workspace, clock=now, account=account, looking=looking, bind=bind)
        self.library = Library(workspace, _reserved_names)

    @property
    def store(self) -> Store:
        """The store of the record."""
        return self.record.store

    @property
    def office(self) -> Office:
        """What `sopctl.yaml` says; see `Record.office`."""
        return self.record.office

    @property
    def calendar(self) -> Calendar:
        """The working time of the office."""
        return self.record.calendar

    @cached_property
    def renderer(self) -> "Renderer":
        """Renders Word files from the templates, with the page setup of the office."""
        from sopctl.letters.renderer import Renderer  # noqa: PLC0415 — only where a document is written
        from sopctl.letters.template_cache import TemplateCache  # noqa: PLC0415 — the same
        from sopctl.word.page_setup import PageSetup, page_setup_of  # noqa: PLC0415 — the same

        try:
            layout = page_setup_of(self.office)
        except WrongError:  # told by whoever needs the office; a template can be checked without it
            layout = PageSetup()
        return Renderer(self.workspace.read_template, layout, TemplateCache(self.workspace.cache))

    def employees(self) -> "Sequence[Employee]":
        """The people of `pegawai.csv`; none where it cannot be read, which `check` tells."""
        from sopctl.desk.employees import read_employees  # noqa: PLC0415 — only where a table is filled in

        try:
            return read_employees(self.workspace)
        except SopctlError:
            return ()

    @contextmanager
    def begin(self) -> "Iterator[Transaction]":
        """Take the lock of the record, where the computer's clock can be right, to change it by the present office."""
        with self.store.begin() as change:
            change.check_clock(self.now())
            change.use_office(self.record.office_version, self.record.office_text)
            yield change

    @contextmanager
    def unit_of_work(self, *, with_gaps: bool = False) -> "Iterator[UnitOfWork]":
        """Take the lock of the record for one change; leaving the block without its `commit` changes nothing.

        ``with_gaps`` lets letters be signed without fields that they call wajib.
        """
        from sopctl.desk.unit_of_work import UnitOfWork  # noqa: PLC0415 — looking needs none of it

        with self.begin() as change:
            yield UnitOfWork(self.record, self.library, self.renderer, change, with_gaps=with_gaps)

    def now(self) -> datetime:
        """The present moment in the office, to the second."""
        return self.record.now()


def _open_readable_store(record: Record) -> Store:
    from sopctl.store.readable_store import ReadableStore  # noqa: PLC0415 — the command line is not bound

    return ReadableStore(record)


def _reserved_names() -> frozenset[str]:
    from sopctl.letters.context import CONTEXT_NAMES  # noqa: PLC0415 — only where an SOP file is read

    return CONTEXT_NAMES


def account() -> str:
    """The operating system's name of the user, which no environment variable can change; never a page account's."""
    if os.name == "nt":
        return os.getlogin()
    import pwd  # noqa: PLC0415 — not on Windows

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = ""
    return f"uid-{os.getuid()}" if not name or is_page_account(name) else name
