"""`record upgrade`: a database is made ready for offices, and roles are made to work for them."""

import re
from collections.abc import Sequence

from sopctl.errors import UsageError
from sopctl.office.formats import DATABASE_NAME
from sopctl.office.model import RecordSettings
from sopctl.store.postgres.connection import open_connection
from sopctl.store.postgres.upgrade import Upgraded, read_migrations, upgrade


def upgrade_record(service: str, grants: Sequence[str], settings: RecordSettings) -> Upgraded:
    """Bring the tables up to this program in the database of a service, or of the one that ``settings`` name.

    Each of ``grants`` is a role, or `ROLE=OFFICE`.
    """
    roles = dict(_read_grant(one) for one in grants)
    with open_connection(service or settings.service) as connection:
        return upgrade(connection, roles, read_migrations(), settings.office)


def _read_grant(text: str) -> tuple[str, str]:
    """A role and its office, which has the name of the role where none is given."""
    role, equals, office = text.partition("=")
    if not role or (equals and not re.fullmatch(DATABASE_NAME, office)):
        raise UsageError(f"'{text}' bukan peran dan kantornya.", code="grant")
    return role, office or role
