"""What the document of a move may say: the context of its template, built from the case around the move."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import asdict, replace

from sopctl.engine.events import EMPTY, Attachment, Move
from sopctl.engine.signings import document_form, document_text, find_last_visit, find_signature, shown_act
from sopctl.engine.state import DocumentText, Signing, State
from sopctl.letters.context import (
    CONTEXT_NAMES,
    CaseLetter,
    FilledField,
    Foto,
    FoundByName,
    KelengkapanItem,
    Signature,
    TemplateContext,
    incoming_letter,
)
from sopctl.letters.field_values import filled_field, template_value
from sopctl.office.model import Office, Official, SigningCapacity
from sopctl.sop.model import END, MOST_PARAF, Act, Document, Sop, Step
from sopctl.word.dates import Tanggal, format_moment_in_words, format_nip
from sopctl.word.letterhead import letterhead_of
from sopctl.word.picture_conversion import PICTURES
from sopctl.word.printed_values import Blank, Person

STATUS: dict[Act, str] = {"draft": "KONSEP", "initial": "DIPARAF", "sign": "DITANDATANGANI", "receive": "DITERIMA"}
"""The status that a document prints, by the act upon it."""

SRIKANDI_STATUS: dict[Act, str] = STATUS | {"sign": "TANDA TANGAN MELALUI SRIKANDI"}
"""The same where the national system signs: whether it did is not recorded here."""

PERBUATAN: dict[Act, str] = {
    "draft": "Konsep disusun",
    "initial": "Diparaf",
    "sign": "Ditandatangani",
    "receive": "Diterima",
}
"""The act in the list of acts, by its kind."""

PERAN: dict[Act, str] = {"draft": "Disusun", "initial": "Diperiksa", "sign": "Disetujui", "receive": "Diterima"}
"""What somebody did who is not the author, who prepared the document."""

AUTHOR_PERAN: dict[Act, str] = PERAN | {"initial": "Diparaf", "sign": "Disusun dan ditandatangani"}
"""What the author did."""

SRIKANDI_PERBUATAN: dict[Act, str] = PERBUATAN | {"sign": "Diserahkan untuk ditandatangani"}

NOMOR, TANGGAL, TTD, NAMA, NIP = (
    "${nomor_naskah}", "${tanggal_naskah}", "${ttd_pengirim}", "${nama_pengirim}", "${nip_pengirim}",
)  # fmt: skip
"""The placeholders that SRIKANDI fills in."""


def _unreadable(path: str) -> bytes:
    raise FileNotFoundError(path)


class MoveFacts(Struct, frozen=True, kw_only=True):
    """The facts of one move, and what follows from them about people, acts and kelengkapan.

    ``before`` and ``after`` are the states around the ``event`` that completes the step and writes the file; ``id``
    is the case's. ``nomor`` is None where the document has no number (yet). ``logo`` are the bytes of the file that
    `instansi.logo` names, and ``read`` gives those of an attached file by its path. ``code`` is the verification code
    that the foot prints. ``recorded_by`` gives the office file by which an act was recorded where it is another than
    ``office``, ``number_of`` the number of a document of the case.
    """

    office: Office
    sop: Sop
    id: str
    before: State
    after: State
    event: Move
    nomor: str | None = None
    logo: bytes | None = None
    read: Callable[[str], bytes] = _unreadable
    code: str = ""
    recorded_by: Callable[[Signing], Office | None] = lambda _: None
    number_of: Callable[[str], str | None] = lambda _: None

    @property
    def step(self) -> Step:
        """The row of the move."""
        return self.sop.step(self.event.step)

    @property
    def document(self) -> Document | None:
        """The document of the row, in the form that its fields want."""
        document = self.step.document
        return document_form(self.sop, self.after, document.name) if document else None

    @property
    def text(self) -> DocumentText:
        """What the row's document says: as it was signed, else as the case stands."""
        return document_text(self.after, self.step.document_name)

    @property
    def srikandi(self) -> bool:
        """Whether the national system numbers and signs the document."""
        return self.document is not None and self.document.srikandi

    @property
    def judul(self) -> str:
        """The printed title: the document's own, else the output of the row, else the name of the SOP."""
        document = self.document
        return (document.judul if document else None) or self.step.output_name or self.sop.nama

    @property
    def status(self) -> str:
        """The state of the paper; of one that is worked on again after a rejection with the round that it is."""
        act = shown_act(self.after, self.step)
        status = (SRIKANDI_STATUS if self.srikandi else STATUS)[act] if act else "SELESAI"
        visits = self.after.visits
        round_ = visits[find_last_visit(visits, self.step.id) - 1].round
        return f"{status}, PUTARAN KE-{round_}" if act in {"draft", "initial"} and round_ > 1 else status

    @property
    def signings(self) -> tuple[Signing, ...]:
        """The acts upon this row's document that count."""
        document = self.step.document
        return self.after.signings.get(document.name, ()) if document else ()

    @property
    def signed(self) -> Signing | None:
        """The signature that counts, None where there is none."""
        return next((signing for signing in reversed(self.signings) if signing.act == "sign"), None)

    @property
    def actor(self) -> str:
        """Who acted: the pelaksana of the move, else the one who decides the row, else the last of it."""
        return self.event.for_ or self.step.decider

    @property
    def receivers(self) -> tuple[str, ...]:
        """Whose turn it is then; in the arms of a fork, of the rows to which the move leads."""
        if not self.after.open:
            return self.after.turn
        rows = [self.sop.step(id) for id in (self.event.to, *self.step.next[1:]) if id not in {"", END}]
        names = [name for row in rows for name in row.pelaksana[: None if row.together else 1]]
        return tuple(dict.fromkeys(names)) or self.after.at(self.step.id).turn

    def day(self, at: datetime) -> Tanggal:
        """The day in the office."""
        return Tanggal.of(at.astimezone(self.office.zone))

    def signer(self) -> Person:
        """Who signed; under a document that is not signed, who is to sign it, else who acted."""
        if self.signed:
            return self.person_of(self.signed)
        wanted = (self.step.document_name, "sign")
        written = ((step, step.document) for step in self.sop.steps if step.document)
        signs = next((step for step, document in written if (document.name, document.act) == wanted), None)
        if signs is None:
            return self.person(self.actor, self.day(self.event.at), by=self.event.on_behalf or self.event.by)
        return self.person(signs.decider, self.day(self.event.at))

    def paraf(self) -> list[Signing]:
        """The initials that count, the last of each pelaksana; whoever drafted the document does not initial it."""
        drafted = self._known_as(*(signing for signing in self.signings if signing.act == "draft"))
        initials = {signing.pelaksana: signing for signing in self.signings if signing.act == "initial"}
        return [signing for signing in initials.values() if not drafted.intersection(self._known_as(signing))]

    def is_by_another(self, act: Signing) -> bool:
        """Whether an act is not that of who drafted the document or, where nobody did, of who acted upon it first."""
        drafts = [signing for signing in self.signings if signing.act == "draft"] or self.signings[:1]
        return self._known_as(act).isdisjoint(self._known_as(*drafts))

    def is_done_by_another(self, act: Act) -> bool:
        """Whether somebody else than the author checked the document (`initial`) or approved it (`sign`)."""
        return any(signing.act == act and self.is_by_another(signing) for signing in self.signings)

    def _known_as(self, *acts: Signing) -> set[str]:
        """The pelaksana of these acts, and who they are where that is known: one person may hold two posts."""
        who = (self.office.find_signer(one.pelaksana, one.assigned, self.day(one.at), one.by) for one in acts)
        names = {f"nama {official.nama}" for official in who if official and official.nama}
        accounts = {f"akun {one.by.casefold()}" for one in acts if self.office.restricts_account(one.by)}
        return {one.pelaksana for one in acts} | names | accounts

    def coordinates(self, signing: Signing) -> bool:
        """Whether an initial is that of another unit."""
        document = self.sop.step(signing.step).document
        return document is not None and document.koordinasi

    def person_of(self, signing: Signing) -> Person:
        """Who acted: as the office was on the day, and as the case was assigned then."""
        day, then = self.day(signing.at), self.recorded_by(signing)
        return self.person(signing.pelaksana, day, signing.assigned, signing.by, then)

    def person(
        self, pelaksana: str, day: date, assigned: str | None = None, by: str = "", then: Office | None = None
    ) -> Person:
        """Who holds a post on the day; ``assigned`` is whom the case assigned to it, None for whom it does now.

        ``by`` is who acted, as `Signing.by` says, empty where nobody did, and ``then`` another office file by which
        that was recorded: whom it named goes first, unless the present one only says more of the same person.
        """
        if assigned is None:
            assigned = self.after.assigned.get(pelaksana, "")
        office, official = self.office, self.office.find_signer(pelaksana, assigned, day, by) or Official()
        known = then.find_signer(pelaksana, assigned, day, by) if then else None
        if then and known and known.nama and not (known.is_same_person(official) and known.as_ == official.as_):
            office, official = then, known
        jabatan = self.sop.pelaksana.get(pelaksana, pelaksana)
        post = official.jabatan or jabatan
        for_another = official.as_ in {"a.n.", "u.b."}
        return Person(
            pelaksana=pelaksana,
            jabatan=post,
            nama=official.nama_gelar or Blank("nama", gap=f"nama {post}"),
            nama_tanpa_gelar=official.nama_tanpa_gelar or Blank("nama", gap=f"nama {post}"),
            nip=format_nip(official.nip) or Blank("18 angka", gap=f"NIP {post}"),
            pangkat=official.pangkat or Blank("pangkat", gap=f"pangkat {post}"),
            as_=official.as_,
            atas_nama=_jabatan(office, pelaksana, "") or jabatan if for_another else "",
            perantara=_jabatan(office, pelaksana, "a.n.") if official.as_ == "u.b." else "",
        )

    def holder(self, pelaksana: str) -> Person:
        """Who holds a post: as it was when the document was signed, else as it is now, with the names of blanks."""
        at = self.signed.at if self.signed else self.event.at
        then = self.recorded_by(self.signed) if self.signed else None
        found = self.person(pelaksana, self.day(at), self.text.assigned.get(pelaksana, ""), then=then)
        return found if self.signed else _name_person(found)

    def letter(self, name: str) -> CaseLetter:
        """A document of the case, as this one refers to it."""
        signed = find_signature(self.after, name)
        nomor = self.number_of(name) or Blank("nomor", gap=f"nomor {name}", awaited=True)
        tanggal = self.day(signed.at) if signed else Blank("tanggal", gap=f"tanggal {name}")
        return CaseLetter(nomor=nomor, tanggal=tanggal)

    def signature(self, signing: Signing) -> Signature:
        """An act as the document lists it."""
        return Signature(
            act=signing.act,
            perbuatan=(SRIKANDI_PERBUATAN if self.srikandi else PERBUATAN)[signing.act],
            peran=(PERAN if self.is_by_another(signing) else AUTHOR_PERAN)[signing.act],
            kegiatan=self.sop.step(signing.step).kegiatan,
            person=self.person_of(signing),
            tanggal=self.day(signing.at),
            waktu=format_moment_in_words(signing.at, self.office.zone),
        )

    def kelengkapan(self) -> Iterator[KelengkapanItem]:
        """The kelengkapan of the row: there where confirmed, the output of an earlier row, or attached."""
        there = {_key(nama) for nama in (*self.event.kelengkapan, *self.before.produced)}
        files = {_key(attachment.item): attachment.caption or "terlampir" for attachment in self.after.attachments}
        for item in self.step.kelengkapan:
            file = files.get(_key(item.nama), "")
            yield KelengkapanItem(nama=item.nama, ada=bool(file) or _key(item.nama) in there, berkas=file)


