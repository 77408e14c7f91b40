"""The rating of a year's work, as the rule's matrix gives it: people give the two ratings, the table the predikat.

Source: PermenPAN-RB 6/2022, pengelolaan kinerja ASN.
"""

from sopctl.word.printed_values import Blank

DI_BAWAH = "Di Bawah Ekspektasi"
SESUAI = "Sesuai Ekspektasi"
DI_ATAS = "Di Atas Ekspektasi"

# (hasil kerja, perilaku kerja) → predikat
_MATRIX = {
    (DI_BAWAH, DI_ATAS): "Butuh Perbaikan",
    (DI_BAWAH, SESUAI): "Butuh Perbaikan",
    (DI_BAWAH, DI_BAWAH): "Sangat Kurang",
    (SESUAI, DI_ATAS): "Baik",
    (SESUAI, SESUAI): "Baik",
    (SESUAI, DI_BAWAH): "Kurang",
    (DI_ATAS, DI_ATAS): "Sangat Baik",
    (DI_ATAS, SESUAI): "Baik",
    (DI_ATAS, DI_BAWAH): "Kurang",
}


def predikat(hasil_kerja: object, perilaku_kerja: object) -> str | Blank:
    """What a template calls as `predikat(hasil_kerja, perilaku_kerja)`; a Blank unless both are among the three."""
    ratings = (_rating(hasil_kerja), _rating(perilaku_kerja))
    return _MATRIX.get(ratings) or Blank("Predikat kinerja")


def _rating(value: object) -> str:
    return " ".join(str(value).split()).title()
