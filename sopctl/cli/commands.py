"""Commands that people are told to type.

They are pasted into cmd, PowerShell or a Unix shell, and the words in them come from files that somebody wrote: a label
`$(…)` must not run there. What no shell takes literally is never part of a command; it is told in words beside it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sopctl.sop.model import Field

_ACTED_ON = frozenset('$`"%!\\“”„')
"""What one of the shells acts on between double quotes; PowerShell takes typographic quotes for quotes."""

_LABEL = "LABEL"


def literal(text: str) -> bool:
    """Whether every shell takes the text as it is between double quotes."""
    return text.isprintable() and not text.startswith("-") and not _ACTED_ON.intersection(text)


def word(text: str, otherwise: str) -> str:
    """The text in double quotes, ``otherwise`` where a shell would act on what is in it."""
    return f'"{text}"' if literal(text) else otherwise


def decisions(id: str, labels: Iterable[str], more: str = "") -> tuple[str, ...]:
    """The commands that choose among these exits; one stands for all labels that whoever decides must type himself."""
    words = dict.fromkeys(word(label, _LABEL) for label in labels)
    return tuple(f"sopctl decide {id} {each}{more}" for each in words)


def typed_by_hand(labels: Iterable[str]) -> tuple[str, ...]:
    """The sentence about the labels that stand in no command; none where there are none."""
    left = [" ".join(label.split()) for label in labels if not literal(label)]
    return (f"Ketik sendiri {_LABEL}: {' atau '.join(left)}",) if left else ()


def field_option(field: "Field") -> str:
    """The option that fills in a field, with what its type wants."""
    sample = {
        "list": "BARIS;BARIS",
        "table": "@BERKAS.csv",
        "number": "ANGKA",
        "date": "TANGGAL",
        "choice": "|".join(field.choices),
        "text": "TEKS",
    }[field.type]
    return f"--set {field.name}={word(sample, 'PILIHAN')}"


def attachments(items: Iterable[str]) -> tuple[str, ...]:
    """The options that lay a file beside the case for each of these kelengkapan."""
    return tuple(f"--attach {word(f'{item}=BERKAS', 'KELENGKAPAN=BERKAS')}" for item in items)
