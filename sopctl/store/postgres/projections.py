"""What the database derives from ledger and cases, to answer quickly: compared with them, and derived anew.

These are the counters, the groups of cases, the columns of a case by which it is found, and what the row of the office
says of its ledger. Nothing is lost where they are wrong, but a case may be missed in an overview, or nothing recorded.
Where the row of the office says that the ledger ends otherwise, nobody can know whether lines were lost: that is told,
and never derived.
"""

from msgspec import Struct
from msgspec.structs import replace

from sopctl.errors import NotFoundError
from sopctl.store import case_ids, ledger
from sopctl.store.ledger import OFFICE
from sopctl.store.postgres import cases, register
from sopctl.store.postgres.connections import Ask, Statement, read_portions
from sopctl.store.postgres.ledger import PORTION, LedgerEnd, PostgresLedger, find_named_office, save_changes
from sopctl.store.protocol import WrongProjection

_CASES = (
    "SELECT c.id, c.sop, c.number, c.folder, c.line, strpos(c.envelope, '\"version\":\"' || c.version || '\"') > 0,"
    " (SELECT l.line FROM sopctl.ledger l WHERE l.office = c.office AND l.kind = 'event' AND l.case_id = c.id"
    " ORDER BY l.revision DESC LIMIT 1) FROM sopctl.cases c WHERE c.office = %(office)s AND c.id > %(after)s"
    " ORDER BY c.id LIMIT %(portion)s"
)
_FOLDERS: Statement = ("SELECT folder, line FROM sopctl.folders WHERE office = %(office)s", {})
_COUNTERS: Statement = ("SELECT name, value FROM sopctl.counters WHERE office = %(office)s", {})
_END: Statement = ("SELECT lines, head, named_office FROM sopctl.offices WHERE office = %(office)s", {})

_SAVE_LINES = (
    "UPDATE sopctl.cases SET line = n.line FROM unnest(%(id)s::text[], %(line)s::bigint[]) AS n(id, line)"
    " WHERE cases.office = %(office)s AND cases.id = n.id"
)
_SAVE_FOLDERS = (
    "INSERT INTO sopctl.folders (office, folder, line) SELECT %(office)s, * FROM unnest(%(folder)s::text[],"
    " %(line)s::bigint[]) ON CONFLICT (office, folder) DO UPDATE SET line = excluded.line"
)


class _Derived(Struct):
    """All of it as ledger and cases say it.

    ``lines`` are the lines of the last events of cases by id, where the table has others; ``misplaced`` are the cases
    that are not found by their id, which only the owner of the table can mend.
    """

    end: LedgerEnd
    counters: dict[str, int]
    folders: dict[str, int] = {}
    lines: dict[str, int] = {}
    misplaced: list[str] = []


def find_wrong_projections(ask: Ask) -> list[WrongProjection]:
    """What is otherwise in the database."""
    derived = _derive(ask)
    end, folders, counters = ask(_END, _FOLDERS, _COUNTERS)
    found = [WrongProjection(f"kolom {id} dalam tabel cases", derivable=False) for id in derived.misplaced]
    said = LedgerEnd(*end[0])
    if replace(said, named_office="") != replace(derived.end, named_office=""):  # lines were lost, or the last altered
        found.append(WrongProjection("akhir buku catatan dalam tabel offices", derivable=False))
    for table, is_right in (
        ("offices", said.named_office == derived.end.named_office),
        ("counters", dict(counters) == derived.counters),
        ("folders", dict(folders) == derived.folders),
        ("cases", not derived.lines),
    ):
        if not is_right:
            found.append(WrongProjection(f"tabel {table}", derivable=True))
    return found


def derive_projections(ask: Ask) -> list[Statement]:
    """The statements that store it anew."""
    derived = _derive(ask)
    ((end,),) = ask(_END)
    return [
        save_changes(end=replace(LedgerEnd(*end), named_office=derived.end.named_office)),
        register.set_counters(derived.counters),
        (_SAVE_LINES, {"id": [*derived.lines], "line": [*derived.lines.values()]}),
        (_SAVE_FOLDERS, {"folder": [*derived.folders], "line": [*derived.folders.values()]}),
    ]


def _derive(ask: Ask) -> _Derived:
    lines = PostgresLedger(ask)
    last, number = lines.last_line(), lines.count_lines()
    named = find_named_office(ledger.find_lines(lines, OFFICE))
    derived = _Derived(LedgerEnd(number, ledger.hash_line(last) if last else "", named), _derive_sequences(ask))
    for id, sop, number, folder, line, follows, newest in read_portions(ask, _CASES, {"after": ""}, PORTION):
        try:
            expected = id.rpartition("-")[0], case_ids.number_of(id), case_ids.folder_of(id)
        except NotFoundError:
            expected = ("", 0, "")
        if expected != (sop, number, folder) or not follows:
            derived.misplaced.append(id)
        if line != newest and newest is not None:
            derived.lines[id] = newest
        counter = cases.name_counter(sop)
        derived.counters[counter] = max(derived.counters.get(counter, 0), number)
        derived.folders[folder] = max(derived.folders.get(folder, 0), newest or 0)
    return derived


def _derive_sequences(ask: Ask) -> dict[str, int]:
    """The counters of the sequences of letters, each the highest number in its last line."""
    found = {}
    for name in register.list_names(ask):
        (((_, text),),) = ask((register.COUNTED, {"counter": "", "sequence": name}))
        found[register.name_counter(name)] = register.read_highest(name, text)
    return found
