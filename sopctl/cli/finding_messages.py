"""What an audit found, for people: of many things of one kind the first few, and how many there are.

`--json` holds all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import asdict

from sopctl.cli import output
from sopctl.cli.remedies import sentence
from sopctl.engine.refused import Refused
from sopctl.errors import DamagedError
from sopctl.reports.content import format_count

Audited = TypeVar(
    "Audited", bound="Verification | DoctorReport | TracedLetter | TracedAttachment | WrittenBackup | RestoredBackup"
)

if TYPE_CHECKING:
    from sopctl.audit.backup import WrittenBackup
    from sopctl.audit.doctor import DoctorReport
    from sopctl.audit.findings import Finding, FindingKind
    from sopctl.audit.restore import RestoredBackup
    from sopctl.audit.trace import TracedAttachment, TracedLetter
    from sopctl.audit.verify import Verification


_MANY = 5
"""Findings of one kind from where on they are summed up."""

_EXAMPLES = 3
"""Findings that stand for the others then."""


def show_audit(found: Audited | Refused, say: Callable[[Audited], object]) -> int:
    """Print what an audit found as JSON, each finding with what helps, or as ``say`` tells it; the exit code."""
    damaged = not isinstance(found, Refused) and (found.findings or getattr(found, "altered", False))
    return output.show(found, say, encode=_with_remedies, code=DamagedError.exit_code if damaged else 0)


def _with_remedies(found: Audited) -> dict[str, object]:
    facts = asdict(found)
    for name in {"findings", "notices"} & facts.keys():
        facts[name] = [
            {"id": one.id, "path": one.path, "message": sentence(one), "kind": one.kind} for one in facts[name]
        ]
    return facts


def finding(found: "Finding") -> str:
    """One thing that is not as it was recorded, with the case that it belongs to."""
    return f"{found.id or 'data'}: {output.line(sentence(found))}"


def say_findings(findings: "Iterable[Finding]", notices: "Iterable[Finding]") -> None:
    """Say what is not as it was recorded, then what is worth knowing though nothing differs."""
    for text in sum_up(findings):
        output.complain(text)
    for text in sum_up(notices):
        output.say(f"Penting: {text}")


def conclusion(findings: "Sequence[Finding]", notices: "Sequence[Finding]") -> str:
    """The last line: how much of what was said above wants a look."""
    if findings:
        return f"{format_count(len(findings))} hal perlu dilihat."
    return f"Semua cocok; bacalah {format_count(len(notices))} hal penting di atas." if notices else "Semua utuh."


def sum_up(findings: "Iterable[Finding]") -> Iterator[str]:
    """One text for each finding; one for all of a kind where there are many, with the first few in it."""
    from sopctl.audit.findings import KIND_WORDS

    kinds: dict[FindingKind, list[Finding]] = {}
    for one in findings:
        kinds.setdefault(one.kind, []).append(one)
    for kind, found in kinds.items():
        texts = map(finding, found)
        if len(found) <= _MANY:
            yield from texts
        else:
            first = "".join(f"\n  {text}" for text in islice(texts, _EXAMPLES))
            yield f"{format_count(len(found))} hal tentang {KIND_WORDS[kind]} (semuanya: --json), di antaranya:{first}"


def first_few(lines: Sequence[str], at_most: int = 20) -> Iterator[str]:
    """The first lines, then how many more there are."""
    yield from lines[:at_most]
    if len(lines) > at_most:
        yield f"… dan {format_count(len(lines) - at_most)} lagi (semuanya: --json)."
