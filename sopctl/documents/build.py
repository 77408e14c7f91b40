"""From a move to what its document may say: the context of a template, built from the case around the move."""

from datetime import date, datetime
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import asdict

from sopctl.documents.context import NAMES, Blank, Context, Instansi, Item, Person, Picture, Signature
from sopctl.documents.values import filled, typed
from sopctl.documents.words import Tanggal, moment
from sopctl.engine.events import Move
from sopctl.engine.state import Signing, State
from sopctl.office.model import Office, Official
from sopctl.sop.model import Act, Sop, Step

STATUS: dict[Act, str] = {"draft": "KONSEP", "initial": "DIPARAF", "sign": "DITANDATANGANI", "receive": "DITERIMA"}
"""How a paper says what was done to it last."""

PERBUATAN: dict[Act, str] = {
    "draft": "Konsep disusun",
    "initial": "Diparaf",
    "sign": "Ditandatangani",
    "receive": "Diterima",
}
"""How the list of acts says it."""


def context(  # noqa: PLR0913 — the facts of one move, each by its name
    *,
    office: Office,
    sop: Sop,
    id: str,
    before: State,
    after: State,
    event: Move,
    nomor: str | None = None,
    logo: bytes | None = None,
) -> dict[str, object]:
    """Everything a template may use: the `Context`, and beside it every field of the SOP under its own name.

    ``before`` and ``after`` are the states around the ``event`` that completes the step and writes the file; ``id``
    is the case's. ``nomor`` is None where the document has no number (yet). ``logo`` are the bytes of the file that
    `instansi.logo` names. A field called like a name of the `Context` (`NAMES`) is not reachable.
    """
    case = _Case(office=office, sop=sop, id=id, before=before, after=after, event=event)
    fields = {name: typed(field, after.fields.get(name)) for name, field in sop.fields.items() if name not in NAMES}
    return {**fields, **asdict(_context(case, nomor, logo))}


class _Case(Struct, frozen=True, kw_only=True):
    """The facts of one move, together."""

    office: Office
    sop: Sop
    id: str
    before: State
    after: State
    event: Move

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


def _context(case: _Case, nomor: str | None, logo: bytes | None) -> Context:
    step, event = case.step, case.event
    act = step.document.act if step.document else None
    today = case.day(event.at)
    signed = next((signing for signing in reversed(case.signings) if signing.act == "sign"), None)
    signed_on = case.day(signed.at) if signed else None
    return Context(
        instansi=_instansi(case.office, logo),
        sop_nama=case.sop.nama,
        sop_nomor=case.sop.identitas.nomor,
        id=case.id,
        subject=case.after.subject or Blank("Perihal"),
        no="" if step.no is None else str(step.no),
        kegiatan=step.kegiatan,
        output=step.output,
        waktu=step.waktu.text,
        keterangan=step.keterangan,
        judul=_judul(case),
        act=act or "",
        status=STATUS[act] if act else "SELESAI",
        nomor=nomor or Blank("Nomor"),
        tanggal=signed_on or Blank("Tanggal"),
        tanggal_naskah=today,
        tanggal_mulai=case.day(case.after.started),
        signer=_person(case, _signer(case, signed), signed_on or today),
        signed=signed is not None,
        actor=_person(case, _actor(case), today),
        recipients=tuple(_person(case, pelaksana, today) for pelaksana in case.after.turn),
        catatan=event.note,
        signatures=tuple(_signature(case, signing) for signing in case.signings),
        kelengkapan=_kelengkapan(case),
        lampiran=tuple(attachment.name or PurePath(attachment.path).name for attachment in case.after.attachments),
        filled=tuple(
            filled(case.sop.fields[name], value)
            for name, value in case.after.fields.items()
            if name in case.sop.fields and value not in ("", [])
        ),
    )


def _instansi(office: Office, logo: bytes | None) -> Instansi:
    own = office.instansi
    return Instansi(
        pemerintah=own.pemerintah,
        nama=own.nama,
        bidang=own.bidang,
        singkatan=own.singkatan,
        alamat=own.alamat,
        kota=own.kota,
        telepon=own.telepon,
        laman=own.laman,
        pos_el=own.pos_el,
        logo=Picture(logo) if logo else None,
    )


def _judul(case: _Case) -> str:
    """The title on the paper: the document's own, else what the row puts out, else the SOP."""
    step = case.step
    document = case.sop.documents.get(step.document.name) if step.document else None
    return (document.judul if document else None) or step.output or case.sop.nama


def _actor(case: _Case) -> str:
    """Who acted: the pelaksana of the move, else the one who decides the row, else the last of it."""
    return case.event.for_ or _decider(case.step)


def _decider(step: Step) -> str:
    return step.decides or step.pelaksana[-1]


def _signer(case: _Case, signed: Signing | None) -> str:
    """Whose name stands under the document: who signed it, else who is to sign it, else who acted."""
    if signed:
        return signed.pelaksana
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


def _person(case: _Case, pelaksana: str, day: date) -> Person:
    official = _official(case, pelaksana, day)
    jabatan = case.sop.pelaksana.get(pelaksana, pelaksana)
    return Person(
        pelaksana=pelaksana,
        jabatan=(official.jabatan if official else "") or jabatan,
        nama=(official.nama if official else "") or Blank("Nama"),
        nip=(official.nip if official else "") or Blank("NIP"),
        pangkat=(official.pangkat if official else "") or Blank("Pangkat"),
        as_=(official.as_ if official else "") or "",
    )


def _official(case: _Case, pelaksana: str, day: date) -> Official | None:
    """Who holds the post on the day, or whom the case assigned to it: an official's nama or one of its accounts."""
    assigned = case.after.assigned.get(pelaksana)
    if not assigned:
        return case.office.official(pelaksana, day)
    named = [one for one in case.office.officials if one.nama == assigned or one.uses(assigned)]
    return next((one for one in named if one.in_office(day)), None)


def _signature(case: _Case, signing: Signing) -> Signature:
    day = case.day(signing.at)
    return Signature(
        act=signing.act,
        perbuatan=PERBUATAN[signing.act],
        kegiatan=case.sop.step(signing.step).kegiatan,
        person=_person(case, signing.pelaksana, day),
        tanggal=day,
        waktu=moment(signing.at, case.office.zone),
    )


def _kelengkapan(case: _Case) -> tuple[Item, ...]:
    confirmed = {_key(nama) for nama in case.event.kelengkapan} | _produced(case)
    files = {_key(attachment.item): attachment for attachment in case.after.attachments}
    items = []
    for item in case.step.kelengkapan:
        file = files.get(_key(item.nama))
        berkas = (file.name or PurePath(file.path).name) if file else ""
        items.append(Item(nama=item.nama, ada=bool(file) or _key(item.nama) in confirmed, berkas=berkas))
    return tuple(items)


def _produced(case: _Case) -> set[str]:
    """The outputs of the rows that are done and were not turned down."""
    done = (visit for visit in case.before.visits if visit.until and not visit.rejected)
    return {_key(case.sop.step(visit.step).output) for visit in done}


def _key(nama: str) -> str:
    return " ".join(nama.split()).casefold()
