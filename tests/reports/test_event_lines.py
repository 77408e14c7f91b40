"""The record as JSON Lines, and as XES, where rows are worked on at the same time."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sopctl.desk.move_input import MoveInput
from sopctl.desk.report import publish
from sopctl.errors import NotFoundError
from sopctl.measure.query import Query
from sopctl.reports.event_lines import EventLogLine

Room = Any  # the class stands in a conftest

FORKED = """
id: serentak
nama: Serentak
pelaksana: {a: Petugas, b: Kepala Bidang}
steps:
  - {id: bagi, kegiatan: Membagi, pelaksana: a, next: [kiri, kanan]}
  - {id: kiri, kegiatan: Kiri, pelaksana: a, waktu: 5 menit, next: temu}
  - {id: kanan, kegiatan: Kanan, pelaksana: b}
  - {id: temu, kegiatan: Bertemu, pelaksana: b}
"""


def publish_forked(room: Room, workspace: Path, tmp_path: Path) -> dict[str, Path]:
    """The events of a case that went both arms of a fork, in both formats."""
    (workspace / "sops" / "serentak.yaml").write_text(FORKED)
    room.start("serentak", 'Uji "dua" baris')
    for step in ("bagi", "kanan", "kiri", "temu"):
        room.approve("serentak-1", MoveInput(step=step))
    files = {kind: tmp_path / f"kejadian.{kind}" for kind in ("xes", "jsonl")}
    assert publish(room.session(looking=True), Query(), files) == ()
    return files


def test_rows_at_the_same_time_are_events_of_one_case_in_both_formats(
    room: Room, workspace: Path, tmp_path: Path
) -> None:
    files = publish_forked(room, workspace, tmp_path)
    lines = [json.loads(line) for line in files["jsonl"].read_text(encoding="utf-8").splitlines()]
    assert [tuple(line) for line in lines] == [EventLogLine.__struct_fields__] * len(lines)
    assert {line["schema"] for line in lines} == {1}
    assert {line["subject"] for line in lines} == {'Uji "dua" baris'}
    told = [(line["activity"].partition(": ")[2], line["transition"]) for line in lines]
    assert sorted(told) == sorted(
        (step, transition) for step in ("bagi", "kiri", "kanan", "temu") for transition in ("assign", "complete")
    )
    assert max(map(told.index, [("kiri", "assign"), ("kanan", "assign")])) < told.index(("temu", "assign"))
    assert [line["standard_minutes"] for line in lines if line["standard_minutes"]] == [5]
    trace = ET.parse(files["xes"]).getroot().find("{*}trace")  # noqa: S314 — our own file
    assert trace is not None
    same = [
        tuple(event.find(f"{{*}}*[@key='{key}']").get("value") for key in ("concept:name", "lifecycle:transition"))  # type: ignore[union-attr]
        for event in trace.iterfind("{*}event")
    ]
    assert same == [(line["activity"], line["transition"]) for line in lines]


@pytest.mark.parametrize("kind", ["xes", "jsonl"])
def test_an_sop_that_never_was_gives_no_empty_log(room: Room, workspace: Path, tmp_path: Path, kind: str) -> None:
    publish_forked(room, workspace, tmp_path)
    (workspace / "sops" / "serentak.yaml").unlink()
    session, path = room.session(looking=True), tmp_path / f"lagi.{kind}"
    with pytest.raises(NotFoundError, match="Tidak ada SOP 'sk-tm'; mungkin maksudnya \"sk-tim\""):
        publish(session, Query(sop="sk-tm"), {kind: path})
    assert not path.exists()
    publish(session, Query(sop="serentak"), {kind: path})  # its file is gone, its cases are not
    assert path.stat().st_size
