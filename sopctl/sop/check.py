"""What an SOP says that cannot be run (errors) or is worth a second look (notes).

Every pass takes the SOP and the names of the SOPs beside it and yields problems. Real SOPs are full of small defects,
so a note stands once for all rows it concerns, at the first of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from sopctl.notation.faults import listed, quoted, sort_problems
from sopctl.notation.nearest import suggestion
from sopctl.problems import Problem, Source
from sopctl.sop.conditions import evaluate_condition, list_condition_fields
from sopctl.sop.graph import build_step_graph, find_reachable, find_terminating
from sopctl.sop.model import FieldType, Sop, Step, StepDocument
from sopctl.sop.wording import find_similar_name, find_unwritten_kind, is_same_name, mentions_rejection, normalize_name

SopNames = Mapping[str, str]
"""The nama of every SOP in the workspace under its id."""

_SHOWN = 6

_PAIR = 2
"""Exits among which the end of a called SOP finds its way: it takes the first."""

_SAMPLES: dict[FieldType, object] = {
    "text": "teks", "choice": "teks", "date": "2026-11-24", "number": 7.31, "list": ["teks"], "table": [{}],
}  # fmt: skip
"""A value of each type of field."""

_MOST_PARAF = 3
"""Initials in the line of the signer that a letter shows."""

_LOOKED_AT = 200
"""How many kelengkapan are compared with the outputs: many times what a form holds, and still quick."""


def check_sop(sop: Sop, known: SopNames) -> tuple[Problem, ...]:
    """Everything to be said about an SOP that was read without mistakes, in order of place."""
    return sort_problems([problem for look in _PASSES for problem in look(sop, known)])


def _note(source: Source, code: str, message: str) -> Problem:
    return Problem(source, code, message, severity="note")


def _rows(steps: list[Step]) -> str:
    """The ids of steps as a message names them: the first few and how many more."""
    names = ", ".join(step.id for step in islice(steps, _SHOWN))
    return names if len(steps) <= _SHOWN else f"{names} dan {len(steps) - _SHOWN} lagi"


def _unreachable(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    found = find_reachable(build_step_graph(sop), sop.start)
    for step in sop.steps:
        if step.id not in found:
            message = (
                f"Langkah {quoted(step.id)} tidak pernah tercapai. Arahkan next atau branches ke sana, atau hapus."
            )
            yield Problem(step.source, "unreachable", message)


def _endless(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    graph = build_step_graph(sop)
    stuck = find_reachable(graph, sop.start) - find_terminating(graph)
    steps = [step for step in sop.steps if step.id in stuck]
    if steps:
        message = (
            f"Dari langkah {_rows(steps)} akhir tidak dapat dicapai. Tambahkan next: end, atau cabang yang keluar."
        )
        yield Problem(steps[0].source, "endless", message)


def _conditions(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    for step in sop.steps:
        for branch in step.branches:
            if branch.when is not None:
                yield from _unknown_names(sop, step, branch.label, branch.when)


def _unknown_names(sop: Sop, step: Step, label: str, when: str) -> Iterator[Problem]:
    for name in list_condition_fields(when):
        if name not in sop.fields:
            hint = suggestion(name, sop.fields) or "; tulis isian itu di fields"
            message = f"Syarat cabang {quoted(label)} memakai isian {quoted(name)} yang tidak ada{hint}."
            yield Problem(step.source, "condition", message)


def _incomparable(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    """Conditions that compare what cannot be compared, such as a text with a number: tried on a value of each type."""
    samples = {name: _SAMPLES[field.type] for name, field in sop.fields.items()}
    for step in sop.steps:
        for branch in step.branches:
            if branch.when is not None and all(name in sop.fields for name in list_condition_fields(branch.when)):
                answer = evaluate_condition(branch.when, samples)
                if isinstance(answer, str):
                    yield Problem(step.source, "condition", answer)


def _gap_between_conditions(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    for step in sop.steps:
        if step.branches and all(branch.when is not None for branch in step.branches):
            message = "Semua cabang bersyarat. Bila tidak satu pun terpenuhi, berkas berhenti di sini."
            yield _note(step.source, "branches", message)


def _back_first(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    """The exit that `approve` takes should not be the one that hands the work back."""
    for step in sop.steps:
        if len(step.branches) > 1 and sop.rejects(step, step.branches[0]):
            label = quoted(step.branches[0].label)
            message = f"Cabang pertama {label} kembali ke atas, padahal approve mengambilnya. Tulis jalan maju dahulu."
            yield _note(step.source, "branches", message)


def _calls(sop: Sop, known: SopNames) -> Iterator[Problem]:
    for step in sop.steps:
        if step.sop is None:
            continue
        if step.sop.sop == sop.id:
            yield Problem(step.source, "call", f"Langkah {quoted(step.id)} memanggil SOP ini sendiri. Sebut SOP lain.")
        elif step.sop.sop not in known:
            others = [id for id in known if id != sop.id]
            message = f"SOP {quoted(step.sop.sop)} tidak ada di sini{suggestion(step.sop.sop, others)}."
            yield Problem(step.source, "call", message, severity="note" if step.sop.optional else "error")
        if len(step.branches) > _PAIR and all(branch.when is None for branch in step.branches):
            message = (
                f"Langkah {quoted(step.id)} dikerjakan SOP lain, yang tidak dapat memilih di antara "
                f"{len(step.branches)} cabang. Beri cabangnya syarat (when), atau pindahkan keputusannya ke langkah "
                f"berikut."
            )
            yield Problem(step.source, "call", message)


def _unused_pelaksana(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    used = {key for step in sop.steps for key in step.pelaksana}
    idle = [nama for key, nama in sop.pelaksana.items() if key not in used]
    if idle:
        message = f"Pelaksana {listed(idle, 'dan')} tidak bertindak. Sebut pada langkahnya, atau hapus."
        yield _note(sop.source, "unused", message)


def _unused_documents(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    used = {step.document.name for step in sop.steps if step.document}
    for name, document in sop.documents.items():
        if name not in used:
            yield _note(
                document.source,
                "unused",
                f"Dokumen {quoted(name)} tidak ditulis langkah mana pun. Sebut pada document langkahnya, atau hapus.",
            )


def _crowded_initials(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    """A letter is initialled by at most three in the line of its signer; those of other units stand apart."""
    for name, document in sop.documents.items():
        paraf = StepDocument(name, "initial")  # without koordinasi
        own = [step for step in sop.steps if step.document == paraf]
        if len(own) > _MOST_PARAF:
            message = (
                f"Dokumen {quoted(name)} diparaf pada {len(own)} langkah ({_rows(own)}); pada surat tercetak tiga yang "
                "terakhir. Beri `koordinasi: ya` pada paraf unit kerja lain."
            )
            yield _note(document.source, "paraf", message)


def _silent_branches(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    for step in sop.steps:
        if not step.branches and mentions_rejection(step.kegiatan):
            message = "Kegiatan menyebut pekerjaan yang dikembalikan. Tulis branches dengan label dan tujuannya."
            yield _note(step.source, "branches", message)


def _unproduced(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    """Items that look like an output of this SOP but are none of an earlier row; materials are nobody's output."""
    outputs = {normalize_name(step.output): step.output for step in sop.steps if step.output}
    made: set[str] = set()
    lacking: dict[str, list[Step]] = {}
    for step in sop.steps:
        for item in step.kelengkapan:
            if not item.evidence and normalize_name(item.nama) not in made:
                lacking.setdefault(item.nama, []).append(step)
        made.add(normalize_name(step.output))
    for nama, steps in islice(lacking.items(), _LOOKED_AT):
        hint = _near_output(nama, outputs)
        if hint is not None:
            where = f" (langkah {_rows(steps)})" if len(steps) > 1 else ""
            message = f"Kelengkapan {quoted(nama)}{where} tidak dihasilkan langkah sebelumnya{hint}."
            yield _note(steps[0].source, "kelengkapan", message)