def build_context(move: MoveFacts) -> dict[str, object]:
    """Everything a template may use: the `TemplateContext`, and beside it every field of the SOP under its own name.

    A field called like a name of the `TemplateContext` (`CONTEXT_NAMES`) is not reachable. Fields and files are those
    that the document was signed with, where it is signed.
    """
    written, fields = move.text.fields, move.sop.fields.values()
    own = {one.name: template_value(one, written.get(one.name)) for one in fields if one.name not in CONTEXT_NAMES}
    said = {**own, **asdict(_context(move))}
    return said if said["signed"] else {name: _name_blanks(value) for name, value in said.items()}


def _context(move: MoveFacts) -> TemplateContext:
    sop, step, after, text, srikandi = move.sop, move.step, move.after, move.text, move.srikandi
    today = move.day(move.event.at)
    signed_on = move.day(move.signed.at) if move.signed else None
    signer, paraf = move.signer(), move.paraf()
    attached = _list_attached(text.attachments)
    foto, columns = _photos(attached, move.office, move.read), move.office.pages.photos // 2
    return TemplateContext(
        instansi=letterhead_of(move.office, move.logo),
        sop_nama=sop.nama,
        sop_nomor=sop.identitas.nomor,
        id=move.id,
        code=move.code if move.office.pages.verification_code else "",
        subject=after.subject or Blank("Perihal"),
        no="" if step.no is None else str(step.no),
        kegiatan=step.kegiatan,
        output="\n".join(step.output),
        waktu=step.waktu.text,
        keterangan=step.keterangan,
        judul=move.judul,
        act=shown_act(after, step) or "",
        status=move.status,
        nomor=NOMOR if srikandi else move.nomor or Blank("nomor", awaited=True),
        tanggal=TANGGAL if srikandi else signed_on or Blank("tanggal", awaited=True),
        tanggal_naskah=today,
        tanggal_mulai=move.day(after.started),
        signer=replace(signer, nama=NAMA, nama_tanpa_gelar=NAMA, nip=NIP) if srikandi else signer,
        signed=signed_on is not None,
        checked=move.is_done_by_another("initial"),
        approved=move.is_done_by_another("sign"),
        is_copy=move.signed is not None and step.document is not None and step.document.copy,
        posts=FoundByName(move.holder),
        letters=FoundByName(move.letter),
        actor=move.person(move.actor, today, by=move.event.on_behalf or move.event.by),
        recipients=tuple(move.person(pelaksana, today) for pelaksana in move.receivers),
        catatan="" if move.event.on_behalf else move.event.note,  # else the words of who only recorded it
        signatures=tuple(map(move.signature, move.signings)),
        paraf=tuple(move.signature(one) for one in paraf if not move.coordinates(one))[-MOST_PARAF:],
        koordinasi=tuple(move.signature(one) for one in paraf if move.coordinates(one)),
        srikandi=srikandi,
        ttd=TTD if srikandi else "",
        kelengkapan=tuple(move.kelengkapan()),
        lampiran=tuple(one.printed for one in attached),
        foto=foto,
        foto_baris=tuple(foto[first : first + columns] for first in range(0, len(foto), columns)),
        agenda_masuk=incoming_letter(after.agenda),
        filled=_list_filled(sop, text),
    )


