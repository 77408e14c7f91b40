"""The opened workspace: its office, calendar, SOPs and store, each read when it is first needed."""

import os
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sopctl.desk.compiled import compiled
from sopctl.desk.holidays import cached_holidays
from sopctl.engine.case import Case
from sopctl.engine.instance import Instance
from sopctl.errors import DamagedError, NotFoundError, WrongError
from sopctl.notation.nearest import suggestion
from sopctl.office.model import Office
from sopctl.problems import Problem, errors_of
from sopctl.problems import Source as Place
from sopctl.sop.model import Sop
from sopctl.store import files
from sopctl.store.cases import REMEDY
from sopctl.store.json_store import JsonStore
from sopctl.store.protocol import Store
from sopctl.store.workspace import OFFICE, Workspace
from sopctl.worktime.calendar import Calendar

if TYPE_CHECKING:
    from sopctl.documents.render import Renderer

LARGEST_SOURCE = 20_000_000
"""Bytes of an SOP or office file that are read at all; the language itself allows fewer and says so."""


class Source(Struct, frozen=True):
    """An SOP file of the workspace as it is read: its text, and the SOP or the mistakes in it."""

    path: str
    text: bytes
    sop: Sop | None
    problems: tuple[Problem, ...]

    @property
    def version(self) -> str:
        """The sha256 that names this exact text."""
        return sha256(self.text).hexdigest()


