"""Random SOPs and random moves through the desk, against a model that knows nothing of the engine.

The model is naive on purpose: a dictionary for a row, a list for what happened, no events. Both must agree on every
answer, on state, visits, turn, documents and numbers; and what is stored must be the fold of its events at every
moment.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from sopctl.audit.verify import verify
from sopctl.desk import moves
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.engine.fold import fold
from sopctl.engine.refused import Refused
from sopctl.engine.signings import document_text

if TYPE_CHECKING:
    from tests.conftest import Room

PEOPLE = ("kadis", "kabid", "tim")
ACCOUNTS = ("akun-a", "akun-b", "akun-c")
PERSONS = {"akun-a": "a", "akun-b": "b", "akun-c": "a"}
"""Whose they are: two of them are one official's."""

OFFICIALS = """
officials:
  - {nama: Ani, pelaksana: [kadis, kabid, tim], accounts: [akun-a, akun-c]}
  - {nama: Ina, pelaksana: [kadis, kabid, tim], accounts: [akun-b]}
"""
LABELS = ["terus", "cabang", "tidak"]
"""Of the branches of a row; the last one says no."""

Row = dict[str, Any]


@st.composite
def forms(draw: st.DrawFn) -> list[Row]:
    """The rows of a form whose end can be reached: a diamond's first exit leads to the row below.

    Some fork: two arms of a row or two each come after a row, and meet at the one below them.
    """
    arms = draw(st.none() | st.tuples(st.integers(1, 2), st.integers(1, 2)))
    before = draw(st.integers(0, 1)) if arms else 0
    size = draw(st.integers(1, 5)) if arms is None else before + 2 + sum(arms) + draw(st.integers(0, 1))
    ids = [f"langkah-{number}" for number in range(1, size + 1)]
    rows = [draw(_rows(ids, number)) for number in range(size)]
    if arms is not None:
        first, join = before + 1, before + 1 + sum(arms)
        own = {ids[number]: int(number >= first + arms[0]) for number in range(first, join)}
        rows[before]["next"] = [ids[first], ids[first + arms[0]]]
        for key in ("branches", "decides", "kind"):
            rows[before].pop(key, None)
        for number in range(first, join):
            draw(_into_arm(rows[number], ids, own, before, join, last=number in {first + arms[0] - 1, join - 1}))
    return rows


@st.composite
def _into_arm(
    draw: st.DrawFn, row: Row, ids: list[str], own: dict[str, int], before: int, join: int, *, last: bool
) -> None:
    """Let a row lead on within its arm or to the join, and back to before the fork."""
    row["arm"] = own[row["id"]]
    mine = [id for id in own if own[id] == row["arm"]]
    if "branches" in row:
        ways = st.sampled_from([*ids[: before + 1], *mine, ids[join]])
        row["branches"] = {label: draw(ways) for label in row["branches"]}
        row["branches"]["terus"] = ids[join] if last else mine[-1]
    elif last:
        row["next"] = ids[join]


@st.composite
def _rows(draw: st.DrawFn, ids: list[str], number: int) -> Row:
    below = ids[number + 1] if number + 1 < len(ids) else "end"
    pelaksana = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    row: Row = {"id": ids[number], "pelaksana": pelaksana, "together": draw(st.booleans()) and len(pelaksana) > 1}
    if draw(st.booleans()):
        exits = draw(st.lists(st.sampled_from([*ids, "end"]), min_size=1, max_size=2))
        row["branches"] = {"terus": below} | dict(zip(LABELS[1:], exits, strict=False))
        row["kind"] = draw(st.sampled_from(["", "", "choice", "approval"]))
        row["decides"] = draw(st.lists(st.sampled_from(pelaksana), min_size=1, unique=True))
    if draw(st.booleans()):
        row["document"] = {"name": "lembar", "act": draw(st.sampled_from(["draft", "initial", "sign", "receive"]))}
    others = [id for id in ids if id != row["id"]]
    if others and draw(st.integers(0, 3)) == 0:
        row["not_by"] = [draw(st.sampled_from(others))]
    row["wants"] = draw(st.integers(0, 3)) == 0
    row["optional"] = draw(st.sampled_from(["", "", "ya", "{when: bebas == 'ada'}"]))
    return row


