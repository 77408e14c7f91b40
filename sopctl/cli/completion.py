"""What the Tab key offers: SOPs, cases, labels and pelaksana of the workspace at hand.

Completion must never print or fail: where there is nothing to offer it offers nothing.
"""

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

import typer

from sopctl.cli.invocation import invocation
from sopctl.errors import SopctlError

if TYPE_CHECKING:
    from sopctl.desk.session import Session

OFFERED = 200
"""Cases that are offered at most."""

_PLAIN = re.compile(r"[\w.,/()][\w .,/()-]*")
"""Words that no shell acts on: some put what is offered on the line as it is, zsh even evaluates it."""


def sops(ctx: typer.Context, incomplete: str) -> list[str]:
    """The SOPs of the workspace."""
    return _offered(ctx, incomplete, lambda session: session.library.list_ids())


def sops_and_examples(ctx: typer.Context, incomplete: str) -> list[str]:
    """The SOPs of the workspace, then the examples."""
    return _offered(ctx, incomplete, lambda session: session.library.list_ids() + session.library.list_examples())


def running(ctx: typer.Context, incomplete: str) -> list[str]:
    """The cases that have not ended."""
    from sopctl.desk.status import running_ids

    return _offered(ctx, incomplete, lambda session: running_ids(session.record))


def cases(ctx: typer.Context, incomplete: str) -> list[str]:
    """All cases."""
    return _offered(ctx, incomplete, lambda session: session.store.list_ids())


def labels(ctx: typer.Context, incomplete: str) -> list[str]:
    """The exits of the step at which the case named before stands."""
    from sopctl.desk.move_input import MoveInput
    from sopctl.desk.status import open_labels

    id, typed = str(ctx.params.get("id") or ""), MoveInput(step=str(ctx.params.get("step") or ""))
    return _offered(ctx, incomplete, lambda session: open_labels(session, id, typed))


def pelaksana(ctx: typer.Context, incomplete: str) -> list[str]:
    """The pelaksana of all SOPs here."""
    return _offered(
        ctx, incomplete, lambda session: sorted({key for sop in session.library.read_sops() for key in sop.pelaksana})
    )


def _offered(ctx: typer.Context, incomplete: str, words: "Callable[[Session], Iterable[str]]") -> list[str]:
    from sopctl.cli.session import opened

    invocation.workspace = ctx.params.get("workspace")
    try:
        session = opened(looking=True)
        found = (word for word in words(session) if word.startswith(incomplete) and _PLAIN.fullmatch(word))
        return list(islice(found, OFFERED))
    except (SopctlError, OSError):
        return []
