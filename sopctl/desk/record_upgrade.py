"""`record upgrade`: a database is made ready for offices, and roles are made to work for them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sopctl.errors import UsageError
from sopctl.office.formats import DATABASE_NAME
from sopctl.office.model import RecordSettings
from sopctl.store.opening import require_psycopg

if TYPE_CHECKING:
    from sopctl.store.postgres.upgrade import Upgraded


def upgrade_record(service: str, grants: Sequence[str], settings: RecordSettings) -> "Upgraded":
    """Bring the tables up to this program in the database of a service, or of the one that ``settings`` name.

    Each of ``grants`` is a role, or `ROLE=OFFICE`.
    """
    roles = dict(_read_grant(one) for one in grants)
    require_psycopg()
    from sopctl.store.postgres.connections import connect  # noqa: PLC0415 — where psycopg is missing it says so
    from sopctl.store.postgres.upgrade import read_migrations, upgrade  # noqa: PLC0415 — the same

    with connect(service or settings.service) as connection:
        return upgrade(connection, roles, read_migrations(), settings.office)


def _read_grant(text: str) -> tuple[str, str]:
    """A role and its office, which has the name of the role where none is given."""
    role, equals, office = text.partition("=")
    if not role or (equals and not re.fullmatch(DATABASE_NAME, office)):
        raise UsageError(f"'{text}' bukan peran dan kantornya.", code="grant")
    return role, office or role
