"""The letterhead (kop) of an office: its names, address and logo."""

from typing import Annotated

from msgspec import Struct

from sopctl.errors import BusyError, DamagedError, NotFoundError, WrongError
from sopctl.office.model import Office
from sopctl.store.workspace import Workspace
from sopctl.word.pictures import picture_format
from sopctl.word.printed_values import Picture


class Letterhead(Struct, frozen=True, kw_only=True):
    """The letterhead (kop) as templates print it; what the office did not configure is empty."""

    pemerintah: Annotated[str, "baris pertama kop"]
    nama: Annotated[str, "nama perangkat daerah"]
    pimpinan: Annotated[str, "jabatan pimpinannya dengan nama daerahnya, pada judul Keputusan"]
    bidang: Annotated[str, "nama bidang"]
    singkatan: Annotated[str, "singkatan dalam nomor surat"]
    alamat: Annotated[str, "alamat"]
    kota: Annotated[str, "tempat surat ditetapkan"]
    telepon: Annotated[str, "telepon"]
    laman: Annotated[str, "laman"]
    pos_el: Annotated[str, "pos-el"]
    logo: Annotated[Picture | None, "gambar lambang, bila ada"] = None


def letterhead_of(office: Office, logo: bytes | None) -> Letterhead:
    """The letterhead of an office as templates print it."""
    shown = (name for name in Letterhead.__struct_fields__ if name not in {"pimpinan", "logo"})
    named = {name: getattr(office.instansi, name) for name in shown}
    emblem = f"Lambang {office.instansi.pemerintah or office.instansi.nama}".strip()
    picture = Picture(logo, alt=emblem) if logo else None
    return Letterhead(**named, pimpinan=office.instansi.nama_pimpinan, logo=picture)


def read_logo(workspace: Workspace, office: Office) -> bytes | None:
    """The picture of the letterhead, where the office names one.

    Raises:
        WrongError: where the named file is not there, cannot be read, or is no picture that Word shows.
    """
    name = office.instansi.logo
    if not name:
        return None
    try:
        data = workspace.read_picture(name)
    except (NotFoundError, DamagedError, BusyError) as error:
        raise WrongError(f"instansi.logo di sopctl.yaml: {error.message}", code="logo") from error
    if picture_format(data) is None:
        raise WrongError(
            f"instansi.logo di sopctl.yaml: {name} bukan gambar yang utuh. Simpan lagi sebagai PNG atau JPEG.",
            code="logo",
        )
    return data
