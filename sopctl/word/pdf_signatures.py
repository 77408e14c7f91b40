"""The electronic signatures that a PDF carries, and in whose name their certificates are: as the file says it.

Nothing is validated: neither that the file is as it was signed, nor that a certificate is genuine or in force. A
signature is found by its `ByteRange` (ISO 32000-1, 12.8.1), which leaves out its `Contents`: a CMS signature (RFC 5652)
as hexadecimal digits. A time stamp is none. Only DER is read, and only as much of it as the names need.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from sopctl.engine.events import Certificate
from sopctl.word.der import INTEGER, OID, SEQUENCE, DerValue, read_value

_PDF = b"%PDF-"
_END = b"%%EOF"
_ENDS = 1024
"""The first bytes among which a PDF says that it is one, and the last ones among which it says that it is whole."""

_RANGE = re.compile(rb"/ByteRange\s{0,9}\[" + rb"\s{0,9}(\d{1,10})" * 4)
_MOST_SIGNATURES = 64
_LONGEST_SIGNATURE = 1_000_000
"""Hexadecimal digits; a signature with its chain and revocation lists has some ten thousand."""

_LONGEST_NAME = 200

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TIME_STAMP = bytes.fromhex("2a864886f70d0109100104")
_COMMON_NAME, _ORGANIZATION = bytes.fromhex("550403"), bytes.fromhex("55040a")
_CERTIFICATES = 0xA0
_ENCODINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
"""How the kinds of text of a name are encoded."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes are those of a PDF."""
    return _PDF in data[:_ENDS]


def is_encrypted(data: bytes) -> bool:
    """Whether a PDF is encrypted: whoever opens it may need a password."""
    return re.search(rb"/Encrypt\s{0,9}(?:\d{1,10}\s{1,9}\d{1,5}\s{1,9}R|<<)", data) is not None


def is_whole(data: bytes) -> bool:
    """Whether a PDF has its end: one that was cut off while it was copied has none."""
    return _END in data.rstrip(b"\0\r\n ")[-_ENDS:]


def read_certificates(data: bytes) -> tuple[Certificate, ...]:
    """The certificate of each electronic signature in a PDF, none where it has no signature.

    One whose certificate cannot be read has no names.
    """
    ranges = {tuple(map(int, found.groups())): None for found in _first(_RANGE.finditer(data))}
    signatures = (_signature(data, *one) for one in ranges)
    return tuple(certificate for one in signatures if one is not None and (certificate := _certificate(one)))


def describe_certificates(certificates: Sequence[Certificate]) -> str:
    """What a letter that came back carries, in words that follow its name."""
    if not certificates:
        return "tanpa tanda tangan elektronik"
    issued = ((one, f" (penerbit {one.issuer})" if one.issuer else "") for one in certificates)
    names = [f"atas nama {one.subject}{by}" if one.subject else "yang tidak terbaca" for one, by in issued]
    return f"bertanda tangan elektronik dengan sertifikat {' dan '.join(dict.fromkeys(names))}"


def _first(found: Iterator[re.Match[bytes]]) -> Iterator[re.Match[bytes]]:
    return (one for _, one in zip(range(_MOST_SIGNATURES), found, strict=False))


def _signature(data: bytes, start: int, length: int, rest: int, _: int) -> bytes | None:
    """The DER between the two ranges of bytes that are signed; None where there is none."""
    gap = data[start + length : min(rest, start + length + _LONGEST_SIGNATURE)].strip()
    if not gap.startswith(b"<") or not gap.endswith(b">"):
        return None
    with suppress(ValueError):
        signature = bytes.fromhex(gap[1:-1].decode("ascii"))
        return signature if signature[:1] == bytes([SEQUENCE]) else None
    return None


def _certificate(signature: bytes) -> Certificate | None:
    """The certificate that a signature says it was made with, without names where it cannot be read.

    None of a time stamp.
    """
    with suppress(ValueError, IndexError):
        kind, wrapped = read_value(signature).parts()[:2]
        if kind.content != _SIGNED_DATA:
            return Certificate()
        _, _, signed, *others = wrapped.parts()[0].parts()
        if signed.parts()[0].content == _TIME_STAMP:
            return None
        identifier = others[-1].parts()[0].parts()[1]
        certificates = [one for other in others if other.tag == _CERTIFICATES for one in other.parts()]
        return next((_names(one) for one in certificates if _is_of(one, identifier)), Certificate())
    return Certificate()


def _fields(certificate: DerValue) -> tuple[DerValue, ...]:
    """Serial number, algorithm, issuer, validity, subject … of a certificate; the version before them is left out."""
    fields = certificate.parts()[0].parts()
    return fields if fields[0].tag == INTEGER else fields[1:]


def _is_of(certificate: DerValue, identifier: DerValue) -> bool:
    """Whether a signer names this certificate: by issuer and serial number, else by the identifier of its key."""
    serial, _, issuer, *_ = _fields(certificate)
    if identifier.tag == SEQUENCE:
        return identifier.content == issuer.encoded + serial.encoded
    return identifier.content in certificate.content


def _names(certificate: DerValue) -> Certificate:
    _, _, issuer, _, subject, *_ = _fields(certificate)
    return Certificate(_name(subject), _name(issuer))


def _name(name: DerValue) -> str:
    """The common name, else the organization; empty where there is neither."""
    found: dict[bytes, str] = {}
    for kind, value in (pair.parts()[:2] for one in name.parts() for pair in one.parts()):
        if kind.tag == OID:
            text = value.content.decode(_ENCODINGS.get(value.tag, "utf-8"), errors="replace")
            found.setdefault(kind.content, " ".join("".join(filter(_is_shown, text)).split())[:_LONGEST_NAME])
    return found.get(_COMMON_NAME) or found.get(_ORGANIZATION, "")


def _is_shown(letter: str) -> bool:
    return letter.isprintable() or letter.isspace()
