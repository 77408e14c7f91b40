"""From a move to what its document may say: the context of a template, built from the case around the move."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.engine.events import Attachment, Move
from sopctl.engine.signings import document_form, document_text
from sopctl.engine.state import DocumentText, Signing, State
from sopctl.letters.context import CONTEXT_NAMES, Foto, KelengkapanItem, Signature, TemplateContext
from sopctl.letters.field_values import filled_field, template_value
from sopctl.office.model import Office, Official, SigningCapacity
from sopctl.sop.model import Act, Document, Sop, Step
from sopctl.word.dates import Tanggal, format_moment
from sopctl.word.letterhead import letterhead_of
from sopctl.word.printed_values import Blank, Person

STATUS: dict[Act, str] = {"draft": "KONSEP", "initial": "DIPARAF", "sign": "DITANDATANGANI", "receive": "DITERIMA"}
"""How a paper says what was done to it last."""

SRIKANDI_STATUS: dict[Act, str] = STATUS | {"sign": "DISETUJUI, TANDA TANGAN MELALUI SRIKANDI"}
"""The same of a paper that the national system signs: nothing here knows whether it did."""

PERBUATAN: dict[Act, str] = {
    "draft": "Konsep disusun",
    "initial": "Diparaf",
    "sign": "Ditandatangani",
    "receive": "Diterima",
}
"""How the list of acts says it."""

SRIKANDI_PERBUATAN: dict[Act, str] = PERBUATAN | {"sign": "Disetujui untuk ditandatangani"}

NOMOR, TANGGAL, TTD, NAMA, NIP = (
    "${nomor_naskah}", "${tanggal_naskah}", "${ttd_pengirim}", "${nama_pengirim}", "${nip_pengirim}",
)  # fmt: skip
"""The placeholders that SRIKANDI fills in."""

MOST_PARAF = 3
"""Officials in the line of the signer who initial at most, by the rules of naskah dinas."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")


def _unreadable(path: str) -> bytes:
    raise FileNotFoundError(path)


def build_context(  # noqa: PLR0913 — the facts of one move, each by its name
    *,
    office: Office,
    sop: Sop,
    id: str,
    before: State,
    after: State,
    event: Move,
    nomor: str | None = None,
    logo: bytes | None = None,
    read: Callable[[str], bytes] = _unreadable,
    code: str = "",
) -> dict[str, object]:
    """Everything a template may use: the `TemplateContext`, and beside it every field of the SOP under its own name.

    ``before`` and ``after`` are the states around the ``event`` that completes the step and writes the file; ``id``
    is the case's. ``nomor`` is None where the document has no number (yet). ``logo`` are the bytes of the file that
    `instansi.logo` names, and ``read`` gives those of an attached file by its path. A field called like a name of the
    `TemplateContext` (`CONTEXT_NAMES`) is not reachable. ``code`` is the verification code that the foot prints. Fields
    and files are those that the document was signed with, where it is signed.
    """
    case = _Case(office=office, sop=sop, id=id, before=before, after=after, event=event, read=read, code=code)
    written = case.text.fields
    fields = {
        name: template_value(field, written.get(name))
        for name, field in sop.fields.items()
        if name not in CONTEXT_NAMES
    }
    said = {**fields, **asdict(_context(case, nomor, logo))}
    return said if said["signed"] else {name: _named(value) for name, value in said.items()}


class _Case(Struct, frozen=True, kw_only=True):
    """The facts of one move, together."""

    office: Office
    sop: Sop
    id: str
    before: State
    after: State
    event: Move
    read: Callable[[str], bytes]
    code: str

    @property
    def document(self) -> Document | None:
        """The document of the row, in the form that its fields want."""
        document = self.step.document
        return document_form(self.sop, self.after, document.name) if document else None

    @property
    def text(self) -> DocumentText:
        """What the row's document says: as it was signed, else as the case stands."""
        document = self.step.document
        return (
            document_text(self.after, document.name)
            if document
            else DocumentText(self.after.fields, self.after.attachments)
        )

    @property
    def srikandi(self) -> bool:
        """Whether the national system numbers and signs the document."""
        return self.document is not None and self.document.srikandi

    @property
    def step(self) -> Step:
        return self.sop.step(self.event.step)

    @property
    def signings(self) -> tuple[Signing, ...]:
        """The acts upon this row's document that count."""
        document = self.step.document
        return self.after.signings.get(document.name, ()) if document else ()

    def day(self, at: datetime) -> Tanggal:
        """The day in the office."""
        return Tanggal.of(at.astimezone(self.office.zone))