def _list_filled(sop: Sop, text: DocumentText) -> tuple[FilledField, ...]:
    """The fields of the SOP that hold something, in the order in which they were filled in."""
    given = ((sop.fields.get(name), value) for name, value in text.fields.items() if value not in EMPTY)
    return tuple(filled_field(field, value) for field, value in given if field is not None)


_PERSON_BLANKS = ("nama", "nama_tanpa_gelar", "nip", "pangkat")


def _name_blanks(value: object) -> object:
    """A value as a draft prints it: a missing one with the name of what is missing."""
    if isinstance(value, Blank):
        return replace(value, named=True)
    return _name_person(value) if isinstance(value, Person) else value


def _name_person(person: Person) -> Person:
    return replace(person, **{part: _name_blanks(getattr(person, part)) for part in _PERSON_BLANKS})


def _list_attached(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The attached files, each once: one that was attached again as the same thing has the later caption."""
    return tuple({(one.item, one.sha256 or one.path): one for one in attachments}.values())


def _photos(attached: Iterable[Attachment], office: Office, read: Callable[[str], bytes]) -> tuple[Foto, ...]:
    photos = (one for one in attached if one.path.endswith(PICTURES))
    return tuple(
        Foto(
            urutan=number,
            keterangan=one.printed,
            nama=one.name,
            item=one.item,
            sehalaman=office.pages.photos,
            read=partial(read, one.path),
        )
        for number, one in enumerate(photos, 1)
    )


def _jabatan(office: Office, pelaksana: str, as_: SigningCapacity) -> str:
    """The jabatan of the official who signs for a pelaksana in this capacity, be the post vacant or not."""
    found = (one.jabatan for one in office.officials if pelaksana in one.pelaksana and one.as_ == as_)
    return next((jabatan for jabatan in found if jabatan), "")


def _key(nama: str) -> str:
    return " ".join(nama.split()).casefold()
