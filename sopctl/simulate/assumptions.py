"""What a simulation rests on that neither the record nor anybody said, in sentences."""

from collections.abc import Iterator

from sopctl.measure.percentiles import FEW
from sopctl.simulate.build import Alteration, Basis
from sopctl.simulate.fit import FittedRecord
from sopctl.simulate.scenario import Scenario

_LITTLE = 30
"""Cases below which a record is told to be small: the errors that are shown are of the runs, not of the record."""


def list_assumptions(basis: Basis, scenario: Scenario, alteration: Alteration) -> tuple[str, ...]:
    """A sentence for everything that was assumed of a scenario."""
    return (
        *_assume_people(scenario, alteration),
        *_assume_arrivals(basis),
        *_assume_recorded(basis),
        *_assume_rows(basis, scenario),
        *_assume_course(basis, scenario),
    )


def _find_used_record(basis: Basis) -> FittedRecord | None:
    """The record, where times come from it."""
    return basis.record if basis.from_record or basis.duration == "record" else None


def _assume_people(scenario: Scenario, alteration: Alteration) -> Iterator[str]:
    alone = [name for name in scenario.people if name not in alteration.people]
    if alone:
        yield f"Satu orang untuk setiap pelaksana yang jumlahnya tidak disebut: {', '.join(alone)}."
    yield (
        "Pelaksana hanya mengerjakan SOP ini, satu berkas pada satu waktu menurut urutan datang, sepanjang jam kerja "
        "kantor, dan tidak pernah berhalangan."
    )


def _assume_arrivals(basis: Basis) -> Iterator[str]:
    if basis.gaps.kind == "exponential":
        yield "Berkas datang secara acak pada jam kerja, rata-rata sebanyak yang disebut."
    else:
        yield "Berkas datang dengan jarak waktu seperti yang tercatat, dalam urutan acak."


def _assume_recorded(basis: Basis) -> Iterator[str]:
    """What is assumed of times that come from the record."""
    record = _find_used_record(basis)
    if record is None:
        return
    if record.cases < _LITTLE:
        yield f"Catatan hanya memuat {record.cases} berkas: angkanya jauh kurang pasti daripada rentang yang tampil."
    yield (
        "Lama pekerjaan dari catatan dihitung sejak pekerjaan dimulai; bila mulainya tidak dicatat, sejak berkas "
        "datang atau sejak pelaksananya menyelesaikan berkas sebelumnya."
    )
    if record.overtaking:
        yield (
            f"Menurut catatan, {', '.join(record.overtaking)} tidak mengerjakan menurut urutan datang: "
            "berkas terletak dahulu. Yang dihitung sebagai pekerjaan paling lama waktu bakunya; selebihnya "
            "menunggu hal lain, dan tidak berkurang dengan menambah orang."
        )
    if record.few:
        yield f"Tercatat kurang dari {FEW} kali, jadi memakai waktu baku: {', '.join(record.few)}."


def _assume_rows(basis: Basis, scenario: Scenario) -> Iterator[str]:
    """What is assumed of rows whose times do not come from the record."""
    record = _find_used_record(basis)
    known = record.rows if record else {}
    given = [step for step in scenario.sop.steps if step.id not in known and scenario.skips.get(step.id) != 1]
    works = [step for step in given if scenario.rows[step.id].kind == "people"]
    if any(scenario.rows[step.id].mean for step in works):
        yield "Waktu baku dianggap lama pekerjaan itu sendiri, tanpa menunggu giliran."
    untimed = [step.id for step in works if not scenario.rows[step.id].mean]
    if untimed:
        yield f"Tanpa waktu baku yang pasti, jadi dianggap tidak memakan waktu: {', '.join(untimed)}."
    rates = [step.id for step in scenario.sop.steps if step.waktu.per]
    if rates:
        words = "Standar seluruhnya tidak memuat waktu yang bergantung pada isian; laporan memuatnya"
        yield f"{words}: {', '.join(rates)}."
    if any(len(step.pelaksana) > 1 for step in works):
        yield (
            "Pelaksana yang berurutan dalam satu baris membagi waktunya sama rata; yang bersama-sama masing-masing "
            "bekerja selama waktu baris itu."
        )
    for kind, words in (
        ("calendar", "Berjalan menurut kalender dan tidak menyibukkan siapa pun"),
        ("waiting", "Dikerjakan SOP lain selama waktu SOP itu sendiri, tanpa antrean di sana"),
    ):
        rows = [step.id for step in scenario.sop.steps if scenario.rows[step.id].kind == kind]
        if rows:
            yield f"{words}: {', '.join(rows)}."


def _assume_course(basis: Basis, scenario: Scenario) -> Iterator[str]:
    """What is assumed of where cases begin, which exits they take, and what they leave out."""
    steps = scenario.sop.steps
    deciding = [step.id for step in steps if step.decides]
    if basis.from_record:
        decided = {step for step, _ in basis.record.exits} if basis.record else set()
        if unknown := [step for step in deciding if step not in decided]:
            words = "Terlalu jarang diputuskan dalam catatan, jadi mengambil cabang pertamanya yang tidak mengembalikan"
            yield f"{words}: {', '.join(unknown)}."
        return
    if len(scenario.sop.start) > 1:
        yield f"Semua berkas mulai dari langkah {scenario.sop.start[0]}."
    if deciding:
        yield (
            "Tidak ada berkas yang dikembalikan selain yang disebut; setiap keputusan mengambil cabang pertamanya yang "
            "tidak mengembalikan."
        )
    if any(step.optional for step in steps):
        yield "Baris yang boleh dilewati selalu dikerjakan, kecuali yang disebut."