def _context(case: _Case, nomor: str | None, logo: bytes | None) -> TemplateContext:
    step, event = case.step, case.event
    act = step.document.act if step.document else None
    today = case.day(event.at)
    signed = next((signing for signing in reversed(case.signings) if signing.act == "sign"), None)
    signed_on = case.day(signed.at) if signed else None
    srikandi = case.srikandi
    text = case.text
    signer = _person_of(case, signed) if signed else _person(case, _signer(case), today)
    paraf = _paraf(case)
    return TemplateContext(
        instansi=letterhead_of(case.office, logo),
        sop_nama=case.sop.nama,
        sop_nomor=case.sop.identitas.nomor,
        id=case.id,
        code=case.code,
        subject=case.after.subject or Blank("Perihal"),
        no="" if step.no is None else str(step.no),
        kegiatan=step.kegiatan,
        output=step.output,
        waktu=step.waktu.text,
        keterangan=step.keterangan,
        judul=_judul(case),
        act=act or "",
        status=(SRIKANDI_STATUS if srikandi else STATUS)[act] if act else "SELESAI",
        nomor=NOMOR if srikandi else nomor or Blank("nomor"),
        tanggal=TANGGAL if srikandi else signed_on or Blank("tanggal"),
        tanggal_naskah=today,
        tanggal_mulai=case.day(case.after.started),
        signer=replace(signer, nama=NAMA, nip=NIP) if srikandi else signer,
        signed=signed is not None,
        actor=_person(case, _actor(case), today),
        recipients=tuple(_person(case, pelaksana, today) for pelaksana in case.after.turn),
        catatan=event.note,
        signatures=tuple(_signature(case, signing) for signing in case.signings),
        paraf=tuple(_signature(case, signing) for signing in paraf if not _coordinates(case, signing))[-MOST_PARAF:],
        koordinasi=tuple(_signature(case, signing) for signing in paraf if _coordinates(case, signing)),
        srikandi=srikandi,
        ttd=TTD if srikandi else "",
        kelengkapan=_kelengkapan(case),
        lampiran=tuple(_file_name(attachment) for attachment in text.attachments),
        foto=tuple(_foto(case, each) for each in text.attachments if each.path.lower().endswith(_PICTURES)),
        filled=tuple(
            filled_field(case.sop.fields[name], value)
            for name, value in text.fields.items()
            if name in case.sop.fields and value not in ("", [])
        ),
    )


def _named(value: object) -> object:
    """A value as a draft prints it: what is missing is named."""
    if isinstance(value, Blank):
        return replace(value, named=True)
    if isinstance(value, Person):
        return replace(value, **{part: _named(getattr(value, part)) for part in ("nama", "nip", "pangkat")})
    return value


def _file_name(attachment: Attachment) -> str:
    return attachment.name or PurePath(attachment.path).name


def _foto(case: _Case, attachment: Attachment) -> Foto:
    return Foto(nama=_file_name(attachment), item=attachment.item, read=partial(case.read, attachment.path))


def _judul(case: _Case) -> str:
    """The title on the paper: the document's own, else what the row puts out, else the SOP."""
    document = case.document
    return (document.judul if document else None) or case.step.output or case.sop.nama


def _paraf(case: _Case) -> list[Signing]:
    """The initials that count, the last of each pelaksana; whoever drafted the document does not initial it."""
    drafted = {who for signing in case.signings if signing.act == "draft" for who in _known_as(case, signing)}
    initials = {signing.pelaksana: signing for signing in case.signings if signing.act == "initial"}
    return [signing for signing in initials.values() if not drafted.intersection(_known_as(case, signing))]


