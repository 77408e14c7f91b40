"""Reads one row of a BPMN process: what its task says, and where it leads."""

from collections.abc import Sequence
from typing import get_args

from lxml.etree import _Element as Element  # type: ignore[import-untyped]
from msgspec import Struct

from sopctl.importing.bpmn_process import UNLABELLED, BpmnWay, SeenProcess
from sopctl.importing.bpmn_xml import (
    BPMN,
    FOREIGN_TASKS,
    UNNAMED,
    clean_text,
    find_extension,
    find_kind,
    list_extension_texts,
    read_row_key,
)
from sopctl.sop.draft import DraftRow, write_scalar
from sopctl.sop.formats import id_complaint
from sopctl.sop.model import StepKind
from sopctl.sop.unconfirmed import write_remark

_LOOPS = {"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"}

_Exits = tuple[tuple[str, int | None], ...]
"""Labels and the rows to which they lead, counted from 1; None ends the case."""


class _Onward(Struct, frozen=True):
    """Where a row leads: its branches, or the rows that follow (none for the one below), and who decides."""

    exits: _Exits = ()
    next: tuple[int, ...] = ()
    decides: tuple[tuple[int, _Exits], ...] = ()


class BpmnRow:
    """A row of a process: its number, from 1, and its tasks, one for each time that somebody acts."""

    def __init__(self, process: SeenProcess, number: int) -> None:
        self.process, self.number, self.tasks = process, number, process.rows[number - 1]
        self.together = read_row_key(self.tasks[0], "bersama") == "ya"
        self.marks: list[tuple[str, str]] = []

    def read(self) -> DraftRow:
        """The row; what an SOP cannot say of it is marked."""
        main = self.tasks[0]
        row = find_extension(main, "langkah")
        for task in self.tasks:
            self._mark_task(task)
        onward = self._read_onward()
        kelengkapan, outputs = self._read_kelengkapan_and_output(main)
        kind = read_row_key(main, "jenis")
        return DraftRow(
            id=read_row_key(main, "id"),
            no=None if row is None else clean_text(row.get("no")),
            kegiatan=clean_text(main.get("name")) or clean_text(main.get("id")) or UNNAMED,
            pelaksana=tuple(dict.fromkeys(self.process.find_lane(task) or 1 for task in self.tasks)),
            together=self.together,
            optional=main in self.process.skips.values(),
            kind=kind if onward.exits and kind in get_args(StepKind) else "",
            kelengkapan=tuple(kelengkapan),
            output=outputs[0] if outputs else "",
            more_output=tuple(outputs[1:]),
            waktu=", ".join(list_extension_texts(main, "waktu")),
            keterangan=", ".join(list_extension_texts(main, "keterangan")),
            sop=self._read_call(),
            exits=onward.exits,
            next=onward.next,
            decides=onward.decides,
            marks=tuple(self.marks),
        )

    def _mark(self, key: str, why: str) -> None:
        self.marks.append((key, write_remark(key, why)))

    def _mark_task(self, task: Element) -> None:
        """Mark what is doubtful of a task by itself."""
        if kind := FOREIGN_TASKS.get(find_kind(task)):
            self._mark("kegiatan", f"pada BPMN ini {kind}")
        if not clean_text(task.get("name")):
            self._mark("kegiatan", "kegiatan ini tidak bernama")
        if any(find_kind(one) in _LOOPS for one in task):
            self._mark("kegiatan", "pada BPMN kegiatan ini berulang")
        if self.process.lanes and self.process.find_lane(task) is None:
            self._mark("pelaksana", "kegiatan ini tidak berada pada jalur mana pun")

    def _read_kelengkapan_and_output(self, task: Element) -> tuple[list[str], list[str]]:
        """Kelengkapan and outputs of a row: as sopctl wrote them, else the data objects of its task."""
        if find_extension(task, "langkah") is not None:
            return list_extension_texts(task, "kelengkapan"), list_extension_texts(task, "output")
        return self._list_data_objects(task, "Input", "sourceRef"), self._list_data_objects(task, "Output", "targetRef")

    def _list_data_objects(self, task: Element, way: str, ref: str) -> list[str]:
        """The names of the data objects that a task takes in or puts out."""
        refs = task.iterfind(f"{BPMN}data{way}Association/{BPMN}{ref}")
        found = (self.process.nodes.get(clean_text(one.text)) for one in refs)
        return [name for one in found if one is not None and (name := clean_text(one.get("name")))]

    def _read_call(self) -> str:
        """The SOP that a row calls, as YAML; marked where it cannot be one."""
        task = next((one for one in self.tasks if one.get("calledElement")), self.tasks[0])
        called = clean_text(task.get("calledElement"))
        called = (called.partition(":")[2] or called).removeprefix("sop.")
        if not called:
            return ""
        if id_complaint(called):
            self._mark("sop", f"memanggil proses '{called}', yang bukan id SOP")
            return ""
        written = write_scalar(called, flow=True)
        return f"{{id: {written}, optional: ya}}" if read_row_key(task, "panggilan") == "boleh" else written

    def _read_onward(self) -> _Onward:
        """Where the row leads; what an SOP cannot say is marked."""
        ways = self.process.follow(self.tasks[-1])
        forked, last = [way for way in ways if way.forked], len(self.process.rows)
        exits = self._name_exits([way for way in ways if way.labels])
        plain = self._list_targets([way for way in ways if not way.labels])
        if any(way.labels for way in forked) or (exits and plain):
            self._mark("branches", "cabang dan kegiatan serentak bercampur; periksa ke mana baris ini menuju")
        if len(exits) == 1:
            plain, exits = list(dict.fromkeys((*plain, exits[0][1]))), ()
        if len(plain) > 1 and not forked:
            self._mark("next", "beberapa aliran keluar tanpa gerbang; dibaca sebagai serentak")
        decides = self._read_deciders(exits, exits[0][1] if exits else (plain or [None])[0])
        if decides and all(len(own) > 1 for _, own in decides):
            return _Onward(decides[-1][1], decides=decides)
        if exits:
            return _Onward(exits)
        if not plain:
            self._mark("next", "tidak ada aliran yang keluar dari kegiatan ini")
        following = tuple(to or last + 1 for to in plain or [None])
        return _Onward(next=() if following == (self.number + 1,) else following)

    def _list_targets(self, ways: Sequence[BpmnWay]) -> list[int | None]:
        """The rows to which some ways lead, each once; None is the end."""
        return list(dict.fromkeys(self.process.row_of.get(way.to) for way in ways))

    def _read_deciders(self, exits: _Exits, onward: int | None) -> tuple[tuple[int, _Exits], ...]:
        """Who of several decides, each with its exits.

        ``exits`` are those behind the last task, ``onward`` is where the row leads once everybody agreed.
        """
        deciding = [at for at, task in enumerate(self.tasks) if read_row_key(task, "memutuskan")]
        if len(self.tasks) == 1 or not deciding:
            return ()
        apart = any(read_row_key(self.tasks[at], "memutuskan") == "sendiri" for at in deciding)
        if self.together and apart:
            self._mark("branches", "masing-masing memutuskan dengan cabangnya sendiri, yang di sini bercampur")
        if self.together:
            held = [exits] * len(deciding)
        elif apart:
            held = [self._join_exits(at, exits, onward) for at in deciding]
        else:
            held = [self._join_exits(deciding[-1], exits, onward)] * len(deciding)
        lanes = [self.process.find_lane(self.tasks[at]) or 1 for at in deciding]
        return tuple(zip(lanes, held, strict=True))

    def _join_exits(self, at: int, exits: _Exits, onward: int | None) -> _Exits:
        """The exits of one who decides: forward as the next in the row, or as the row leads on, and back."""
        later = self.tasks[at + 1 :]
        if not later:
            return exits
        ids = {task.get("id") for task in later}
        ways = [way for way in self.process.follow(self.tasks[at]) if way.labels]
        back = self._name_exits([way for way in ways if way.to not in ids])
        if exits and not any(read_row_key(task, "memutuskan") for task in later):
            return (*exits, *back)
        return (*((", ".join(way.labels), onward) for way in ways if way.to in ids), *back)

    def _name_exits(self, ways: Sequence[BpmnWay]) -> _Exits:
        """The branches that some ways are, each under a label of its own."""
        exits: dict[str, int | None] = {}
        for way in ways:
            label, to = ", ".join(way.labels), self.process.row_of.get(way.to)
            if any(part.startswith(UNLABELLED) for part in way.labels):
                self._mark("branches", f"cabang tanpa label disebut '{label}'")
            if label in exits and exits[label] != to:
                self._mark("branches", f"cabang '{label}' menuju lebih dari satu tempat")
                label = f"{label} ({len(exits) + 1})"
            exits[label] = to
        return tuple(exits.items())
