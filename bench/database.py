"""A record in files, copied into a database line by line, faster than `sopctl record move`, and without its checks."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg

from sopctl.store import case_ids, ledger
from sopctl.store.files import cases as case_files
from sopctl.store.ledger import LoggedEvent, NumberLine
from sopctl.store.postgres.cases import encode_envelope
from sopctl.store.workspace import Workspace

COPY_LINES: LiteralString = """
COPY sopctl.ledger (office, line, kind, case_id, revision, sequence, changes_office, text) FROM STDIN
"""
COPY_CASES: LiteralString = """
COPY sopctl.cases (office, id, sop, version, number, folder, revision, head, envelope, line) FROM STDIN
"""
COPY_VERSIONS: LiteralString = "COPY sopctl.versions (office, kind, version, text) FROM STDIN"

TELL_GROUPS: LiteralString = """
INSERT INTO sopctl.folders (office, folder, line)
SELECT office, folder, max(line) FROM sopctl.cases WHERE office = %(office)s GROUP BY office, folder
"""
_END: LiteralString = "UPDATE sopctl.offices SET lines = %(lines)s, head = %(head)s WHERE office = %(office)s"


def copy_record(workspace: Workspace, connection: psycopg.Connection, office: str) -> None:
    """Copy cases, SOP versions and what was recorded of them; files stay where they are, and only reading goes on.

    The connection is that of who is bound by no policy; the office has no record yet.
    """
    last: dict[str, int] = {}
    text, number = b"\n", 0
    cursor = connection.cursor()
    with cursor.copy(COPY_LINES) as rows, workspace.ledger.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            rows.write_row((office, number, *_describe_line(text[:-1], number, last), text[:-1].decode()))
    with cursor.copy(COPY_CASES) as rows:
        for row in _describe_cases(workspace, last):
            rows.write_row((office, *row))
    with cursor.copy(COPY_VERSIONS) as rows:
        for kind, folder in (("sops", workspace.versions), ("office", workspace.offices)):
            for path in folder.glob("*.yaml"):
                rows.write_row((office, kind, path.stem, path.read_bytes()))
    cursor.execute(TELL_GROUPS, {"office": office})
    cursor.execute(_END, {"office": office, "lines": number, "head": ledger.hash_line(text[:-1])})
    cursor.execute("VACUUM ANALYZE")


def _describe_line(text: bytes, number: int, last: dict[str, int]) -> tuple[object, ...]:
    """The columns by which a line is found; ``last`` is told the last line of each case."""
    match ledger.decode_passing(text):
        case LoggedEvent(case=case, revision=revision):
            last[case] = number
            return "event", case, revision, None, number == 1
        case NumberLine(sequence=sequence, entry=entry):
            return "number", entry.id or None, None, sequence, number == 1
        case other:
            return str(other.__struct_config__.tag if other else "event"), None, None, None, True


def _describe_cases(workspace: Workspace, last: dict[str, int]) -> Iterator[tuple[object, ...]]:
    for id in case_files.iter_ids(workspace.instances):
        one = case_files.load(workspace.instances, id)
        folder, number, line = case_ids.folder_of(id), case_ids.number_of(id), last[id]
        yield id, one.sop, one.version, number, folder, one.revision, one.head, encode_envelope(one), line