def _known_as(case: _Case, signing: Signing) -> set[str]:
    """The pelaksana of an act and, where it is known, the official: one person may hold two posts."""
    nama = _person_of(case, signing).nama
    return {signing.pelaksana} | ({f"nama {nama}"} if nama else set())


def _coordinates(case: _Case, signing: Signing) -> bool:
    document = case.sop.step(signing.step).document
    return document is not None and document.koordinasi


def _actor(case: _Case) -> str:
    """Who acted: the pelaksana of the move, else the one who decides the row, else the last of it."""
    return case.event.for_ or _decider(case.step)


def _decider(step: Step) -> str:
    return step.decides or step.pelaksana[-1]


def _signer(case: _Case) -> str:
    """Whose name stands under a document that is not signed: who is to sign it, else who acted."""
    document = case.step.document
    if document is None:
        return _actor(case)
    signs = (
        step
        for step in case.sop.steps
        if step.document and step.document.name == document.name and step.document.act == "sign"
    )
    step = next(signs, None)
    return _decider(step) if step else _actor(case)


def _person_of(case: _Case, signing: Signing) -> Person:
    """Who acted: as the office was on the day, and as the case was assigned then."""
    return _person(case, signing.pelaksana, case.day(signing.at), signing.assigned)


def _person(case: _Case, pelaksana: str, day: date, assigned: str | None = None) -> Person:
    """Who holds a post on the day; ``assigned`` is whom the case assigned to it, None for whom it does now."""
    if assigned is None:
        assigned = case.after.assigned.get(pelaksana, "")
    official = _official(case, pelaksana, day, assigned) or Official()
    jabatan = case.sop.pelaksana.get(pelaksana, pelaksana)
    for_another = official.as_ in {"a.n.", "u.b."}
    return Person(
        pelaksana=pelaksana,
        jabatan=official.jabatan or jabatan,
        nama=official.nama or Blank("nama"),
        nip=official.nip or Blank("18 angka"),
        pangkat=official.pangkat or Blank("pangkat"),
        as_=official.as_,
        atas_nama=_jabatan(case, pelaksana, "") or jabatan if for_another else "",
        perantara=_jabatan(case, pelaksana, "a.n.") if official.as_ == "u.b." else "",
    )


def _jabatan(case: _Case, pelaksana: str, as_: SigningCapacity) -> str:
    """The jabatan of whoever stands for a pelaksana in this way, be the post vacant on the day or not."""
    found = (one.jabatan for one in case.office.officials if pelaksana in one.pelaksana and one.as_ == as_)
    return next((jabatan for jabatan in found if jabatan), "")


def _official(case: _Case, pelaksana: str, day: date, assigned: str) -> Official | None:
    """Who holds the post on the day, or whom the case assigned to it: an official's nama or one of its accounts."""
    return case.office.acting(pelaksana, assigned, day)


def _signature(case: _Case, signing: Signing) -> Signature:
    return Signature(
        act=signing.act,
        perbuatan=(SRIKANDI_PERBUATAN if case.srikandi else PERBUATAN)[signing.act],
        kegiatan=case.sop.step(signing.step).kegiatan,
        person=_person_of(case, signing),
        tanggal=case.day(signing.at),
        waktu=format_moment(signing.at, case.office.zone),
    )


def _kelengkapan(case: _Case) -> tuple[KelengkapanItem, ...]:
    confirmed = {_key(nama) for nama in case.event.kelengkapan} | _produced(case)
    files = {_key(attachment.item): attachment for attachment in case.after.attachments}
    items = []
    for item in case.step.kelengkapan:
        file = files.get(_key(item.nama))
        berkas = _file_name(file) if file else ""
        items.append(KelengkapanItem(nama=item.nama, ada=bool(file) or _key(item.nama) in confirmed, berkas=berkas))
    return tuple(items)


def _produced(case: _Case) -> set[str]:
    """The outputs of the rows that are done and were not turned down."""
    done = (visit for visit in case.before.visits if visit.until and not visit.rejected)
    return {_key(case.sop.step(visit.step).output) for visit in done}


def _key(nama: str) -> str:
    return " ".join(nama.split()).casefold()
