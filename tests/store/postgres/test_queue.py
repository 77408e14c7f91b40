"""Who waits to write is served in the order of coming: nobody who writes again and again keeps the others out."""

from datetime import UTC, datetime
from threading import Thread
from time import sleep

from sopctl.store.postgres.store import PostgresStore
from tests.postgres_cluster import Database
from tests.store.postgres.conftest import ROLE, OpenStore

WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_writers_take_turns(open_store: OpenStore, database: Database) -> None:
    served: list[str] = []

    def write(store: PostgresStore, name: str) -> None:
        with store.begin() as change:
            served.append(name)
            change.accept_office("0" * 64, datetime(2026, 11, 24, tzinfo=UTC), name, holds=True)
            change.commit()

    first = open_store(ROLE)
    waiting = [Thread(target=write, args=(open_store(ROLE), f"waiting {number}")) for number in range(4)]
    with first.begin() as change:
        for number, thread in enumerate(waiting):
            thread.start()
            while database.change(WAITING) <= number:
                sleep(0.01)
        change.accept_office("0" * 64, datetime(2026, 11, 24, tzinfo=UTC), "first", holds=True)
        change.commit()
    write(first, "first again")
    for thread in waiting:
        thread.join()
    assert served == [*(f"waiting {number}" for number in range(4)), "first again"]
