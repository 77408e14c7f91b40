"""A letter that was signed elsewhere comes back as a PDF, and is the one that is handed over."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopctl.audit.bundle import write_bundle
from sopctl.audit.trace import TracedLetter, trace_file
from sopctl.audit.verify import verify
from sopctl.desk import agenda, status
from sopctl.desk.documents import case_documents
from sopctl.desk.move_input import MoveInput
from sopctl.desk.outcome import Outcome
from sopctl.desk.signed_letters import bring_back
from sopctl.engine.events import Certificate, Written
from sopctl.engine.refused import Refused
from sopctl.errors import NotFoundError, UsageError
from sopctl.word.pdf_signatures import read_certificates

if TYPE_CHECKING:
    from tests.conftest import Answer, Room

OFFICIAL = Certificate("Pejabat Contoh, S.E.", "Penerbit Contoh")
_EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def pdf(signature: bytes, room: int = 8000) -> bytes:
    """A PDF with the signature in a place that is longer than it needs."""
    digits = signature.hex().encode().ljust(room, b"0")

    def head(before: int, after: int) -> bytes:
        return b"%%PDF-1.7\n1 0 obj <</Type/Sig/ByteRange [ 0 %010d %010d %010d ]/Contents " % (before, after, len(end))

    end = b">>\nendobj\n%%EOF"
    start = len(head(0, 0))
    return head(start, start + len(digits) + 2) + b"<" + digits + b">" + end


@pytest.fixture(scope="module")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """A signature (CMS) of an official whose certificate another one issued, made by OpenSSL with these options."""
    folder = tmp_path_factory.mktemp("sertifikat")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *_EC, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/O=Badan/CN=Penerbit Contoh")
    openssl("req", *_EC, "-keyout", "a.key", "-out", "a.csr", "-subj", "/O=Dinas/CN=Pejabat Contoh, S.E.")
    (folder / "x").write_text("subjectKeyIdentifier=hash")
    openssl(
        "x509", "-req", "-in", "a.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "x",
        "-out", "a.pem",
    )  # fmt: skip
    (folder / "isi").write_text("isi")

    def signature(*options: str) -> bytes:
        words = ("-sign", "-binary", "-in", "isi", "-signer", "a.pem", "-inkey", "a.key", *options)
        openssl("cms", *words, "-outform", "DER", "-out", "s")
        return (folder / "s").read_bytes()

    return signature


@pytest.mark.parametrize(
    ("options", "found"),
    [
        pytest.param(("-certfile", "ca.pem"), OFFICIAL, id="with-the-issuer's-certificate-before-or-after"),
        pytest.param(("-keyid",), OFFICIAL, id="named-by-its-key"),
        pytest.param(("-nocerts",), Certificate(), id="without-a-certificate"),
        pytest.param(("-econtent_type", "1.2.840.113549.1.9.16.1.4"), None, id="a-time-stamp-is-no-signature"),
    ],
)
def test_a_pdf_tells_in_whose_name_it_was_signed(
    sign: Callable[..., bytes], options: tuple[str, ...], found: Certificate | None
) -> None:
    assert read_certificates(pdf(sign(*options))) == ((found,) if found else ())


@given(st.binary(max_size=80))
def test_no_bytes_make_the_reader_of_signatures_fail(data: bytes) -> None:
    read_certificates(pdf(b"\x30" + data))
    read_certificates(b"%PDF-1.7 /ByteRange [0 9 20 3]" + data)


def test_a_hostile_pdf_is_given_up(
    sign: Callable[..., bytes], count_calls: Callable[[Callable[[], object]], int]
) -> None:
    """However many values and signatures there are, about as much is read of them."""
    deep = b"\x30\x80" * 40_000
    wide = b"\x30\x83" + (60_000).to_bytes(3, "big") + b"\x05\x00" * 30_000
    many = b"%PDF-1.7 " + b"".join(b"/ByteRange [0 %d 9 9]" % number for number in range(200_000))
    most = count_calls(lambda: read_certificates(pdf(sign()))) * 20
    for data in (pdf(deep, 200_000), pdf(wide, 200_000), many):
        assert count_calls(lambda data=data: read_certificates(data)) < most  # type: ignore[misc]


def back(room: "Room", file: Path, document: str = "surat-tugas", id: str = "sk-tim-1") -> "Answer":
    return room.ask(lambda session: bring_back(session, id, str(file), document, MoveInput()))


def valid(room: "Room", id: str = "sk-tim-1") -> list[Written]:
    found = case_documents(room.session().record, id, "surat-tugas")
    return [one for one in found.documents if one.path in found.valid]


@pytest.fixture
def letter(sign: Callable[..., bytes], tmp_path: Path) -> Path:
    path = tmp_path / "kembali.pdf"
    path.write_bytes(pdf(sign("-certfile", "ca.pem")))
    return path


def test_a_letter_that_came_back_is_the_one_that_is_handed_over(room: "Room", letter: Path, tmp_path: Path) -> None:
    id = room.letter()
    (word,) = room.approve(id).documents
    made = back(room, letter)
    assert isinstance(made, Outcome), made
    assert "atas nama Pejabat Contoh, S.E. (penerbit Penerbit Contoh)" in made.notices[0].message
    assert "tidak memeriksa" in made.notices[0].message
    (pdf_,) = valid(room)
    assert (pdf_.nomor, pdf_.certificates) == (word.nomor, (OFFICIAL,))
    assert (room.root / pdf_.path).read_bytes() == letter.read_bytes()
    assert pdf_.path in status.case_status(room.session().record, id).valid
    record = room.session().record
    assert verify(record, None).findings == ()
    traced = trace_file(record, letter)
    assert isinstance(traced, TracedLetter)
    assert (traced.certificates, traced.latest, traced.standing) == ((OFFICIAL,), "", None)
    older = trace_file(record, room.root / word.path)
    assert isinstance(older, TracedLetter)
    assert older.latest == pdf_.path
    write_bundle(record, id, tmp_path / "b.zip")
    with ZipFile(tmp_path / "b.zip") as packed:
        assert packed.read(pdf_.path) == letter.read_bytes()


def test_it_stays_so_when_the_letter_is_handed_over_and_comes_back_to_an_ended_case(room: "Room", letter: Path) -> None:
    id = room.letter()
    room.approve(id)
    back(room, letter)
    (first,) = valid(room)
    while room.session().record.load_case(id).state.step:
        room.approve(id)
    assert case_documents(room.session().record, id, "surat-tugas").newest == first
    traced = trace_file(room.session().record, letter)
    assert isinstance(traced, TracedLetter)
    assert traced.latest == ""
    letter.write_bytes(letter.read_bytes() + b"\n")
    assert isinstance(back(room, letter), Outcome)
    (second,) = valid(room)
    assert second.path != first.path
    assert verify(room.session().record, None).findings == ()


def test_a_scan_of_the_paper_says_that_it_carries_no_signature(room: "Room", tmp_path: Path) -> None:
    room.approve(room.letter())
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF")
    made = back(room, scan)
    assert isinstance(made, Outcome)
    assert "tanpa tanda tangan elektronik" in made.notices[0].message
    assert [one.certificates for one in valid(room)] == [()]


def test_a_pdf_that_may_want_a_password_is_told(room: "Room", tmp_path: Path) -> None:
    room.approve(room.letter())
    told = []
    for trailer in (b"<</Encrypt 7 0 R>>", b"<</Info 7 0 R>>"):
        (scan := tmp_path / "pindaian.pdf").write_bytes(b"%PDF-1.4\ntrailer" + trailer + b"\n%%EOF")
        made = back(room, scan)
        assert isinstance(made, Outcome)
        told.append(["kata sandi" in one.message for one in made.notices])
    assert told == [[False, True], [False]]


def test_what_cannot_come_back_is_refused_and_nothing_recorded(room: "Room", letter: Path, tmp_path: Path) -> None:
    id = room.letter()
    before = room.record()
    refused = back(room, letter)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_signed"
    with pytest.raises(NotFoundError, match="surat-tugas"):
        back(room, letter, "surat")
    other = tmp_path / "naskah.docx"
    other.write_bytes(b"PK naskah")
    with pytest.raises(UsageError, match="bukan PDF"):
        back(room, other)
    assert room.record() == before
    room.approve(id)
    with pytest.raises(UsageError, match="disposisi, surat-tugas") as several:
        back(room, letter, "")
    assert several.value.facts == {"documents": ("disposisi", "surat-tugas")}
    room.cancel(id)
    cancelled = back(room, letter)
    assert isinstance(cancelled, Refused)
    assert cancelled.reason == "cancelled"


@pytest.mark.parametrize("kept", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF\n" + b"x" * 2000])
def test_a_pdf_that_was_cut_off_is_refused(room: "Room", tmp_path: Path, kept: bytes) -> None:
    room.approve(room.letter())
    cut = tmp_path / "kembali.pdf"
    cut.write_bytes(kept)
    with pytest.raises(UsageError, match="terpotong"):
        back(room, cut)
    cut.write_bytes(kept + b"\n%%EOF\n" + bytes(3000))
    assert isinstance(back(room, cut), Outcome)


def test_the_same_file_comes_back_once(room: "Room", letter: Path) -> None:
    id = room.letter()
    room.approve(id)
    assert isinstance(back(room, letter), Outcome)
    room.approve(id)
    before = room.record()
    refused = back(room, letter)
    assert isinstance(refused, Refused)
    assert refused.reason == "already_returned"
    assert Path(valid(room)[0].path).name in refused.message
    assert room.record() == before


def test_a_letter_that_awaits_its_number_gets_it_first(room: "Room", letter: Path) -> None:
    room.say('letter_number: {pattern: "{nomor}", when: desk}')
    id = room.letter()
    room.approve(id)
    refused = back(room, letter)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.facts) == ("no_number", {"id": id})
    agenda.set_number(room.session(), id, "7", "surat-tugas", "")
    assert isinstance(back(room, letter), Outcome)
    assert [(one.nomor, one.is_returned) for one in valid(room)] == [("7", True)]


def test_a_letter_of_srikandi_comes_back_before_its_number_is_known(room: "Room", letter: Path) -> None:
    sop = room.root / "sops" / "sk-tim.yaml"
    text = sop.read_text()
    sop.write_text(text.replace("template: surat-tugas.docx", "srikandi: ya\n    template: surat-tugas.docx", 1))
    id = room.letter()
    room.approve(id)
    assert isinstance(back(room, letter), Outcome)
    assert [one.is_returned for one in valid(room)] == [True]
    agenda.set_number(room.session(), id, "7", "surat-tugas", "")
    assert [one.is_returned for one in valid(room)] == [True]


def test_a_signature_that_is_turned_down_takes_what_came_back_with_it(room: "Room", letter: Path) -> None:
    room.write(
        """
        id: tiga
        nama: Tiga
        pelaksana: {tim: Tim Kerja, kadis: Kepala Dinas}
        documents: {surat-tugas: {template: lembar-hasil.docx}}
        steps:
          - {id: susun, kegiatan: Menyusun, pelaksana: tim, document: {name: surat-tugas, act: draft}}
          - {id: teken, kegiatan: Menandatangani, pelaksana: kadis, document: {name: surat-tugas, act: sign}}
          - {id: baca, kegiatan: Membaca, pelaksana: tim, branches: {ya: end, tidak: susun}}
        """
    )
    room.start("tiga")
    room.approve("tiga-1")
    room.approve("tiga-1")
    assert isinstance(back(room, letter, "", "tiga-1"), Outcome)
    assert [one.is_returned for one in valid(room, "tiga-1")] == [True]
    room.reject("tiga-1")
    assert valid(room, "tiga-1") == []
    room.approve("tiga-1")
    room.approve("tiga-1")
    assert [one.is_returned for one in valid(room, "tiga-1")] == [False]