class Desk:
    """One office at work; ``now`` is the clock, ``account`` the operating system's user at the keyboard.

    A desk that is only ``looking`` may take what was read before from the cache.
    """

    def __init__(
        self, workspace: Workspace, *, now: Callable[[], datetime], account: str, looking: bool = False
    ) -> None:
        self.workspace = workspace
        self.looking = looking
        self.account = account
        self.store: Store = JsonStore(workspace, lambda: self.office.record.umask, account)
        self._now = now
        self._versions: dict[str, Sop] = {}
        self._offices: dict[str, Office] = {}

    @cached_property
    def office(self) -> Office:
        """What `sopctl.yaml` says.

        Raises:
            WrongError: with every mistake in it.
        """
        text = self.office_text
        return compiled(self.workspace.cache, text, Office, _office) if self.looking else _office(text)

    @cached_property
    def office_text(self) -> bytes:
        """`sopctl.yaml` letter by letter, as this desk read it."""
        return files.read(self.workspace.office, limit=LARGEST_SOURCE)

    @cached_property
    def office_version(self) -> str:
        """The sha256 that names this exact text."""
        return sha256(self.office_text).hexdigest()

    def office_of(self, version: str) -> Office:
        """The office as `sopctl.yaml` said it when events were recorded under that version.

        Raises:
            NotFoundError, DamagedError: where its text is not kept any more, was altered, or cannot be read.
        """
        if version not in self._offices:
            self._offices[version] = _pinned_office(self.store.office(version))
        return self._offices[version]

    def office_problems(self) -> tuple[Problem, ...]:
        """Everything that is worth saying about `sopctl.yaml`."""
        from sopctl.office.check import check_office  # noqa: PLC0415 — only `check` asks
        from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

        office, problems = read_office(files.read(self.workspace.office, limit=LARGEST_SOURCE), OFFICE)
        if office is None:
            return problems
        pelaksana = {key for id in self.sop_ids() if (sop := self.source(id).sop) for key in sop.pelaksana}
        return (*problems, *check_office(office, self.now().year, pelaksana))

    @cached_property
    def calendar(self) -> Calendar:
        """The working time of the office."""
        return self.office.calendar(self._holidays)

    @cached_property
    def renderer(self) -> "Renderer":
        """Writes Word files from the templates, laid out as the office wants."""
        from sopctl.desk.shelf import CacheShelf  # noqa: PLC0415 — only where a document is written
        from sopctl.documents.layout import Layout, layout_of  # noqa: PLC0415 — the same
        from sopctl.documents.render import Renderer  # noqa: PLC0415 — the same

        try:
            layout = layout_of(self.office)
        except WrongError:  # told by whoever needs the office; a template can be checked without it
            layout = Layout()
        return Renderer(self.template, layout, CacheShelf(self.workspace.cache))

    def now(self) -> datetime:
        """The present moment in the office, to the second."""
        return self._now().astimezone(self.office.zone).replace(microsecond=0)

    def case(self, id: str) -> Case:
        """The stored case with exactly this id."""
        return self.read(self.store.instance(id))

    def read(self, instance: Instance) -> Case:
        """The case that a stored instance is, with the SOP version it was started with.

        Raises:
            DamagedError: where its events do not fit that SOP, its envelope does not fit its events, or an SOP version
                is not kept any more.
        """
        try:
            case = Case.read(self.version(instance.version), instance, self.version)
        except NotFoundError as error:
            raise DamagedError(
                f"Berkas {instance.id} tidak dapat dibaca, karena versi SOP-nya hilang. {error.message} Pulihkan dari "
                "cadangan, lalu periksa dengan sopctl verify.",
                code="version",
            ) from error
        except (KeyError, ValueError, IndexError):
            case = None
        if case is None or not case.agrees():
            raise DamagedError(
                f"Berkas {instance.id} diubah di luar sopctl: catatannya tidak cocok dengan isinya atau SOP-nya. "
                f"{REMEDY}",
                code="changed",
            )
        return case

    def version(self, version: str) -> Sop:
        """The SOP version that a case was started with."""
        if version not in self._versions:
            text = self.store.version(version)
            known = compiled(self.workspace.cache, text, Sop, _pinned) if self.looking else _pinned(text)
            self._versions[version] = known
        return self._versions[version]

    def sop_ids(self) -> list[str]:
        """The ids of the SOPs of this workspace, which are the names of their files."""
        with files.disk(self.workspace.sops):
            if not self.workspace.sops.is_dir():
                return []
            return sorted(path.stem for path in self.workspace.sops.glob("*.yaml") if _is_sop_file(path))

    def misnamed(self) -> tuple[Problem, ...]:
        """The files in the folder of SOPs that are none because of their names."""
        if not self.workspace.sops.is_dir():
            return ()
        found = [path for path in self.workspace.sops.iterdir() if path.suffix.lower() in {".yaml", ".yml"}]
        message = "Berkas ini tidak dibaca: namanya harus huruf kecil, angka dan '-', lalu .yaml; misalnya sk-tim.yaml."
        return tuple(
            Problem(Place(self.workspace.relative(path), 1, 1), "file_name", message, "note")
            for path in sorted(found)
            if not _is_sop_file(path)
        )

    def source(self, id: str) -> Source:
        """An SOP file, whatever mistakes it holds.

        Raises:
            NotFoundError: where the workspace has no such SOP; the message suggests the nearest.
        """
        from sopctl.documents.context import NAMES  # noqa: PLC0415 — only where an SOP file is read
        from sopctl.sop.decode import read_sop  # noqa: PLC0415 — brings yaml

        known = self.sop_ids()
        wanted = id.strip().lower()
        if wanted not in known:
            have = f" SOP yang ada: {', '.join(known)}." if known else " Folder sops masih kosong."
            raise NotFoundError(f"Tidak ada SOP '{id}'{suggestion(id, known)}.{have}", code="sop")
        path = self.workspace.sops / f"{wanted}.yaml"
        text = files.read(path, limit=LARGEST_SOURCE)
        name = self.workspace.relative(path)
        sop, problems = read_sop(text, name, NAMES)
        return Source(name, text, sop, problems)

    def template(self, name: str) -> bytes:
        """The bytes of a template of the workspace.

        Raises:
            NotFoundError: where there is none.
        """
        return files.read(self.workspace.templates / name, limit=LARGEST_SOURCE)

    def picture(self, name: str) -> bytes:
        """The bytes of a file of the workspace, by its path from the root.

        Raises:
            NotFoundError: where there is none, or it lies elsewhere.
        """
        path = (self.workspace.root / name).resolve()
        if not path.is_relative_to(self.workspace.root.resolve()):
            raise NotFoundError(f"{name} tidak berada di dalam ruang kerja.", code="file")
        return files.read(path, limit=LARGEST_SOURCE)

    def _holidays(self, year: int, country: str) -> Mapping[date, str]:
        return cached_holidays(self.workspace.cache, year, country)


def _is_sop_file(path: Path) -> bool:
    return re.fullmatch(r"[a-z0-9][a-z0-9-]*\.yaml", path.name) is not None and path.is_file()


def _office(text: bytes) -> Office:
    from sopctl.office.decode import read_office  # noqa: PLC0415 — brings yaml

    office, problems = read_office(text, OFFICE)
    if office is None:
        raise WrongError("Berkas sopctl.yaml belum benar.", problems=errors_of(problems), code="office")
    return office


def _pinned(text: bytes) -> Sop:
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


def account() -> str:
    """The operating system's name of who is at the keyboard; the environment cannot pretend another."""
    if os.name == "nt":
        return os.getlogin()
    import pwd  # noqa: PLC0415 — not on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"
