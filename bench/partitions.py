"""The plan past one server, tried: the ledger of many offices as one table, and partitioned by office and year.

    python -m bench.partitions [--offices 1000] [--events 10000000]

A server of its own holds the schema `partisi`: both tables with the same lines, asked what the store asks, by a member
role under row security. Told are the parts that a question touched and the 8 KB pages it read, which another machine
would tell alike; milliseconds are of this one.
"""

import argparse
import random
import time
from collections.abc import Iterator
from statistics import median
from typing import Any, LiteralString

import psycopg
from msgspec import Struct
from psycopg import sql

from tests.postgres_cluster import find_programs, run_cluster

HASHED = 16
"""Partitions by office; each has one for every year."""

YEARS = range(2022, 2027)
PER_CASE = 10
TRIES = 40

SCHEMA: LiteralString = """
CREATE SCHEMA partisi;
SET search_path = partisi;
CREATE TABLE members (role name, office text, PRIMARY KEY (role, office));
CREATE FUNCTION current_office() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = partisi, pg_temp
    AS $$ SELECT office FROM members WHERE role = session_user AND office = current_setting('sopctl.office', true) $$;
CREATE TABLE whole (
    office text NOT NULL, year smallint NOT NULL, line bigint NOT NULL, kind text NOT NULL, case_id text,
    revision integer, sequence text, text text NOT NULL
);
CREATE TABLE parts (LIKE whole) PARTITION BY HASH (office);
"""

INDEXES: LiteralString = """
ALTER TABLE {table} ADD PRIMARY KEY (office, year, line);
CREATE INDEX ON {table} (office, case_id, revision);
CREATE INDEX ON {table} (office, sequence, line) WHERE kind = 'number';
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY office ON {table} USING (office = (SELECT current_office()));
GRANT SELECT, INSERT ON {table} TO partisi_member;
"""

FILL: LiteralString = """
INSERT INTO whole
SELECT 'kantor-' || o, year, n + 1, CASE WHEN n % 10 = 9 THEN 'number' ELSE 'event' END, 'sk-tim-' || (n / 10 + 1),
       n % 10 + 1, CASE WHEN n % 10 = 9 THEN year || '/semua.jsonl' END,
       '{{"previous":"' || md5(n::text) || md5(o::text) || '","event":"' || repeat(md5((n * o)::text), 17) || '"}}'
FROM generate_series({begin}, {end}) o, generate_series(0, {each} - 1) n,
     LATERAL (SELECT {first} + n * {years} / {each} AS year) y
"""

QUESTIONS: dict[str, LiteralString] = {
    "the events of a case": "SELECT text FROM {table} WHERE office = {office} AND case_id = {case} ORDER BY revision",
    "the last line": "SELECT text FROM {table} WHERE office = {office} AND year = {year} ORDER BY line DESC LIMIT 1",
    "5,000 lines": "SELECT text FROM {table} WHERE office = {office} AND year = {year} ORDER BY line LIMIT 5000",
    "a year's letters": "SELECT text FROM {table} WHERE office = {office} AND sequence = {sequence} ORDER BY line",
    "a line more": "INSERT INTO {table} VALUES ({office}, {year}, {new}, 'event', {case}, 99, NULL, 'x')",
}


class Answer(Struct, frozen=True):
    """What a question cost: partitions touched, pages, and milliseconds of planning and of running."""

    parts: int
    pages: int
    planning: float
    running: float