def written(rows: list[Row]) -> str:
    """The form as YAML."""
    lines = ["id: uji", "nama: Uji", "pelaksana: {kadis: Kepala Dinas, kabid: Kepala Bidang, tim: Tim}", "documents:"]
    lines += ["  lembar: {template: lembar-hasil.docx, kode: 000.1}", "fields:", "  bebas: {label: Bebas}"]
    lines += [
        f"  isi_{number}: {{label: Isi, required: true, step: {row['id']}}}"
        for number, row in enumerate(rows)
        if row["wants"]
    ]
    lines.append("steps:")
    for row in rows:
        lines.append(f"  - id: {row['id']}")
        lines.append(f"    kegiatan: Mengerjakan {row['id']}")
        lines.append(f"    pelaksana: [{', '.join(row['pelaksana'])}]")
        lines += ["    together: ya"] if row["together"] else []
        for key in ("branches", "document"):
            if key in row:
                inner = ", ".join(f"{name}: {value}" for name, value in row[key].items())
                lines.append(f"    {key}: {{{inner}}}")
        lines += [f"    decides: [{', '.join(row['decides'])}]"] if "decides" in row else []
        lines += [f"    {key}: {row[key]}" for key in ("kind", "next", "optional") if row.get(key)]
        lines += [f"    not_by: [{', '.join(row['not_by'])}]"] if "not_by" in row else []
    return "\n".join(lines) + "\n"


