"""What in an SOP cannot be run (errors) or is worth a second look (notes), each with its weight.

Every pass takes the SOP and yields problems; two also take the names of the other SOPs. Real SOPs are full of small
defects: there is one note for all rows it concerns, at the first of them, and what nobody needs to mend is a remark.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain, combinations, islice

from msgspec.structs import astuple

from sopctl.notation.faults import listed, quoted, sort_problems
from sopctl.notation.nearest import suggestion
from sopctl.problems import Problem, errors_of, note
from sopctl.sop.conditions import evaluate_condition, list_condition_fields
from sopctl.sop.forks import Fork, Meeting
from sopctl.sop.graph import find_leading, find_reachable
from sopctl.sop.model import ACTS, END, MOST_PARAF, PAIR, FieldType, Sop, Step, StepDocument
from sopctl.sop.wording import (
    find_similar_name,
    find_unwritten_kind,
    is_nearly_same_name,
    is_same_name,
    mentions_rejection,
    normalize_name,
)

SopNames = Mapping[str, str]
"""The nama of every SOP in the workspace under its id."""

_SHOWN = 6

_SAMPLES: dict[FieldType, object] = {
    "text": "teks", "choice": "teks", "date": "2026-11-24", "nip": "198001012005011001", "number": 7.31, "money": 7.31,
    "list": ["teks"], "table": [{}],
}  # fmt: skip
"""A value of each type of field."""

_NUMBER = re.compile(r"\d{1,2}[.)]\s")

_LOOKED_AT = 200
"""How many kelengkapan are compared with the outputs: many times what a form holds, and still quick."""


def check_sop(sop: Sop, known: SopNames) -> tuple[Problem, ...]:
    """All problems of an SOP that was read without mistakes, in order of place."""
    notes = [problem for look in _NOTES for problem in look(sop)]
    return sort_problems([*_list_errors(sop), *_calls(sop, known), *notes, *_keterkaitan(sop, known)])


def find_sop_errors(sop: Sop, ids: Collection[str]) -> tuple[Problem, ...]:
    """What stops a start of an SOP that was read without mistakes; ``ids`` are those of the SOPs in the workspace."""
    return errors_of(sort_problems([*_list_errors(sop), *_calls(sop, ids)]))


def _list_errors(sop: Sop) -> tuple[Problem, ...]:
    return (*_unreachable(sop), *_endless(sop), *_forks(sop), *_conditions(sop))


def _join_ids(steps: list[Step]) -> str:
    """The ids of steps as a message names them: the first few and how many more."""
    names = ", ".join(step.id for step in islice(steps, _SHOWN))
    return names if len(steps) <= _SHOWN else f"{names} dan {len(steps) - _SHOWN} lagi"


def _unreachable(sop: Sop) -> Iterator[Problem]:
    found = find_reachable(sop.graph, sop.start)
    for step in sop.steps:
        if step.id not in found:
            message = (
                f"Langkah {quoted(step.id)} tidak pernah tercapai. Arahkan next atau branches ke sana, atau hapus."
            )
            yield Problem(step.source, "unreachable", message)


def _endless(sop: Sop) -> Iterator[Problem]:
    stuck = find_reachable(sop.graph, sop.start) - find_leading(sop.graph, END)
    if steps := [step for step in sop.steps if step.id in stuck]:
        hint = "Tambahkan next: end, atau cabang yang keluar."
        message = f"Dari langkah {_join_ids(steps)} akhir tidak dapat dicapai. {hint}"
        yield Problem(steps[0].source, "endless", message)


def _forks(sop: Sop) -> Iterator[Problem]:
    """Arms that do not meet, meet at several rows, end, or lead back otherwise than by turning the work down."""
    for fork in sop.forks:
        for meeting in fork.meetings:
            yield from _check_meeting(sop, fork, meeting)
        for row in [step for step in sop.steps if step.id in fork.rows]:
            if row.id == fork.row:
                message = (
                    f"Baris yang dikerjakan bersamaan sesudah langkah {quoted(row.id)} kembali ke sana lewat next atau "
                    "cabang maju. Hanya cabang penolakan boleh kembali."
                )
                yield Problem(row.source, "fork", message)
            for branch in row.branches:
                if sop.rejects(row, branch) and _leaves_badly(sop, fork, row, branch.to):
                    message = (
                        f"Cabang {quoted(branch.label)} langkah {quoted(row.id)} meninggalkan jalannya sendiri. "
                        f"Arahkan ke baris pada jalan itu, ke {quoted(fork.row)}, atau ke baris sebelumnya."
                    )
                    yield Problem(row.source, "fork", message)


def _check_meeting(sop: Sop, fork: Fork, meeting: Meeting) -> Iterator[Problem]:
    """What is wrong with the rows at which two arms meet: one row, and not the end or the first of one."""
    one, other = map(quoted, meeting.arms)
    wrong = {END, *meeting.arms} & set(meeting.rows)
    there = [row for row in meeting.rows if row not in wrong]
    into = f"ke baris yang menunggu keduanya{f', misalnya next: {there[0]}' if there else ''}"
    if wrong == {END} and not there:
        message = f"Jalan {one} dan {other} sesudah langkah {quoted(fork.row)} tidak bertemu lagi. Arahkan next {into}."
        yield Problem(sop.step(fork.row).source, "fork", message)
    elif wrong:
        rows = (row for row in sop.steps if row.id != fork.row and wrong & {*sop.exits(row)})
        row = next(row for row in rows if any(row.id in find_reachable(sop.graph, [arm]) for arm in meeting.arms))
        to = next(target for target in sop.exits(row) if target in wrong)
        does = "mengakhiri berkas" if to == END else f"menyambung ke {quoted(to)}"
        message = (
            f"Langkah {quoted(row.id)} {does}, padahal jalan {one} dan {other} dikerjakan bersamaan. Arahkan {into}."
        )
        yield Problem(row.source, "fork", message)
    elif len(there) > 1:
        message = (
            f"Jalan {one} dan {other} bertemu di {listed(there, 'dan')}. Arahkan keduanya ke satu baris yang sama."
        )
        yield Problem(sop.step(fork.row).source, "fork", message)


def _leaves_badly(sop: Sop, fork: Fork, row: Step, target: str) -> bool:
    """Whether a rejection in an arm leads neither within that arm nor before the fork."""
    if target == END:
        return True
    return target in sop.beside.get(row.id, ()) or (sop.row(target) > sop.row(fork.row) and target not in fork.rows)


def _conditions(sop: Sop) -> Iterator[Problem]:
    """Conditions on fields that are not there, and those that fail on a value of each type (a text with a number)."""
    samples = {name: _SAMPLES[field.type] for name, field in sop.fields.items()}
    for step in sop.steps:
        conditions = [(f"cabang {quoted(branch.label)}", branch.when) for branch in step.branches]
        for what, when in (*conditions, ("optional", step.optional.when if step.optional else None)):
            if when is None:
                continue
            unknown = [name for name in list_condition_fields(when) if name not in sop.fields]
            for name in unknown:
                hint = suggestion(name, sop.fields) or "; tulis isian itu di fields"
                message = f"Syarat {what} memakai isian {quoted(name)} yang tidak ada{hint}."
                yield Problem(step.source, "condition", message)
            answer = None if unknown else evaluate_condition(when, samples)
            if isinstance(answer, str):
                yield Problem(step.source, "condition", answer)


def _exits(sop: Sop) -> Iterator[Problem]:
    """Conditions that leave a gap, a first exit that turns the work down, and a way back that is only in words."""
    for step in chain.from_iterable(row.diamonds or (row,) for row in sop.steps):
        if step.branches and all(branch.when is not None for branch in step.branches):
            message = "Semua cabang bersyarat. Bila tidak satu pun terpenuhi, berkas berhenti di sini."
            yield note(step.source, "branches", message, "important")
        if len(step.branches) > 1 and sop.rejects(step, step.branches[0]):
            goes = "menolak" if step.branches[0].to == END else "kembali ke atas"
            message = (
                f"Cabang pertama {quoted(step.branches[0].label)} {goes}, padahal persetujuan mengambilnya. "
                "Tulis jalan maju dahulu."
            )
            yield note(step.source, "branches", message, "important")
        below = sop.step_after(step)
        branches = step.branches or (below != END and sop.step(below).branches)  # the diamond often has its own row
        if not branches and mentions_rejection(step.kegiatan):
            message = "Kegiatan menyebut pekerjaan yang dikembalikan. Tulis branches dengan label dan tujuannya."
            yield note(step.source, "branches", message, "important")


def _kinds(sop: Sop) -> Iterator[Problem]:
    """Exits to the end of which neither the label nor the row says whether they turn the work down."""
    for step in chain.from_iterable(row.diamonds for row in sop.steps):
        unclear = [one for one in step.branches[1:] if one.to == END and not sop.rejects(step, one)]
        if unclear and step.kind is None:
            message = (
                f"Cabang {quoted(unclear[0].label)} mengakhiri berkas. Tulis kind: approval bila itu penolakan, kind: "
                "choice bila bukan."
            )
            yield note(step.source, "kind", message, "important")


def _calls(sop: Sop, ids: Collection[str]) -> Iterator[Problem]:
    others = [id for id in ids if id != sop.id]
    for step in sop.steps:
        if step.sop is None:
            continue
        if step.sop.sop == sop.id:
            yield Problem(step.source, "call", f"Langkah {quoted(step.id)} memanggil SOP ini sendiri. Sebut SOP lain.")
        elif step.sop.sop not in others:
            message = f"SOP {quoted(step.sop.sop)} tidak ada di sini{suggestion(step.sop.sop, others)}."
            yield Problem(step.source, "call", message, weight="important" if step.sop.optional else "error")
        exits = step.decides.get(step.decider, ())
        if len(exits) > PAIR and all(branch.when is None for branch in exits):
            message = (
                f"Langkah {quoted(step.id)} dikerjakan SOP lain, yang tidak dapat memilih di antara "
                f"{len(exits)} cabang. Beri cabangnya syarat (when), atau pindahkan keputusannya ke langkah "
                f"berikut."
            )
            yield Problem(step.source, "call", message)


def _unused(sop: Sop) -> Iterator[Problem]:
    """Pelaksana that never act and documents that no step writes."""
    acting = {key for step in sop.steps for key in step.pelaksana}
    if idle := [nama for key, nama in sop.pelaksana.items() if key not in acting]:
        message = f"Pelaksana {listed(idle, 'dan')} tidak bertindak. Sebut pada langkahnya, atau hapus."
        yield note(sop.source, "unused", message)
    written = {step.document.name for step in sop.steps if step.document}
    for name, document in sop.documents.items():
        if name not in written:
            hint = "Sebut pada document langkahnya, atau hapus."
            yield note(document.source, "unused", f"Dokumen {quoted(name)} tidak ditulis langkah mana pun. {hint}")


def _crowded_initials(sop: Sop) -> Iterator[Problem]:
    """A letter is initialled by at most three in the line of its signer; those of other units are shown apart."""
    for name, document in sop.documents.items():
        paraf = StepDocument(name, "initial")  # without koordinasi
        own = [step for step in sop.steps if step.document == paraf]
        if len(own) > MOST_PARAF:
            message = (
                f"Dokumen {quoted(name)} diparaf pada {len(own)} langkah ({_join_ids(own)}); pada surat tercetak tiga "
                "yang terakhir. Beri `koordinasi: ya` pada paraf unit kerja lain."
            )
            yield note(document.source, "paraf", message)


def _torn_documents(sop: Sop) -> Iterator[Problem]:
    """A document that is drafted or signed in one arm of a fork while another arm acts upon it too."""
    for name in sop.documents:
        rows = [(step, step.document.act) for step in sop.steps if step.document and step.document.name == name]
        for (one, act), (other, then) in combinations(rows, 2):
            if other.id in sop.beside.get(one.id, ()) and {act, then} & {"draft", "sign"}:
                message = (
                    f"Dokumen {quoted(name)} dikerjakan bersamaan pada langkah {quoted(one.id)} ({ACTS[act]}) dan "
                    f"{quoted(other.id)} ({ACTS[then]}). Letakkan keduanya pada satu jalan, atau sesudah pertemuannya."
                )
                yield note(other.source, "fork", message, "important")
                break


def _unproduced(sop: Sop) -> Iterator[Problem]:
    """Items that nearly are an output of an earlier row, and those that merely look like an output of this SOP."""
    outputs = {normalize_name(output): output for step in sop.steps for output in step.output}
    made: dict[str, str] = {}
    lacking: dict[str, list[Step]] = {}
    meant: dict[str, str] = {}
    for step in sop.steps:
        for item in step.kelengkapan if len(lacking) < _LOOKED_AT else ():
            if not item.external and normalize_name(item.nama) not in made:
                lacking.setdefault(item.nama, []).append(step)
                if near := [output for output in made.values() if is_nearly_same_name(item.nama, output)]:
                    meant[item.nama] = near[-1]
        made |= {normalize_name(output): output for output in step.output}
    for nama, steps in lacking.items():
        where = f" (langkah {_join_ids(steps)})" if len(steps) > 1 else ""
        message = f"Kelengkapan {quoted(nama)}{where} tidak dihasilkan langkah sebelumnya"
        if nama in meant:
            message += f"; mungkin maksudnya output {quoted(meant[nama])}. Tulis nama itu, atau `external: true`."
            yield note(steps[0].source, "kelengkapan", message)
        elif (hint := _near_output(nama, outputs)) is not None:
            yield note(steps[0].source, "kelengkapan", f"{message}{hint}.", "remark")


def _near_output(nama: str, outputs: Mapping[str, str]) -> str | None:
    if normalize_name(nama) in outputs:
        return ""
    near = find_similar_name(nama, outputs.values())
    return None if near is None else f"; mungkin maksudnya output {quoted(near)}"


def _repeated(sop: Sop) -> Iterator[Problem]:
    """Names that a row lists twice, as kelengkapan or as output."""
    for step in sop.steps:
        for what, names in (("Kelengkapan", [item.nama for item in step.kelengkapan]), ("Output", [*step.output])):
            counted = Counter(map(normalize_name, names))
            if twice := [name for name in names if counted.pop(normalize_name(name), 0) > 1]:
                message = f"{what} {listed(twice, 'dan')} tertulis lebih dari satu kali. Hapus yang berulang."
                yield note(step.source, "repeated", message)


def _numbered_items(sop: Sop) -> Iterator[Problem]:
    """Items of a list that begin with the number that the form prints in front of them: `1. Peraturan …`."""
    places = [(sop.source, items) for items in astuple(sop.identitas) if isinstance(items, tuple)]
    for step in sop.steps:
        places += [(step.source, tuple(item.nama for item in step.kelengkapan)), (step.source, step.output)]
    for source, items in places:
        if len(items) > 1 and (numbered := [item for item in items if _NUMBER.match(item)]):
            message = f"Butir {quoted(numbered[0])} bernomor, padahal formulir menomorinya. Hapus nomor di depannya."
            yield note(source, "number", message)


def _blank_cells(sop: Sop) -> Iterator[Problem]:
    """Rows without a standard, an output or a number; a note for each column."""
    for code, words, lacking in (
        ("waktu", "standar waktu", [step for step in sop.steps if not (step.waktu.maximum or step.waktu.settled)]),
        ("output", "output", [step for step in sop.steps if not step.output]),
        ("no", "nomor", [step for step in sop.steps if step.no is None]),
    ):
        if lacking:
            yield note(lacking[0].source, code, f"Tanpa {words}: langkah {_join_ids(lacking)}.", "remark")


def _doubtful_times(sop: Sop) -> Iterator[Problem]:
    """Texts of the column Waktu that are not understood, or not surely."""
    for step in sop.steps:
        if step.waktu.doubt:
            yield note(step.source, "waktu", step.waktu.doubt)


def _numbers(sop: Sop) -> Iterator[Problem]:
    """Numbers that are printed twice, and those that are left out where every row has one."""
    counted = Counter(step.no for step in sop.steps if step.no is not None)
    for step in sop.steps:
        if step.no is not None and counted.pop(step.no, 0) > 1:
            yield note(step.source, "no", f"Nomor {step.no} tercetak lebih dari satu kali.", "remark")
    before = 0
    for step in sop.steps if all(step.no is not None for step in sop.steps) else ():
        if isinstance(step.no, int):
            if step.no > before + 1:
                gap = str(before + 1) if step.no == before + 2 else f"{before + 1}-{step.no - 1}"
                yield note(step.source, "no", f"Nomor {gap} tidak ada pada formulir.", "remark")
            before = step.no


def _title(sop: Sop) -> Iterator[Problem]:
    outputs = [output for step in sop.steps for output in step.output]
    kind = find_unwritten_kind(sop.nama, [*outputs, *(document.judul or "" for document in sop.documents.values())])
    if kind is not None:
        message = f"Nama SOP menyebut {kind}, tetapi tidak ada langkah yang menghasilkannya."
        yield note(sop.source, "title", message, "remark")


def _keterkaitan(sop: Sop, known: SopNames) -> Iterator[Problem]:
    names = [nama for id, nama in known.items() if id != sop.id]
    absent = [item for item in sop.identitas.keterkaitan if not any(is_same_name(item, nama) for nama in names)]
    if absent:
        message = f"Keterkaitan menyebut SOP yang tidak ada di sini: {listed(absent, 'dan')}."
        yield note(sop.source, "keterkaitan", message, "remark")


def _dates(sop: Sop) -> Iterator[Problem]:
    made, valid = sop.identitas.tanggal_pembuatan, sop.identitas.tanggal_efektif
    if made and valid and valid < made:
        yield note(sop.source, "tanggal", f"Tanggal efektif {valid} lebih awal daripada tanggal pembuatan {made}.")


def _unprinted(sop: Sop) -> Iterator[Problem]:
    """A text in a column that the form does not have is on no paper."""
    steps = [step for step in sop.steps if step.keterangan and sop.columns.get("keterangan") is False]
    if steps:
        message = f"Kolom keterangan tidak dicetak (columns), padahal terisi pada langkah {_join_ids(steps)}. "
        yield note(steps[0].source, "unprinted", f"{message}Hapus teksnya, atau tulis keterangan: ya pada columns.")


_NOTES: tuple[Callable[[Sop], Iterator[Problem]], ...] = (
    _exits,
    _kinds,
    _unused,
    _crowded_initials,
    _torn_documents,
    _unproduced,
    _repeated,
    _numbered_items,
    _blank_cells,
    _unprinted,
    _doubtful_times,
    _numbers,
    _title,
    _dates,
)
