"""The record of one office, opened: its cases, with the SOP versions and office files by which they were recorded."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from msgspec.structs import replace

from sopctl.engine.case import Case
from sopctl.engine.events import first_version
from sopctl.engine.instance import Instance
from sopctl.engine.state import State
from sopctl.errors import DamagedError, NotFoundError, WrongError
from sopctl.office.model import Office
from sopctl.problems import errors_of
from sopctl.sop.model import Sop
from sopctl.store import disk
from sopctl.store.caches.compiled import read_compiled
from sopctl.store.caches.holidays import cached_holidays
from sopctl.store.files.cases import REMEDY
from sopctl.store.files.json_store import JsonStore
from sopctl.store.protocol import Store
from sopctl.store.recent import Recent
from sopctl.store.workspace import LARGEST_SOURCE, OFFICE, Workspace
from sopctl.worktime.calendar import Calendar

_recent: Recent[Case] = Recent()


class Record:
    """Cases, and what they are read by; each part is read when it is first needed.

    ``clock`` tells the present moment, ``account`` is the operating system's user at the keyboard. A record opened for
    ``looking`` may take SOPs and offices that were read before from the cache.
    """

    def __init__(
        self, workspace: Workspace, *, clock: Callable[[], datetime], account: str, looking: bool = False
    ) -> None:
        self.workspace = workspace
        self._clock = clock
        self.account = account
        self.looking = looking
        self.store: Store = JsonStore(workspace, lambda: self.office.record.umask, account)
        self._sops: dict[str, Sop] = {}
        self._offices: dict[str, Office] = {}

    @cached_property
    def office(self) -> Office:
        """What `sopctl.yaml` says now.

        Raises:
            WrongError: with every mistake in it.
        """
        text = self.office_text
        return read_compiled(self.workspace.cache, text, Office, _office) if self.looking else _office(text)

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
        return any(path.stem != self.office_version for path in self.workspace.offices.glob("*"))

    @cached_property
    def calendar(self) -> Calendar:
        """The working time of the office."""
        return self.office.calendar(self._holidays)

    def now(self) -> datetime:
        """The present moment in the office, to the second."""
        return self._clock().astimezone(self.office.zone).replace(microsecond=0)

    def load_office(self, version: str) -> Office:
        """The office as `sopctl.yaml` said it when events were recorded under that version.

        Raises:
            NotFoundError, DamagedError: where its text is not kept any more, was altered, or cannot be read.
        """
        if version not in self._offices:
            text = self.store.read_office_text(version)
            known = read_compiled(self.workspace.cache, text, Office, _pinned_office) if self.looking else None
            self._offices[version] = known or _pinned_office(text)
        return self._offices[version]

    def load_sop(self, version: str) -> Sop:
        """The SOP whose text has this sha256, as a case was started with it."""
        if version not in self._sops:
            text = self.store.read_sop_text(version)
            known = read_compiled(self.workspace.cache, text, Sop, _pinned_sop) if self.looking else _pinned_sop(text)
            self._sops[version] = known
        return self._sops[version]

    def load_case(self, id: str) -> Case:
        """The stored case with exactly this id."""
        return self.open_case(self.store.load_instance(id))

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

    def remember(self, case: Case) -> None:
        """Keep a case that follows one version of its SOP; not what was folded by an SOP from the cache."""
        instance = case.instance
        if not self.looking and first_version(instance.version, instance.events) == instance.version:
            _recent.put(case.id, case)

    def _holidays(self, year: int, country: str) -> Mapping[date, str]:
        return cached_holidays(self.workspace.cache, year, country)


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
