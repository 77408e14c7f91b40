"""Letters to look at: those of the SOPs from draft to received, and each template signed, of any size.

No value names a person; a line of a list begins with `Butir`, a row of a table with `Baris`, so that a page can be
asked what stands on it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.events import Approved, FieldValue, Started
from sopctl.engine.fold import apply_event, fold
from sopctl.letters.field_values import columns_of
from sopctl.letters.move_context import MoveFacts, build_context
from sopctl.letters.renderer import Renderer
from sopctl.office.model import Instansi, Office, Official
from sopctl.problems import Source
from sopctl.sop.decode import read_sop
from sopctl.sop.model import END, Act, Document, Field, Sop, Step, StepDocument
from sopctl.word.page_setup import PageSetup

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
SIGNER = "Penanda Tangan"
BEGAN = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
HERE = Source("sops/contoh.yaml", 1, 1)
LONG = (
    " yang dilaksanakan bersama pemerintah kabupaten dan kota, dengan pendampingan, pengawasan dan laporan setiap bulan"
)
TITLE = "Pembinaan dan Pengawasan Koperasi serta Usaha Kecil dan Menengah pada Kabupaten dan Kota Tahun 2026"
_PARTIES = 12
"""Those who sign beside the signer; no letter has sixty of them."""


class Size(Struct, frozen=True):
    """How much was filled in: rows of every list and table, whether each is long, whether titles and jabatan are."""

    rows: int
    long: bool = False
    titles: bool = False

    @property
    def name(self) -> str:
        return f"{self.rows:02d}{'-panjang' * self.long}{'-judul' * self.titles}"


class Letter(Struct, frozen=True):
    """A letter that can be written: its template, what it says, and a name for its file."""

    name: str
    template: str
    said: Mapping[str, object]

    def write(self, folder: Path, layout: PageSetup | None = None) -> Path:
        """The Word file."""
        data = Renderer(TEMPLATES, layout).render(self.template, self.said, created=BEGAN, title=self.name)
        file = folder / f"{self.name}.docx"
        file.write_bytes(data)
        return file


def read_sops() -> dict[str, Sop]:
    """The SOPs of the repository, the examples too, by their file's path below `sops/`."""
    files = sorted((ROOT / "sops").rglob("*.yaml"))
    read = {file.relative_to(ROOT / "sops").with_suffix("").as_posix(): file.read_bytes() for file in files}
    found = {name: read_sop(data, name)[0] for name, data in read.items()}
    return {name: sop for name, sop in found.items() if sop is not None}


def sop_letters(name: str, sop: Sop, size: Size) -> Iterator[Letter]:
    """What an SOP writes on its way through, in each form that its documents have."""
    forms: dict[str | None, str | None] = {None: None}
    for document in sop.documents.values():
        forms |= {other.field: other.value for other in document.instead}
    for field, value in forms.items():
        chosen = {field: value} if field and value else {}
        for number, (step, said) in enumerate(_walk(sop, size, chosen), 1):
            if (written := step.document) is None:
                continue
            document = sop.documents[written.name]
            template = next((one.template for one in document.instead if one.value == value), document.template)
            file = (name.replace("/", "-"), value or "biasa", f"{number:02d}", written.name, written.act, size.name)
            yield Letter("-".join(file).replace(" ", "-").lower(), template, said)


def template_names() -> list[str]:
    """The templates that a move writes: what no other includes, and who signs stands in it."""
    every = [Renderer(TEMPLATES).load_compiled(path.name) for path in sorted(TEMPLATES.glob("*.docx"))]
    included = {used.file for template in every for used in template.used if used.file != template.name}
    return [template.name for template in every if template.name not in included and "signer" in template.names]


def template_letter(template: str, size: Size, act: Act = "sign") -> Letter:
    """A template at one act, with every field that it prints, as the SOP that uses it declares it, else any."""
    printed = Renderer(TEMPLATES).load_compiled(template).names
    sops = list(read_sops().values())
    using = [sop for sop in sops if any(template in one.templates for one in sop.documents.values())]
    known = {name: field for sop in using or sops for name, field in sop.fields.items()}
    fields = {
        name: replace(field, step=None) for name, field in known.items() if name in printed or "filled" in printed
    }
    acts: tuple[Act, ...] = ("draft", "initial", "sign", "receive")
    kegiatan = "Menerima konsep surat yang telah dibuat, kemudian diserahkan untuk ditindaklanjuti"
    steps = tuple(
        Step(
            id=one,
            no=number,
            kegiatan=kegiatan,
            pelaksana=("kabid",) if one == "initial" else ("tim",) if one == "draft" else ("kadis",),
            output=("Naskah",),
            document=StepDocument("naskah", one),
            source=HERE,
        )
        for number, one in enumerate(acts[: acts.index(act) + 1], 1)
    )
    sop = Sop(
        id="contoh",
        nama="Pembuatan Naskah",
        pelaksana={"kadis": "Kepala Dinas", "kabid": "Kepala Bidang 3", "tim": "Ketua Tim Kerja"},
        fields=fields,
        documents={"naskah": Document(name="naskah", template=template, kode="800.1.11.1", source=HERE)},
        steps=steps,
        start=("draft",),
        source=HERE,
    )
    *_, (_, said) = _walk(sop, size, {})
    return Letter(f"{template.removesuffix('.docx')}-{act}-{size.name}", template, said)


