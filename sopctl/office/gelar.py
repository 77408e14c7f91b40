"""The gelar in a person's nama: what stands before the nama, the nama alone, and what stands behind it.

The patterns are compiled when the first nama is split, which most commands never do.

Known are the gelar that docs/kantor.md lists. What merely looks like one stays part of the nama, and `check` shows it.
"""

import re

_TITLES = r"Prof|Assoc|Asst|Drs?|Dra|drg|drh|Dipl|Ir|Hj|Hi?|K\.?H|apt|Ns|bdn?|Pdt|Ust|Tgk|Pst"
_UNDOTTED_TITLES = r"Prof|Drs?|Dra|Ir|Hj?|KH"
_TITLE_PARTS = r"rer|nat|pol|phil|med|oec|publ|iur|jur|agr|sci?|hum|theol|troph|h\.\s?c|cand|eng|ing"
_BEFORE = (
    rf"(?i)(?:(?:(?:{_TITLES})\.|(?:{_UNDOTTED_TITLES})(?=[\s(-]))"
    rf"(?:[\s-]*(?:\([^)]*\)|(?:{_TITLE_PARTS})\.))*\s*)+(?=\w)"
)
"""`Prof. Dr. Ir.`, `Dr.rer.nat.`, `Dr.-Ing.`, `Dr. (H.C.)`: titles with a full stop, some also without."""

_SPACED = r"\s(?:E|H|T|P|I|Sos|Si|Pd|Kom|Hum|Ag|IP|AP|KM|Kep|Kes|Hut|Pt|Pi|Psi|Farm|Md|Keb|Ak|Sc)\b\.?"
_DEGREE = (
    rf"(?:(?:[SMBD]|Ph|Sp|LL|A(?=\.\s?M[ad]))\.(?:[A-Z][A-Za-z-]{{0,6}}\b\.?|{_SPACED})+"
    r"|(?:S[EHT]|SIP|SAP|SKM|SPd|SSos|SSi|SKom|SPt|SHut|SSTP|SFarm|SKep|M[MTH]|MSi|MPd|MKom|MSc|MBA|MAP|MPA|MKes|MHum"
    r"|MAk|PhD|Lc|BSc|BA|Ak|CA|IP[MU]|Sp[A-Z]\w*)\b\.?)"
)
_BEHIND = rf"\s({_DEGREE}(?:\s{_DEGREE})*)$"
"""`S.E.`, `S.Sos`, `M. Si.`, `A.Md.Keb.`, `Sp.PD-KGEH`, and some without a full stop, at the end of a nama."""

_SHORT_NAMES = r"(?i)\b(?:Moh?|Mo?ch|Mohd|Muhd?|Much|Abd|St)\."


def split_nama(text: str, *, before: bool = True, behind: bool = True) -> tuple[str, str, str]:
    """Gelar in front, nama, gelar behind; ``before`` and ``behind`` say on which sides of the nama gelar are sought.

    What follows the first comma is never part of the nama.
    """
    bare, _, after = (part.strip() for part in " ".join(text.split()).partition(","))
    found = re.match(_BEFORE, bare) if before else None
    front, bare = (found[0].strip(), bare[found.end() :]) if found else ("", bare)
    last = re.search(_BEHIND, bare) if behind else None
    if last:
        bare, after = bare[: last.start()], ", ".join(filter(None, (last[1], after)))
    return front, bare, after


def may_hold_gelar(nama: str) -> bool:
    """Whether a nama has a shortened word that may be a gelar after all: `Xyz. Ani`, `Ani B. F.`."""
    return bool(re.search(r"\w{2}\.|\.\w|[()]|\.$", re.sub(_SHORT_NAMES, "", nama)))