class Naive:
    """A case as somebody would keep it on a slip of paper."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = {row["id"]: row for row in rows}
        self.order = list(self.rows)
        self.status = "running"
        self.visits: list[dict[str, Any]] = []
        self.papers: list[tuple[str, str]] = []
        self.fields: dict[str, str] = {}
        self.writers: set[tuple[str, str]] = set()
        self.acts: list[dict[str, Any]] = []
        self.moved: list[tuple[str, str]] = []
        self.numbered = False
        self.register = 0
        self.backs: list[tuple[str, dict[str, Any]]] = []
        self.open: list[int] = []
        self.here = 0
        self.passed: set[str] = set()
        self.arrive(self.order[0])

    @property
    def visit(self) -> dict[str, Any]:
        return self.visits[self.here]

    @property
    def row(self) -> Row:
        return self.rows[self.visit["step"]]

    def arrive(self, step: str) -> None:
        self.open = [*self.open, len(self.visits)]
        self.visits.append({"step": step, "acted": [], "label": "", "to": "", "outcome": "", "rejected": False})
        self.look_at_first()

    def look_at_first(self) -> None:
        """Have the open row in sight that is first on the form."""
        self.open.sort(key=lambda number: self.order.index(self.visits[number]["step"]))
        self.here = self.open[0] if self.open else len(self.visits) - 1

    def turns(self) -> list[tuple[str, list[str]]]:
        """Whose turn it is at each open row."""
        return [(self.visits[number]["step"], self.turn(number)) for number in self.open] if self.goes_on() else []

    def goes_on(self) -> bool:
        return self.status not in {"completed", "cancelled"}

    def choose(self, step: str, as_: str) -> str:
        """Have the row in sight that somebody means; why it cannot be told."""
        self.look_at_first()
        if self.status != "running":
            return ""
        fits = [one for one, turn in self.turns() if one == step or (not step and (not as_ or as_ in turn))]
        if len(fits) == 1:
            self.here = next(number for number in self.open if self.visits[number]["step"] == fits[0])
        return "several_rows" if len(fits) > 1 else "" if fits else "not_your_turn"

    def parallel(self, one: str, other: str) -> bool:
        """Whether two rows are in different arms."""
        arms = (self.rows[one].get("arm"), self.rows[other].get("arm"))
        return None not in arms and arms[0] != arms[1]

    def turn(self, number: int) -> list[str]:
        """Whose turn it is in an open visit."""
        row = self.rows[self.visits[number]["step"]]
        acted = [who for who, _ in self.visits[number]["acted"]]
        left = [who for who in row["pelaksana"] if who not in acted]
        return left if row["together"] else left[:1]

    def backwards(self, label: str) -> bool:
        to, kind = self.row["branches"][label], self.row["kind"]
        if to != "end":
            return self.order.index(to) <= self.order.index(self.row["id"])
        return kind != "choice" and (label == "tidak" or (kind == "approval" and label != "terus"))

    def fill(self, account: str, name: str, value: str) -> None:
        """Another value than before takes the paraf off a paper that is not signed."""
        if self.fields.get(name) != value:
            self.writers.add((name, PERSONS[account]))
        if self.fields.get(name, value) != value and not self.signed():
            self.acts = [one for one in self.acts if one["act"] != "initial"]
        self.fields[name] = value

    def add(self, account: str, name: str, value: str) -> None:
        """What `set` comes to: the paper is written anew, and the states before one's own moves are filled in too."""
        changed = self.fields.get(name) != value
        self.keep_own(account)
        for _, state in self.backs:
            now, self.__dict__ = self.__dict__, {**self.__dict__, **state}
            self.fill(account, name, value)
            state.update({key: self.__dict__[key] for key in state})
            self.__dict__ = now
        self.fill(account, name, value)
        self.redraft(changed=changed)

    def keep_own(self, account: str) -> None:
        """Only the last moves may be withdrawn that are those of who added something."""
        others = [number for number, (by, _) in enumerate(self.backs, 1) if by != account]
        self.backs = self.backs[others[-1] if others else 0 :]

    def redraft(self, *, changed: bool) -> None:
        """Write a paper anew that is not signed nor handed over: as it counts, else as a draft."""
        if changed and not any(one["act"] in {"sign", "receive"} for one in self.acts):
            counted = {(one["step"], one["act"]) for one in self.acts}
            latest = self.moved[::-1]
            drafted = [one for one in latest if one[1] == "draft"]
            initialled = [(step, "draft") for step, act in latest if act == "initial"]
            self.papers += ([one for one in latest if one in counted] or drafted or initialled)[:1]

    def enter(self, *, signed: bool, numbered: bool) -> None:
        """The register has a line more where a paper with a number lost its signature, or is signed again."""
        self.register += numbered and signed != bool(self.signed())

    def has_done(self, account: str, step: str, given: dict[str, str]) -> bool:
        """Whether the person acted at a step, wrote its field, or writes it now."""
        name = f"isi_{self.order.index(step)}"
        done = [visit for visit in self.visits if visit["step"] == step and visit["outcome"] != "dilewati"]
        acted = {PERSONS[by] for visit in done for _, by in visit["acted"]}
        writes = name in given and given[name] != self.fields.get(name)
        return PERSONS[account] in acted or (name, PERSONS[account]) in self.writers or writes

    def who(self, as_: str, account: str, given: dict[str, str]) -> tuple[str, str]:
        """Why nobody may act, or who does."""
        if self.status != "running":
            return self.status, ""
        turn = self.turn(self.here)
        if as_ and as_ not in turn:
            return "not_your_turn", ""
        if not as_ and len(turn) > 1:
            return "as_needed", ""
        for step in self.row.get("not_by", ()):
            if self.has_done(account, step, given):
                return "not_by", ""
        return "", as_ or turn[0]

    def decides(self, who: str) -> bool:
        return who in self.row.get("decides", ())

    def take(  # noqa: PLR0911 — a list of reasons
        self, how: str, as_: str, account: str, note: str, label: str, given: dict[str, str]
    ) -> str:
        """What approve, reject or decide at the row in sight comes to: empty where it is done."""
        why, who = self.who(as_, account, given)
        if why:
            return why
        chosen = ""
        if how != "approve":
            if "branches" not in self.row:
                return "no_branches"
            if not self.decides(who):
                return "not_the_decider"
        if self.decides(who):
            exits = list(self.row["branches"])
            down = [name for name in exits if self.backwards(name)]
            if (how == "approve" and len(exits) - len(down) > 1 and len(exits) > 2) or (
                how == "reject" and len(down) != 1
            ):
                return "label_needed"
            chosen = {"approve": exits[0], "reject": down[0] if down else "", "decide": label}[how]
            if chosen not in exits:
                return "label"
            if self.backwards(chosen):
                return self.turn_down(who, account, note, chosen, given)
        return self.hand_on(who, account, chosen, given)

    def skip(self, as_: str, account: str, note: str) -> str:  # noqa: PLR0911 — a list of reasons
        """What leaving a row out comes to."""
        why, who = self.who(as_, account, {})
        if why:
            return why
        if not self.row["optional"]:
            return "not_optional"
        if self.visit["acted"]:
            return "already_acted"
        if not self.may_skip():
            return "condition"
        if self.ways_on() > 1:
            return "label_needed"
        if not note:
            return "note_needed"
        self.remember(account, {})
        self.visit["acted"].append((who, account))
        self.passed = set()
        self.pass_by()
        return ""

    def may_skip(self) -> bool:
        """Whether the condition of the row at hand, where it has one, lets it be left out."""
        return self.row["optional"] == "ya" or self.fields.get("bebas") == "ada"

    def ways_on(self) -> int:
        """Among how many branches somebody would have to choose; a pair goes on by the first."""
        exits = [*self.row.get("branches", ())]
        return 1 if len(exits) < 3 else len([label for label in exits if not self.backwards(label)])

    def pass_by(self) -> None:
        """Leave the row at hand, which is left out, as if it had been approved."""
        way, known = next(iter(self.row.get("branches", {}).values()), ""), len(self.visits)
        self.leave(rejected=False, to=way, outcome="dilewati")
        self.skip_unneeded(known)

    def skip_unneeded(self, known: int) -> None:
        """The case passes by the rows that it came to since whose condition says so; in a command by each once."""
        came = [number for number in self.open if number >= known]
        for number in sorted(came, key=lambda number: self.order.index(self.visits[number]["step"])):
            self.here = number
            unneeded = self.row["optional"].startswith("{") and self.may_skip() and self.ways_on() == 1
            if unneeded and self.row["id"] not in self.passed:
                self.passed.add(self.row["id"])
                self.pass_by()

    def turn_down(self, who: str, account: str, note: str, label: str, given: dict[str, str]) -> str:
        if not note:
            return "note_needed"
        signed, changed = bool(self.signed()), any(self.fields.get(name) != given[name] for name in given)
        self.remember(account, given)
        self.visit["acted"].append((who, account))
        self.visit.update(label=label, to=self.row["branches"][label])
        back = [number for number, visit in enumerate(self.visits, 1) if visit["step"] == self.visit["to"]]
        to = self.visit["to"]
        self.acts = [
            one for one in self.acts if not back or one["visit"] < back[-1] or self.beside_row(to, one["step"])
        ]
        self.passed, known = set(), len(self.visits)
        self.leave(rejected=True)
        self.skip_unneeded(known)
        self.redraft(changed=changed)
        self.enter(signed=signed, numbered=self.numbered)
        return ""

    def hand_on(self, who: str, account: str, label: str, given: dict[str, str]) -> str:
        last = len(self.visit["acted"]) + 1 == len(self.row["pelaksana"])
        name = f"isi_{self.order.index(self.row['id'])}"
        if last and self.row["wants"] and name not in self.fields | given:
            return "missing_fields"
        act = self.row.get("document", {}).get("act", "")
        if last and act == "sign" and self.spoilt():
            return "turned_down"
        signed, changed = bool(self.signed()), any(self.fields.get(name) != given[name] for name in given)
        numbered = self.numbered
        self.remember(account, given)
        self.visit["acted"].append((who, account))
        if label:
            self.visit.update(label=label, to=self.row["branches"][label])
        deciders = [one for one in self.row["pelaksana"] if one in self.row.get("decides", ())]
        counted = deciders if act == "initial" else deciders[-1:]
        if act and (who in counted if deciders else last):
            self.count(act)
        if last:
            if act:
                counts = act != "initial" or (self.row["id"], act) in {(one["step"], one["act"]) for one in self.acts}
                self.papers.append((self.row["id"], act if counts else "draft"))
                self.moved.append((self.row["id"], act))
                self.numbered = self.numbered or act == "sign"
            self.passed, known = set(), len(self.visits)
            self.leave(rejected=False)
            self.skip_unneeded(known)
        self.redraft(changed=changed and not (last and act))
        self.enter(signed=signed, numbered=numbered)
        return ""

    def signed(self) -> dict[str, Any] | None:
        """The last signature under the paper."""
        return next((one for one in reversed(self.acts) if one["act"] == "sign"), None)

    def shown(self) -> dict[str, str]:
        """What the paper says."""
        signature = self.signed()
        return dict(signature["text"] if signature else self.fields)

    def count(self, act: str) -> None:
        """Put an act under the paper; a signature leaves those alone that were put under the same text."""
        now = dict(self.fields)
        if act == "draft":
            self.acts = []
        if act == "sign":
            same = [one for one in self.acts if all(now[name] == value for name, value in one["text"].items())]
            self.acts = [one for one in self.acts if one["act"] == "draft" or one in same]
        text = now if act == "sign" else self.shown()
        self.acts.append({"act": act, "step": self.row["id"], "visit": self.here + 1, "text": text})

    def spoilt(self) -> bool:
        """Whether the paper was turned down last, elsewhere, and not worked on since."""
        done = [visit for number, visit in enumerate(self.visits) if number not in self.open]
        for visit in reversed(done):
            if visit["outcome"] == "dilewati":
                continue
            if visit["step"] != self.row["id"] and "document" in self.rows[visit["step"]]:
                return bool(visit["rejected"])
        return False

    def leave(self, *, rejected: bool, to: str = "", outcome: str = "") -> None:
        below = self.order.index(self.row["id"]) + 1
        to = to or self.visit["to"] or self.row.get("next") or (self.order[below] if below < len(self.order) else "end")
        self.visit.update(outcome=outcome or self.visit["label"] or "selesai", rejected=rejected)
        self.open = [number for number in self.open if number != self.here]
        for target in to if isinstance(to, list) else [to]:
            others = [number for number in self.open if not self.beside_row(target, self.visits[number]["step"])]
            if rejected:
                self.open = [number for number in self.open if number not in others]
                for number in others:
                    self.visits[number] = self.visits[number] | {"outcome": "ditarik"}
            if target != "end" and (rejected or not others):
                self.arrive(target)
        if not self.open:
            self.status = "completed"

    def beside_row(self, one: str, other: str) -> bool:
        """Whether both may be worked on at the same time."""
        return "end" not in {one, other} and self.parallel(one, other)

    def remember(self, account: str, given: dict[str, str]) -> None:
        """Where a withdrawal goes back to, before the move and what comes with it; a number stays given."""
        visits = [{**visit, "acted": list(visit["acted"])} for visit in self.visits]
        state = {
            "status": self.status, "open": list(self.open), "visits": visits, "papers": list(self.papers),
            "moved": list(self.moved), "fields": dict(self.fields), "writers": set(self.writers),
            "acts": list(self.acts),
        }  # fmt: skip
        self.backs = [*self.backs[-19:], (account, state)]
        for name, value in given.items():
            self.fill(account, name, value)

    def withdraw(self, account: str, note: str) -> str:
        if not self.backs:
            return "nothing_to_withdraw"
        if self.backs[-1][0] != account:
            return "not_yours"
        if not note:
            return "note_needed"
        signed = bool(self.signed())
        self.__dict__.update(self.backs.pop()[1])
        self.look_at_first()
        self.enter(signed=signed, numbered=self.numbered)
        return ""

    def beside(self, kind: str, account: str, note: str) -> str:
        """What suspend, resume, cancel and note come to."""
        wanted = {"suspend": {"running"}, "resume": {"suspended"}, "cancel": {"running", "suspended"}}
        if kind in wanted and self.status not in wanted[kind]:
            stopped = self.status in {"completed", "cancelled", "suspended"}
            return "not_suspended" if kind == "resume" and not stopped else self.status
        if kind in {"suspend", "cancel"} and not note:
            return "note_needed"
        self.status = {"suspend": "suspended", "resume": "running", "cancel": "cancelled"}.get(kind, self.status)
        if kind == "note":
            self.keep_own(account)
        else:
            self.backs = []
        return ""


