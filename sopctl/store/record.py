"""The record of one office, opened: its cases, with the SOP versions and office files by which they were recorded."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import first_version
from sopctl.engine.instance import Instance
from sopctl.engine.state import State
from sopctl.errors import DamagedError, NotFoundError, WrongError
from sopctl.office.model import Office
from sopctl.office.page_accounts import is_page_account
from sopctl.office.reading import CaseReader, is_confidential
from sopctl.problems import errors_of
from sopctl.sop.model import Sop
from sopctl.store import disk
from sopctl.store.caches.compiled import read_compiled
from sopctl.store.caches.holidays import cached_holidays
from sopctl.store.case_access import gather_facts
from sopctl.store.case_ids import no_case
from sopctl.store.case_json import REMEDY
from sopctl.store.opening import open_store
from sopctl.store.protocol import CommitState, RecordStore, Store
from sopctl.store.recent import Recent
from sopctl.store.workspace import LARGEST_SOURCE, OFFICE, Workspace
from sopctl.worktime.calendar import Calendar

T = TypeVar("T")

_recent: Recent[Case] = Recent()


class Record:
    """Cases, and what they are read by; each part is read when it is first needed.

    ``clock`` tells the present moment, ``account`` is who uses it. A record opened for
    ``looking`` may take SOPs and offices that were read before from the cache. Where ``bind`` is given the rule of
    reading binds the account, and ``bind`` makes the store of what it may read. ``kept_in`` is where the record lies
    where that is not what `sopctl.yaml` says, as of a backup that is unpacked.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        clock: Callable[[], datetime],
        account: str,
        looking: bool = False,
        bind: "Callable[[Record], Store] | None" = None,
        kept_in: RecordStore | None = None,
    ) -> None:
        self.workspace = workspace
        self.clock = clock
        self._bind = bind
        self.account = account
        self.looking = looking
        self._kept_in = kept_in
        self._sops: dict[str, Sop] = {}
        self._offices: dict[str, Office] = {}

    def __reduce__(self) -> "tuple[Callable[..., Record], tuple[Path, RecordStore | None]]":
        return open_to_look, (self.workspace.root, self._kept_in)

    @cached_property
    def whole_store(self) -> RecordStore:
        """The whole record, whoever asks, where `sopctl.yaml` says that it lies."""
        if self._kept_in is not None:
            return self._kept_in
        try:
            text = self.office_text
        except NotFoundError:
            text = b""
        return open_store(self.workspace, text, lambda: self.office, lambda: f"akun {self.shown_name(self.account)}")

    @cached_property
    def store(self) -> Store:
        """The store as the account may read it."""
        return self.whole_store if self._bind is None else self._bind(self)

    @property
    def commit_state(self) -> CommitState:
        """What became of the changes so far: nothing where the store was never asked, or cannot be opened."""
        return self.whole_store.commit_state if "whole_store" in vars(self) else "nothing"

    @cached_property
    def reader(self) -> CaseReader | None:
        """The rule of reading for a page account; None where everything may be read."""
        return CaseReader(self.office, self.account, self.now().date()) if self._bind else None

    @cached_property
    def office(self) -> Office:
        """What `sopctl.yaml` says now.

        Raises:
            WrongError: with every mistake in it.
        """
        return self._read(self.office_text, Office, _office)

    def shown_name(self, account: str) -> str:
        """Who an account is, as people read it: the nama for a page account; any other needs no `sopctl.yaml`."""
        return self.office.shown_name(account) if is_page_account(account) else account

    @cached_property
    def office_text(self) -> bytes:
        """The bytes of `sopctl.yaml`, read once."""
        return disk.read_file(self.workspace.office, limit=LARGEST_SOURCE)

    @cached_property
    def office_version(self) -> str:
        """The sha256 of `sopctl.yaml`."""
        return sha256(self.office_text).hexdigest()

    @property
    def had_other_offices(self) -> bool:
        """Whether events may have been recorded by another `sopctl.yaml` than the present one."""
        return any(one != self.office_version for one in self.whole_store.list_versions("office"))

    @cached_property
    def calendar(self) -> Calendar:
        """The working time of the office."""
        return self.office.calendar(self._holidays)

    def now(self) -> datetime:
        """The present moment in the office, to the second."""
        return self.exact_now().replace(microsecond=0)

    def exact_now(self) -> datetime:
        """The present moment in the office as exactly as the clock tells it: two acts of one second differ."""
        return self.whole_store.correct_clock(self.clock()).astimezone(self.office.zone)

    def load_office(self, version: str) -> Office:
        """The office as `sopctl.yaml` said it when events were recorded under that version.

        Raises:
            NotFoundError, DamagedError: where its text is not kept any more, was altered, or cannot be read.
        """
        if version not in self._offices:
            text = self.whole_store.read_version("office", version)
            self._offices[version] = self._read(text, Office, _pinned_office)
        return self._offices[version]

    def load_sop(self, version: str) -> Sop:
        """The SOP whose text has this sha256, as a case was started with it."""
        if version not in self._sops:
            self._sops[version] = self._read(self.whole_store.read_version("sops", version), Sop, _pinned_sop)
        return self._sops[version]

    def load_case(self, id: str) -> Case:
        """The stored case with exactly this id.

        Raises:
            NotFoundError: where there is none, or none that the account may read.
        """
        try:
            case = self.open_case(self.whole_store.load_instance(id))
        except DamagedError:
            if self.reader is None:
                raise
            raise no_case(id) from None  # nobody can say who may read it
        if not self.may_read(case):
            raise no_case(id)
        return case

    def load_cases(self, sop: str | None, damaged: list[str]) -> Iterator[Case]:
        """All cases, or those of one SOP; sentences about those that cannot be read go to ``damaged``."""
        for id in self.store.list_ids(sop):
            try:
                yield self.load_case(id)
            except (DamagedError, NotFoundError) as error:
                damaged.append(error.message)

    def open_case(self, instance: Instance, states: list[tuple[Sop, State]] | None = None) -> Case:
        """The case that a stored instance is, with the SOP version it was started with.

        ``states`` is given SOP and state after each event.

        Raises:
            DamagedError: where its events do not fit that SOP, its envelope does not fit its events, or an SOP version
                is not kept any more.
        """
        known = None if self.looking else _recent.get(instance.id)
        try:
            sop = self.load_sop(instance.version)
            if states is None and known is not None and known.instance is instance:
                return replace(known, sop=sop)
            case = Case.read(sop, instance, self.load_sop, states)
        except NotFoundError as error:
            raise DamagedError(
                f"Berkas {instance.id} tidak dapat dibaca, karena versi SOP-nya hilang. {error.message} Pulihkan dari "
                "cadangan.",
                code="version",
                advice="verify",
            ) from error
        except (KeyError, ValueError, IndexError):
            case = None
        if case is None or not case.agrees():
            raise DamagedError(
                f"Berkas {instance.id} diubah di luar sopctl: catatannya tidak cocok dengan isinya atau SOP-nya. "
                f"{REMEDY}",
                advice="rebuild",
                code="changed",
            )
        self.remember(case)
        return case

    def is_confidential(self, case: Case) -> bool:
        """Whether a case is open only to those who have to do with it, by its opening or by the office of today."""
        facts = gather_facts(case, self.whole_store.load_instance)
        return case.is_marked_confidential or is_confidential(self.office, facts)

    def may_read(self, case: Case) -> bool:
        """Whether the account may read a case; one of the operating system has the files anyway."""
        return self.reader is None or self.reader.may_read(gather_facts(case, self.whole_store.load_instance))

    def remember(self, case: Case) -> None:
        """Keep a case that follows one version of its SOP; not what was folded by an SOP from the cache."""
        instance = case.instance
        if not self.looking and first_version(instance.version, instance.events) == instance.version:
            _recent.put(case.id, case)

    def _read(self, text: bytes, type_: type[T], read: Callable[[bytes], T]) -> T:
        """What ``read`` makes of a text, from the cache where nothing is written."""
        return read_compiled(self.workspace.cache, text, type_, read) if self.looking else read(text)

    def _holidays(self, year: int, country: str) -> Mapping[date, str]:
        return cached_holidays(self.workspace.cache, year, country)


@cache
def open_to_look(root: Path, kept_in: RecordStore | None) -> Record:
    """The record of a process that only reads cases for another one."""
    return Record(Workspace(root), clock=lambda: datetime.now(UTC), account="", looking=True, kept_in=kept_in)


def _office(text: bytes) -> Office:
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(text, OFFICE)
    if office is None:
        raise WrongError("File sopctl.yaml belum benar.", problems=errors_of(problems), code="office")
    return office


def _pinned_sop(text: bytes) -> Sop:
    from sopctl.sop.decode import read_sop  # noqa: PLC0415 — brings yaml

    sop, problems = read_sop(text, "data/sops")
    if sop is None:
        raise DamagedError(f"Versi SOP sebuah berkas tidak dapat dibaca sopctl ini: {problems[0]}.", code="version")
    return sop


def _pinned_office(text: bytes) -> Office:
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(text, "data/office")
    if office is None:
        raise DamagedError(f"Versi sopctl.yaml tidak dapat dibaca sopctl ini: {problems[0]}.", code="version")
    return office
