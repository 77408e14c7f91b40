"""A new SOP is written as YAML that says what was told, whatever signs the answers hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.desk.new_sop import accept_text
from sopctl.notation.compose import UNPRINTABLE
from sopctl.problems import errors_of
from sopctl.sop.check import check_sop
from sopctl.sop.decode import read_sop
from sopctl.sop.draft import DraftRow, SopDraft, insert_row, propose_id, remove_row, write_sop
from sopctl.sop.durations import parse_waktu
from sopctl.sop.model import END

HOSTILE = (
    "null", "~", "yes", "007", "1.10", "8:00", "- a", "a: b", "a #b", "#", "'", "''", '"', '\\"', "{a: 1}", "[a, b]",
    "&a", "*a", "!a", "%a", "@a", "`a`", "|", ">", "? a", "---", "...", "a:", ":a", "end", "con", "{nama}", "{{ x }}",
    "a, b", "é", "日本", "a\u00a0b", "😀", "a]", "<<", "=", "a\\n",
)  # fmt: skip
TEXT = (
    (st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    .filter(lambda text: not UNPRINTABLE.search(" ".join(text.split())))
    .map(accept_text)
)
SOME = TEXT.filter(bool)
WAKTU = TEXT.filter(lambda text: not isinstance(parse_waktu(text), str))


@st.composite
def drafts(draw: st.DrawFn) -> SopDraft:
    pelaksana = draw(st.lists(SOME, min_size=1, max_size=4, unique=True))
    count = draw(st.integers(1, 5))
    actors = st.lists(st.integers(1, len(pelaksana)), min_size=1, unique=True).map(tuple)
    rows = [
        DraftRow(
            kegiatan=draw(SOME),
            pelaksana=draw(actors),
            waktu=draw(st.sampled_from(("15 Menit", "1-2 hari kerja", "±15 menit", "1 x 24 jam")) | WAKTU),
            output=draw(TEXT),
            back_to=draw(st.none() | st.integers(1, number)),
        )
        for number in range(1, count + 1)
    ]
    nama = draw(SOME)
    return SopDraft(id=propose_id(nama, (), "sop-baru"), nama=nama, pelaksana=tuple(pelaksana), rows=tuple(rows))


@given(drafts())
def test_a_draft_is_read_back_as_it_was_told(draft: SopDraft) -> None:
    sop, problems = read_sop(write_sop(draft).encode(), f"sops/{draft.id}.yaml")
    assert sop is not None, [str(one) for one in problems]
    assert errors_of((*problems, *check_sop(sop, {}))) == ()
    assert (sop.id, sop.nama, tuple(sop.pelaksana.values())) == (draft.id, draft.nama, draft.pelaksana)
    keys, rows = list(sop.pelaksana), {step.id: number for number, step in enumerate(sop.steps, 1)}
    for number, (step, row) in enumerate(zip(sop.steps, draft.rows, strict=True), 1):
        assert (step.no, step.kegiatan, step.output_name, step.waktu.text) == (
            number,
            row.kegiatan,
            row.output,
            row.waktu,
        )
        assert step.pelaksana == tuple(keys[one - 1] for one in row.pelaksana)
        targets = [rows.get(branch.to, branch.to) for branch in step.branches]
        on = number + 1 if number < len(draft.rows) else END
        assert targets == ([] if row.back_to is None else [on, row.back_to])


@pytest.mark.parametrize(
    ("text", "taken", "id"),
    [
        pytest.param("Peminjaman Ruang Rapat", (), "peminjaman-ruang-rapat", id="words"),
        pytest.param("  SOP: Izin/Cuti  ", (), "sop-izin-cuti", id="signs"),
        pytest.param("Izin", ("izin", "izin-2"), "izin-3", id="taken"),
        pytest.param("日本", (), "baru", id="no-letter"),
        pytest.param("Con", (), "baru-con", id="no-file-on-windows"),
        pytest.param("Kata " * 20, (), "kata-kata-kata-kata-kata-kata-kata-kata-kata", id="long"),
    ],
)
def test_an_id_is_proposed_from_the_title(text: str, taken: tuple[str, ...], id: str) -> None:
    assert propose_id(text, taken, "baru") == id


def test_who_hands_back_to_a_row_hands_back_to_the_same_one_when_rows_come_and_go() -> None:
    rows = tuple(DraftRow(kegiatan=name, pelaksana=(1,), back_to=to) for name, to in (("a", None), ("b", 1), ("c", 2)))
    more = insert_row(rows, 2, DraftRow(kegiatan="x", pelaksana=(1,)))
    assert [(row.kegiatan, row.back_to) for row in more] == [("a", None), ("x", None), ("b", 1), ("c", 3)]
    assert remove_row(more, 2) == rows
    assert [(row.kegiatan, row.back_to) for row in remove_row(rows, 2)] == [("a", None), ("c", None)]