def _near_output(nama: str, outputs: Mapping[str, str]) -> str | None:
    if normalize_name(nama) in outputs:
        return ""
    near = find_similar_name(nama, outputs.values())
    return None if near is None else f"; mungkin maksudnya output {quoted(near)}"


def _without_waktu(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    steps = [step for step in sop.steps if step.waktu.maximum is None]
    if steps:
        yield _note(steps[0].source, "waktu", f"Tanpa standar waktu: langkah {_rows(steps)}.")


def _without_output(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    steps = [step for step in sop.steps if not step.output]
    if steps:
        yield _note(steps[0].source, "output", f"Tanpa output: langkah {_rows(steps)}.")


def _numbers(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    bare = [step for step in sop.steps if step.no is None]
    if bare:
        yield _note(bare[0].source, "no", f"Tanpa nomor: langkah {_rows(bare)}.")
    counted = Counter(step.no for step in sop.steps if step.no is not None)
    for step in sop.steps:
        if step.no is not None and counted.pop(step.no, 0) > 1:
            yield _note(step.source, "no", f"Nomor {step.no} tercetak lebih dari satu kali.")
    if not bare:
        yield from _gaps(sop)


def _gaps(sop: Sop) -> Iterator[Problem]:
    before = 0
    for step in sop.steps:
        if isinstance(step.no, int):
            if step.no > before + 1:
                gap = str(before + 1) if step.no == before + 2 else f"{before + 1}-{step.no - 1}"
                yield _note(step.source, "no", f"Nomor {gap} tidak ada pada formulir.")
            before = step.no


def _title(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    outputs = [step.output for step in sop.steps]
    kind = find_unwritten_kind(sop.nama, [*outputs, *(document.judul or "" for document in sop.documents.values())])
    if kind is not None:
        yield _note(sop.source, "title", f"Nama SOP menyebut {kind}, tetapi tidak ada langkah yang menghasilkannya.")


def _keterkaitan(sop: Sop, known: SopNames) -> Iterator[Problem]:
    names = [nama for id, nama in known.items() if id != sop.id]
    absent = [item for item in sop.identitas.keterkaitan if not any(is_same_name(item, nama) for nama in names)]
    if absent:
        yield _note(
            sop.source, "keterkaitan", f"Keterkaitan menyebut SOP yang tidak ada di sini: {listed(absent, 'dan')}."
        )


def _dates(sop: Sop, _known: SopNames) -> Iterator[Problem]:
    made, valid = sop.identitas.tanggal_pembuatan, sop.identitas.tanggal_efektif
    if made and valid and valid < made:
        yield _note(sop.source, "tanggal", f"Tanggal efektif {valid} lebih awal daripada tanggal pembuatan {made}.")


_PASSES: tuple[Callable[[Sop, SopNames], Iterator[Problem]], ...] = (
    _unreachable,
    _endless,
    _conditions,
    _incomparable,
    _gap_between_conditions,
    _back_first,
    _calls,
    _unused_pelaksana,
    _unused_documents,
    _crowded_initials,
    _silent_branches,
    _unproduced,
    _without_waktu,
    _without_output,
    _numbers,
    _title,
    _keterkaitan,
    _dates,
)
