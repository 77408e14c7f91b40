"""What tests of several rooms need: the office's clock, an SOP from a test's docstring, a workspace of the office."""

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from sopctl.accounts import passwords
from sopctl.desk import moves, setup, start
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.session import Session
from sopctl.engine.refused import Refused
from sopctl.errors import SopctlError
from sopctl.letters import template_compiler, template_filler
from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.letters.template_compiler import compile_template
from sopctl.letters.template_files import TemplateLoader
from sopctl.letters.template_filler import TemplateFiller
from sopctl.sop.decode import read_sop
from sopctl.sop.model import Sop
from sopctl.store.workspace import Workspace
from sopctl.word.page_setup import PageSetup

if TYPE_CHECKING:
    from tests.cutting_proxy import CuttingProxy
    from tests.postgres_cluster import Database, PostgresCluster

settings.register_profile("sopctl", deadline=None)  # a busy machine fails no test
settings.load_profile("sopctl")

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108 — a run makes folders of its own in it
"""Where Linux keeps files in memory, and the bytes that have to be free there."""

PONTIANAK = ZoneInfo("Asia/Pontianak")

Answer = Outcome | Refused


class Room:
    """An office at work: each command opens the desk anew, as a process does, and takes a minute.

    The commands that are named like methods must succeed; `ask` answers with whatever the command comes to.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=PONTIANAK)
        self.account = "akun"
        self.via = ""

    def session(self, *, looking: bool = False) -> Session:
        return Session(Workspace(self.root), now=lambda: self.now, account=self.account, via=self.via, looking=looking)

    def write(self, *forms: str) -> None:
        """Lay SOPs into the workspace; each begins with its id."""
        for form in map(cleandoc, forms):
            name = form.partition("\n")[0].removeprefix("id: ")
            (self.root / "sops" / f"{name}.yaml").write_text(f"{form}\n", encoding="utf-8")

    def say(self, office: str) -> None:
        """Add to `sopctl.yaml`; a key that is said again takes the place of the one before."""
        path = self.root / "sopctl.yaml"
        said = cleandoc(office)
        keys = {line.partition(":")[0] for line in said.splitlines() if line[:1].isalpha()}
        blocks = re.split(r"\n(?=\w)", path.read_text(encoding="utf-8"))
        kept = [block for block in blocks if block.partition(":")[0] not in keys]
        path.write_text("\n".join([*kept, said, ""]), encoding="utf-8")

    def letter(self, subject: str = "") -> str:
        """Open a case of sk-tim and bring it to the row where its letter is signed; its id."""
        id = self.start("sk-tim", subject).id
        for sets in ((), (), ("tugas=Menyusun laporan", "anggota=Anggota pertama"), ()):
            self.approve(id, MoveInput(sets=sets))
        return id

    def ask(self, command: Callable[[Session], Answer]) -> Answer:
        """What a command comes to."""
        self.now += timedelta(minutes=1)
        return command(self.session())

    def start(
        self, sop: str, subject: str = "", *, step: str = "", parent: str = "", typed: MoveInput | None = None
    ) -> Outcome:
        of = start.StartInput(subject=subject, step=step, parent=parent)
        return done(self.ask(lambda session: start.start(session, sop, of, typed or MoveInput())))

    def approve(self, id: str, typed: MoveInput | None = None) -> Outcome:
        return done(self.ask(lambda session: moves.approve(session, id, typed or MoveInput())))

    def reject(self, id: str, note: str = "belum sesuai") -> Outcome:
        return done(self.ask(lambda session: moves.reject(session, id, MoveInput(note=note))))

    def withdraw(self, id: str, note: str = "keliru") -> Outcome:
        return done(self.ask(lambda session: moves.withdraw(session, id, MoveInput(note=note))))

    def cancel(self, id: str, note: str = "tidak jadi") -> Outcome:
        return done(self.ask(lambda session: moves.cancel(session, id, MoveInput(note=note))))

    def note(self, id: str, text: str) -> Outcome:
        return done(self.ask(lambda session: moves.note(session, id, MoveInput(note=text))))

    def copy_to(self, root: Path) -> "Room":
        """The same office in another folder, at the same time of its day."""
        other = Room(shutil.copytree(self.root, root))
        other.now = self.now
        return other

    def record(self) -> dict[str, bytes]:
        """Every file of the record by its path; the lock and what is only a cache are no part of it."""
        data = self.root / "data"
        paths = [path for path in data.rglob("*") if path.is_file()]
        names = {path.relative_to(data).as_posix(): path for path in paths}
        return {
            name: path.read_bytes() for name, path in names.items() if name != "lock" and not name.startswith("cache/")
        }


def done(answer: Answer) -> Outcome:
    """The outcome of a command that must not be refused."""
    assert isinstance(answer, Outcome), answer
    return answer


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than there are cores: a quarter of the time of the suite is waiting for terminals and servers."""
    cores = yield
    return cores + ("PYTEST_XDIST_AUTO_NUM_WORKERS" not in os.environ)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of a run with several workers in memory where there is room and programs may be started.

    The commands that tests start wait for the disk otherwise; only a power failure would show the difference, and the
    tests of what is waited for read the calls. `TMPDIR` and `PYTEST_DEBUG_TEMPROOT` name another place.
    """
    named = {"TMPDIR", "PYTEST_DEBUG_TEMPROOT"} & {*os.environ}
    if named or not config.getoption("numprocesses", None) or not MEMORY.is_dir():
        return
    room = os.statvfs(MEMORY)
    if room.f_bavail * room.f_frsize >= ENOUGH and not room.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture
def when() -> Callable[[str], datetime]:
    """The clock of the office: `when("2026-11-24 10:00")`."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=PONTIANAK)

    return moment


