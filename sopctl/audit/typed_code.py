"""A verification code as somebody types it from a paper: the letter that bears it, or no code at all but an id."""

import re

from sopctl.audit.trace import TracedLetter, trace_code
from sopctl.engine.verification_code import PATTERN, read_code
from sopctl.errors import NotFoundError
from sopctl.store.record import Record


def trace_typed_code(record: Record, text: str) -> TracedLetter | None:
    """What bears the code that was typed; None where the text is meant otherwise, as an id is.

    Raises:
        NotFoundError: where it looks like a code, but nothing bears it.
    """
    code = read_code(text)
    if not code or text.lower() in record.store.list_ids():
        return None
    found = trace_code(record, code)
    if found is None and not _means_an_id(record, text.lower()):
        raise NotFoundError(
            f"Kode {code} tidak dikenal di ruang kerja ini. Periksa bacaannya huruf demi huruf; bila memang begitu "
            "tertulisnya, surat itu tidak ditulis di sini.",
            code="code",
        )
    return found


def _means_an_id(record: Record, text: str) -> bool:
    """Whether twelve letters are rather the id of a case, perhaps of one that is gone, or its beginning, or two ids."""
    if re.fullmatch(PATTERN, text.upper()):
        return False
    numbered = any(re.fullmatch(r".+-[1-9][0-9]*", word) for word in text.split())
    return numbered or any(id.startswith(text) for id in record.store.list_ids())