def _walk(sop: Sop, size: Size, chosen: Mapping[str, FieldValue]) -> Iterator[tuple[Step, dict[str, object]]]:
    """The steps in the order of the first branches, each with what its document says when it is done."""
    office, at = _office(size), BEGAN
    fields = {**{name: _value(field, size) for name, field in sop.fields.items()}, **chosen}
    subject = TITLE if size.titles else "Pembinaan Koperasi"
    state = fold(sop, (Started(at=at, recorded_at=at, by="meja", step=sop.start[0], subject=subject, fields=fields),))
    id = sop.start[0]
    while id != END:
        step = sop.step(id)
        id = step.branches[0].to if step.branches else sop.step_after(step)
        for who in step.pelaksana:
            at += timedelta(hours=1)
            event = Approved(at=at, recorded_at=at, by="meja", for_=who, step=step.id, to=id)
            before, state = state, apply_event(sop, state, event)
        nomor = "800.1.11.1/0012/DISKOPUKM"
        yield (
            step,
            build_context(
                MoveFacts(
                    office=office, sop=sop, id=f"{sop.id}-1", before=before, after=state, event=event, nomor=nomor
                )
            ),
        )


def _office(size: Size) -> Office:
    long = ", Usaha Kecil dan Menengah, Perindustrian serta Perdagangan Provinsi Kalimantan Barat" * size.titles
    instansi = Instansi(
        pemerintah="Pemerintah Provinsi Kalimantan Barat", nama="Dinas Koperasi, Usaha Kecil dan Menengah",
        singkatan="DISKOPUKM", alamat="Jl. Sutan Syahrir No. 5 Pontianak", kota="Pontianak", telepon="(0561) 732690",
        laman="diskopukm.kalbarprov.go.id", pos_el="diskopukm@kalbarprov.go.id",
    )  # fmt: skip
    posts = (
        ("kadis", f"{SIGNER}, S.E.", "Kepala Dinas Koperasi"),
        ("kabid", "Nama Pemaraf, S.E.", "Kepala Bidang Koperasi"),
    )
    officials = [
        Official(
            nama=nama, nip="197501012000031001", pangkat="Pembina (IV/a)", jabatan=f"{post}{long}", pelaksana=(key,)
        )
        for key, nama, post in posts
    ]
    officials.append(replace(officials[0], pelaksana=("penilai", "kepala")))
    return Office(instansi=instansi, officials=tuple(officials))


def _value(field: Field, size: Size) -> FieldValue:
    """A value of the size that fits the field."""
    more = LONG * size.long
    rows = min(size.rows, _PARTIES) if field.name in {"pihak_kedua", "mengetahui", "saksi"} else size.rows
    match field.type:
        case "table":
            return [
                {column.name: _cell(column.name, column.type, number, more) for column in field.columns}
                or dict.fromkeys(columns_of(field), f"Baris {number}")
                for number in range(1, rows + 1)
            ]
        case "list":
            return [f"Butir {number} tentang {field.label.lower()}{more}" for number in range(1, rows + 1)]
        case "choice":
            return field.choices[0]
        case "date":
            return "2026-11-24"
        case "number" | "money" | "nip":
            return "12"
        case _:
            return f"{field.label} yang berlaku{more}"


def _cell(name: str, kind: str, number: int, more: str) -> str:
    typed = {"nip": f"19800101200501{number:04d}", "date": "2026-11-24", "number": "12", "money": "1500000"}
    known = {
        "nama": f"Baris {number} Nama Pegawai, S.E.",
        "pangkat": "Penata Muda Tingkat I (III/b)",
        "peran": "Anggota",
    }
    return typed.get(kind) or known.get(name) or f"Baris {number} {name.replace('_', ' ')}{more}"