@pytest.fixture
def sop(request: pytest.FixtureRequest) -> Sop:
    """The SOP that stands as YAML in the test's docstring, else the `FORM` of its module; a table may give others."""
    text = cleandoc(getattr(request, "param", "") or request.function.__doc__ or request.module.FORM)
    read, problems = read_sop(text.encode(), "sops/uji.yaml")
    assert read is not None, [str(problem) for problem in problems]
    return read


@pytest.fixture(scope="session", autouse=True)
def _templates_are_read_once() -> Iterator[None]:
    """Read each template once for all tests, where a process of its own reads it once for its letters.

    Most of the time of a test that writes a letter would go there. A template with other bytes is another one.
    """
    compiled: list[CompiledTemplate] = []
    fillers: dict[object, TemplateFiller] = {}

    def compile_once(name: str, loader: TemplateLoader, layout: PageSetup) -> CompiledTemplate:
        with suppress(SopctlError):
            for known in compiled:
                if known.name == name and known.is_current(loader, layout):
                    return known
        compiled.append(compile_template(name, loader, layout))
        return compiled[-1]

    def fill_once(of: CompiledTemplate) -> TemplateFiller:
        key = (of.name, of.layout, tuple(sorted(of.files.items())))
        if key not in fillers:
            fillers[key] = TemplateFiller(of)
        return fillers[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(template_compiler, "compile_template", compile_once)
        patched.setattr(template_filler, "TemplateFiller", fill_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_ends_a_process() -> None:
    """Let processes of the tests be ended by it, though whoever started the tests in the background ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_disk_is_waited_for() -> Iterator[None]:
    """Leave out what only a power failure shows: `store/test_order.py` reads the fsyncs of whole commands."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", os.fstat)  # which knows a file that is none, too
        yield


@pytest.fixture
def light_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are worked out with little memory: `accounts/test_passwords.py` looks at how they are really kept."""
    light = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: light)
    monkeypatch.setattr(passwords, "_NOBODY", light.hash("-"))


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that `init` makes; tests copy it."""
    root = tmp_path_factory.mktemp("seed") / "kantor"
    setup.init(root)
    return root


@pytest.fixture
def workspace(seed: Path, tmp_path: Path) -> Path:
    """A workspace of its own with the office's `sopctl.yaml`, SOPs and templates, as `init` makes it."""
    return shutil.copytree(seed, tmp_path / "kantor")


@pytest.fixture
def room(workspace: Path) -> Room:
    """The office of the seeds at work."""
    return Room(workspace)


@pytest.fixture(scope="session")
def rooms() -> type[Room]:
    """What opens an office, for fixtures that share one."""
    return Room


@pytest.fixture(scope="session")
def count_calls() -> Callable[[Callable[[], object]], int]:
    """How many functions, Python's and C's, are called while something is done: work that no busy machine changes."""

    def counted(work: Callable[[], object]) -> int:
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in {"call", "c_call"}

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            work()
        finally:
            sys.setprofile(before)
        return calls

    return counted


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Where an outside program lies; without it the test is skipped, and fails where all tools are promised."""

    def found(program: str) -> str:
        return _promised(program, shutil.which(program))

    return found


T = TypeVar("T")


def _promised(name: str, found: T | None) -> T:
    """What was found of an outside program."""
    if found is None and os.environ.get("SOPCTL_ALL_TOOLS"):
        pytest.fail(f"{name} is missing")
    if found is None:
        pytest.skip(f"{name} is missing")
    return found


@pytest.fixture(scope="session")
def postgres_cluster() -> "Iterator[PostgresCluster]":
    """A PostgreSQL server of the tests' own."""
    from tests.postgres_cluster import find_programs, run_cluster  # noqa: PLC0415 — few tests need PostgreSQL

    with run_cluster(_promised("PostgreSQL", find_programs())) as cluster:
        yield cluster


@pytest.fixture
def database(
    postgres_cluster: "PostgresCluster", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Database]":
    """A database of the test's own, which libpq's service file names."""
    from tests.postgres_cluster import Database  # noqa: PLC0415 — the same

    made = Database(postgres_cluster, tmp_path / "pg_service.conf", monkeypatch)
    yield made
    postgres_cluster.drop_database(made.name)


@pytest.fixture(scope="session")
def pgbouncer_program() -> str:
    """Where `pgbouncer` lies."""
    return _promised("pgbouncer", shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"))  # only root's


@pytest.fixture
def pgbouncer(postgres_cluster: "PostgresCluster", pgbouncer_program: str) -> Iterator[int]:
    """A pooler in transaction mode before the server; its port."""
    with postgres_cluster.run_bouncer(pgbouncer_program) as port:
        yield port


@pytest.fixture
def proxy(postgres_cluster: "PostgresCluster") -> "Iterator[CuttingProxy]":
    """A proxy before the server that counts round trips and cuts connections."""
    from tests.cutting_proxy import run_proxy  # noqa: PLC0415 — the same
    from tests.postgres_cluster import PORT  # noqa: PLC0415 — the same

    with run_proxy(postgres_cluster.folder / f".s.PGSQL.{PORT}") as running:
        yield running