def main() -> None:
    """Fill both tables and ask."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--offices", type=int, default=1000)
    parser.add_argument("--events", type=int, default=10_000_000)
    asked = parser.parse_args()
    programs = find_programs()
    if programs is None:
        parser.error("PostgreSQL is not installed here")
    with run_cluster(programs) as cluster, cluster.connect("postgres") as server:
        _fill(server, asked.offices, asked.events // asked.offices)
        for table in ("whole", "parts"):
            print(f"\n{table}: {_size(server, table)}")
            for name, question in QUESTIONS.items():
                found = [_ask(server, table, question, asked.offices) for _ in range(TRIES)]
                print(f"  {name:<22} {_middle(found)}")
        _detach(server)


def _fill(server: psycopg.Connection, offices: int, each: int) -> None:
    server.execute("CREATE ROLE partisi_member LOGIN")
    server.execute(SCHEMA)
    server.execute("GRANT USAGE ON SCHEMA partisi TO partisi_member")
    server.execute(
        "INSERT INTO members SELECT 'partisi_member', 'kantor-' || o FROM generate_series(1, %s) o", [offices]
    )
    for number in range(HASHED):
        part = sql.Identifier(f"parts_{number}")
        by_office = sql.SQL(
            "CREATE TABLE {} PARTITION OF parts FOR VALUES WITH (MODULUS {}, REMAINDER {}) PARTITION BY RANGE (year)"
        )
        server.execute(by_office.format(part, HASHED, number))
        for year in YEARS:
            named = sql.Identifier(f"parts_{number}_{year}")
            of_year = sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})")
            server.execute(of_year.format(named, part, year, year + 1))
    began = time.perf_counter()
    for begin in range(1, offices + 1, 50):
        end = min(begin + 49, offices)
        values = {"begin": begin, "end": end, "each": each, "first": YEARS[0], "years": len(YEARS)}
        server.execute(sql.SQL(FILL).format(**{name: sql.Literal(value) for name, value in values.items()}))
    server.execute("INSERT INTO parts SELECT * FROM whole")
    for table in ("whole", "parts"):
        server.execute(sql.SQL(INDEXES).format(table=sql.Identifier(table)))
        server.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
    print(f"{offices} offices, {offices * each} lines twice, in {time.perf_counter() - began:.0f} s")


def _ask(server: psycopg.Connection, table: str, question: LiteralString, offices: int) -> Answer:
    """Ask about an office and a case by chance, as the member; what is inserted is rolled back."""
    office, year = f"kantor-{random.randint(1, offices)}", random.choice(YEARS)  # noqa: S311 — a bench, not a secret
    values = {
        "office": office, "year": year, "case": f"sk-tim-{random.randint(1, 900)}", "sequence": f"{year}/semua.jsonl",  # noqa: S311 — as above
        "new": random.randint(10**9, 2 * 10**9),  # noqa: S311 — as above
    }  # fmt: skip
    asked = sql.SQL(question).format(
        table=sql.Identifier(table), **{name: sql.Literal(value) for name, value in values.items()}
    )
    with server.transaction(force_rollback=True):
        server.execute("SET LOCAL SESSION AUTHORIZATION partisi_member")
        server.execute("SELECT set_config('sopctl.office', %s, true)", [office])
        (plan,) = server.execute(sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}").format(asked)).fetchall()
    return _read_plan(plan[0][0])


def _read_plan(plan: dict[str, Any]) -> Answer:
    nodes = list(_nodes(plan["Plan"]))
    ran = {one["Relation Name"] for one in nodes if one.get("Relation Name") and one["Actual Loops"]}
    top = plan["Plan"]
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return Answer(len(ran - {"members"}), pages, plan["Planning Time"], plan["Execution Time"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _middle(found: list[Answer]) -> str:
    parts, pages, planning, running = (
        median(getattr(one, name) for one in found) for name in ("parts", "pages", "planning", "running")
    )
    return f"{parts:>4.0f} parts {pages:>6.0f} pages {planning:>7.2f} ms to plan {running:>7.2f} ms to run"


def _size(server: psycopg.Connection, table: str) -> str:
    size = sql.SQL(
        "SELECT pg_size_pretty(sum(pg_relation_size(relid))), pg_size_pretty(sum(pg_indexes_size(relid)))"
        " FROM (SELECT relid FROM pg_partition_tree({table}) UNION SELECT {table}::regclass) t"
    )
    ((lines, indexes),) = server.execute(size.format(table=sql.Literal(table))).fetchall()
    return f"{lines} of lines, {indexes} of indexes"


def _detach(server: psycopg.Connection) -> None:
    """Take the first year of one part away, as for an archive."""
    began = time.perf_counter()
    server.execute(sql.SQL("ALTER TABLE parts_0 DETACH PARTITION {}").format(sql.Identifier(f"parts_0_{YEARS[0]}")))
    print(f"\na year of a sixteenth taken away in {(time.perf_counter() - began) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