class Machine(RuleBasedStateMachine):
    """One case of a random SOP, moved at random."""

    make: Callable[[], "Room"]

    def __init__(self) -> None:
        super().__init__()
        self.room = type(self).make()

    @initialize(rows=forms())
    def open(self, rows: list[Row]) -> None:
        self.room.write(written(rows))
        self.room.say(OFFICIALS)
        self.room.account = ACCOUNTS[0]
        assert self.room.start("uji").id == "uji-1"
        self.naive = Naive(rows)

    @rule(
        how=st.sampled_from(["approve", "approve", "approve", "reject", "decide", "skip"]),
        as_=st.sampled_from(["", "", "", *PEOPLE]),
        account=st.sampled_from(ACCOUNTS),
        note=st.sampled_from(["sebab", "sebab", ""]),
        label=st.sampled_from(LABELS),
        obvious=st.booleans(),
        writes=st.sampled_from(["", "", "", "ada", "lain"]),
        at=st.integers(0, 4),
        row=st.sampled_from([-1, 0, 1]),
    )
    def move(
        self, how: str, as_: str, account: str, note: str, label: str, *, obvious: bool, writes: str, at: int, row: int
    ) -> None:
        turns = self.naive.turns() or [("", [])]
        step, turn = turns[row % len(turns)]
        given = {name: writes for name in self.fields()[at : at + 1] if writes}
        sets = tuple(f"{name}={value}" for name, value in given.items())
        step = step if row >= 0 else ""
        typed = MoveInput(as_=turn[0] if obvious and turn else as_, note=note, sets=sets, step=step)
        self.room.account = account
        commands = {
            "approve": lambda session: moves.approve(session, "uji-1", typed),
            "reject": lambda session: moves.reject(session, "uji-1", typed),
            "decide": lambda session: moves.decide(session, "uji-1", label, typed),
        }
        why = self.naive.choose(step, typed.as_)
        if how == "decide" and label not in self.naive.row.get("branches", {}) and "branches" in self.naive.row:
            return  # a label that is not there is no refusal but a slip of the tongue
        if how == "skip":
            typed = replace(typed, sets=())
            skipped = why or self.naive.skip(typed.as_, account, note)
            self.same(lambda session: moves.skip(session, "uji-1", typed), skipped)
        else:
            self.same(commands[how], why or self.naive.take(how, typed.as_, account, note, label, given))
        self.naive.look_at_first()

    @rule(account=st.sampled_from(ACCOUNTS), note=st.sampled_from(["keliru", "keliru", ""]))
    def withdraw(self, account: str, note: str) -> None:
        self.room.account = account
        self.same(
            lambda session: moves.withdraw(session, "uji-1", MoveInput(note=note)), self.naive.withdraw(account, note)
        )

    @precondition(lambda self: self.naive.status not in {"completed", "cancelled"})
    @rule(
        account=st.sampled_from(ACCOUNTS),
        value=st.sampled_from(["ada", "lain"]),
        here=st.booleans(),
        at=st.integers(0, 5),
    )
    def fill(self, account: str, value: str, at: int, *, here: bool) -> None:
        wanted = f"isi_{self.naive.order.index(self.naive.row['id'])}"
        names = [*self.fields(), "bebas"]
        name = wanted if here and wanted in names else names[at % len(names)]
        self.room.account = account
        self.naive.add(account, name, value)
        self.same(lambda session: moves.fill(session, "uji-1", MoveInput(sets=(f"{name}={value}",))), "")

    def fields(self) -> list[str]:
        """The fields that rows ask for."""
        return [f"isi_{number}" for number, row in enumerate(self.naive.rows.values()) if row["wants"]]

    @rule(
        kind=st.sampled_from(["note", "note", "suspend", "resume", "resume", "cancel"]), note=st.sampled_from(["x", ""])
    )
    def beside(self, kind: str, note: str) -> None:
        if kind == "cancel" and len(self.naive.visits) < 4:
            return  # not at once: a cancelled case has few stories to tell
        commands = {"note": moves.note, "suspend": moves.suspend, "resume": moves.resume, "cancel": moves.cancel}
        expected = self.naive.beside(kind, self.room.account, note)
        self.same(lambda session: commands[kind](session, "uji-1", MoveInput(note=note)), expected)

    def same(self, command: Callable[[Any], Outcome | Refused], expected: str) -> None:
        before = self.room.record()
        answer = self.room.ask(command)
        assert (answer.reason if isinstance(answer, Refused) else "") == expected
        if isinstance(answer, Refused):
            assert self.room.record() == before
        else:
            verified = verify(self.room.session().record, None)
            assert (verified.findings, verified.notices) == ((), ())

    @invariant()
    def both_agree(self) -> None:
        naive, case = self.naive, self.room.session().record.load_case("uji-1")
        state = case.state
        rows = [(row.step, list(row.turn)) for row in state.rows if row.step]
        assert (state.status, rows) == (naive.status, naive.turns())
        assert [(one.step, one.rejected) for one in state.visits] == [
            (one["step"], one["rejected"]) for one in naive.visits
        ]
        outcomes = [one.outcome for one in state.visits if one.outcome not in {"", "dibatalkan"}]
        assert outcomes == [one["outcome"] for one in naive.visits if one["outcome"]]
        assert [(one.step, one.act) for one in state.documents] == naive.papers
        assert [(one.act, one.step) for one in state.signings.get("lembar", ())] == [
            (one["act"], one["step"]) for one in naive.acts
        ]
        assert document_text(state, "lembar").fields == naive.shown()
        assert len(list(self.room.session().record.whole_store.read_register())) == naive.numbered + naive.register + (
            naive.numbered and naive.status == "cancelled"
        )
        assert fold(case.sop, case.instance.events) == state

    def teardown(self) -> None:
        shutil.rmtree(self.room.root)


def test_the_desk_and_a_naive_model_agree(seed: Path, rooms: "type[Room]", tmp_path: Path) -> None:
    def make() -> "Room":
        return rooms(shutil.copytree(seed, Path(mkdtemp(dir=tmp_path)) / "kantor"))

    machine = type("Office", (Machine,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
