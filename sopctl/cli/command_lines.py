"""Commands that people are told to type.

They are pasted into cmd, PowerShell or a Unix shell, and the words in them come from files that somebody wrote: a label
`$(…)` must not run there. What no shell takes literally is never part of a command; it is told in words beside it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sopctl.engine.next_actions import NextAction
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


def next_commands(id: str, actions: "Iterable[NextAction]", *, asks: bool = False) -> tuple[str, ...]:
    """The commands of what is next; one stands for all labels that whoever decides must type himself."""
    return tuple(dict.fromkeys(command(id, action, asks=asks) for action in actions))


def command(id: str, action: "NextAction", *, asks: bool = False) -> str:
    """One action for the case with this id, as it is typed; without what a command ``asks`` for at the terminal."""
    match action.kind:
        case "resume":
            return f"sopctl resume {id}"
        case "wait":
            return f"sopctl why {action.called}"
        case "assign":
            return f'sopctl assign {id} {action.pelaksana} "NAMA"'
        case "fill":
            return " ".join([f"sopctl set {id}", *map(_value, action.fields)])
        case "start":
            words = [f"sopctl start {action.called} --parent {id}"]
        case "decide":
            words = [f"sopctl decide {id} {word(action.label, _LABEL)} --step {action.step}"]
        case "approve" | "reject" | "skip":
            words = [f"sopctl {action.kind} {id} --step {action.step}"]
    words += [f"--as {action.pelaksana}"] if action.pelaksana else []
    if not asks or action.kind in {"decide", "reject", "skip"}:
        words += [*map(field_option, action.fields), *attachments(action.items)]
    return " ".join([*words, *(['--note "…"'] if action.note and not asks else [])])


def letter_commands(id: str) -> tuple[str, str]:
    """What opens the letter of a case that holds, and what copies all of them."""
    return f"sopctl docs {id} --open", f"sopctl docs {id} -o FOLDER"


def typed_by_hand(actions: "Iterable[NextAction]") -> tuple[str, ...]:
    """The sentence about the labels that stand in no command; none where there are none."""
    labels = dict.fromkeys(action.label for action in actions if action.kind == "decide")
    left = [" ".join(label.split()) for label in labels if not literal(label)]
    return (f"Ketik sendiri {_LABEL}: {' atau '.join(left)}",) if left else ()


def as_json(id: str, action: "NextAction") -> dict[str, object]:
    """An action as `--json` prints it, with its command."""
    from msgspec.structs import asdict

    return {**asdict(action), "fields": [field.name for field in action.fields], "command": command(id, action)}


def field_option(field: "Field") -> str:
    """The option that fills in a field, with what its type wants."""
    return f"--set {_value(field)}"


def _value(field: "Field") -> str:
    sample = {
        "list": "BARIS;BARIS",
        "table": "@BERKAS.csv",
        "number": "ANGKA",
        "date": "TANGGAL",
        "nip": "NIP",
        "money": "JUMLAH",
        "choice": "|".join(field.choices),
        "text": "TEKS",
    }[field.type]
    return f"{field.name}={word(sample, 'PILIHAN')}"


def attachments(items: Iterable[str]) -> tuple[str, ...]:
    """The options that lay a file beside the case for each of these kelengkapan."""
    return tuple(f"--attach {word(f'{item}=BERKAS', 'KELENGKAPAN=BERKAS')}" for item in items)
