"""One case over Lebaran 2026, computed by hand and by the tool.

The office works from 07.30 to 16.00 with a break from 12.00 to 13.00, and in Ramadan (until 20 March) from 08.00 to
15.00 with a break from 12.00 to 12.30. Wednesday 18 March (cuti bersama) to Tuesday 24 March are off.

    Tue 17 March  13.50 started
                  13.55 perintah                          5
                  14.10 teruskan                         15   late: 5 were allowed
    Wed 25 March  08.00 susun      14.10-15.00  50
                                   07.30-08.00  30       80   late: 25
                  08.20 periksa    turned down           20   late: 15
                  12.10 susun      08.20-12.00          220   late, and rework
                  13.05 periksa    13.00-13.05            5   rework
                  13.10 tandatangan                       5
                  13.15 serahkan                          5   just within
                  13.20 laksanakan                        5   just within
                  in all  70 on 17 March, 270 + 20 on 25 March = 360 of 70
"""

from typing import Any

from sopctl.desk import moves, start
from sopctl.desk import report as reporting
from sopctl.desk.move_input import MoveInput
from sopctl.engine.refused import Refused
from sopctl.measure.query import Query

MOVES = (
    ("2026-03-17 13:55", "approve"),
    ("2026-03-17 14:10", "approve"),
    ("2026-03-25 08:00", "approve"),
    ("2026-03-25 08:20", "reject"),
    ("2026-03-25 12:10", "approve"),
    ("2026-03-25 13:05", "approve"),
    ("2026-03-25 13:10", "approve"),
    ("2026-03-25 13:15", "approve"),
    ("2026-03-25 13:20", "approve"),
)


def test_the_tool_counts_as_the_hand_does(room: Any) -> None:  # noqa: ANN401 — the class stands in a conftest
    begun = start.start(room.session(), "sk-tim", start.StartInput(subject="Lebaran"), MoveInput(at="2026-03-17 13:50"))
    assert not isinstance(begun, Refused)
    for at, move in MOVES:
        fields = ("tugas=satu", "anggota=satu") if at.endswith(("08:00", "12:10")) else ()
        typed = MoveInput(at=at, note="perbaiki", sets=fields)
        answer = getattr(moves, move)(room.session(), "sk-tim-1", typed)
        assert not isinstance(answer, Refused), answer
    found = reporting.report_one(room.session().record, "sk-tim-1")
    assert [visit.elapsed_minutes for visit in found.visits] == [5, 15, 80, 20, 220, 5, 5, 5, 5]
    assert (found.elapsed_minutes, found.standard_minutes, found.ratio) == (360, 70, 5.1429)
    assert (found.rework, found.rework_minutes, found.typed_later) == (2, 225, 1)
    rows = {row.step: row for row in reporting.report(room.session(looking=True), Query()).figures.rows}
    assert {step: row.within_standard for step, row in rows.items()} == {
        "perintah": 1, "teruskan": 0, "susun": 0, "periksa": 0.5, "tandatangan": 1, "serahkan": 1, "laksanakan": 1,
    }  # fmt: skip
