"""What the form of the half-yearly monitoring says: the evidence of each procedure, and room for the judgement.

The form and its columns are those of PermenPAN-RB 35/2012. Whether a procedure runs well is for people to say: the
boxes stay empty, and so do what is to be done and the paraf.
"""

from msgspec import Struct

from sopctl.letters.context import GLOBAL_NAMES
from sopctl.word.dates import Tanggal
from sopctl.word.letterhead import Letterhead


class Procedure(Struct, frozen=True, kw_only=True):
    """One row of the form: ``bukti`` are the sentences of evidence that stand under Catatan hasil penilaian."""

    no: int
    nama: str
    bukti: tuple[str, ...]


class Monitoring(Struct, frozen=True, kw_only=True):
    """Everything that `templates/monitoring.docx` may use: the letterhead, the days that it is about, its rows."""

    instansi: Letterhead
    periode: str
    tanggal: Tanggal
    prosedur: tuple[Procedure, ...]


MONITORING_NAMES = GLOBAL_NAMES | frozenset(Monitoring.__struct_fields__)
"""The names that the template of the form finds."""
