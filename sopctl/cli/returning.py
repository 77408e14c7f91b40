"""What `verify BUNDLE.zip` says: whether a bundle that came back is of this office's record."""

from collections.abc import Iterator

from sopctl.audit.returned_bundle import BundleComparison
from sopctl.cli import output


def show(found: BundleComparison) -> None:
    """Print what became of the comparison."""
    for finding in found.findings:
        output.complain(finding)
    for notice in found.notices:
        output.say(f"Catatan: {notice}")
    for line in _told(found):
        output.say(line)


def _told(found: BundleComparison) -> Iterator[str]:
    yield f"Sidik bundel: {found.fingerprint}"
    if found.findings:
        yield "Bundel ini tidak dapat dipakai sebagai bukti sebelum hal di atas jelas."
        return
    yield f"{found.events} catatan dan {found.lines} baris buku besar dalam bundel sama dengan catatan kantor."
    for case in found.cases:
        more = f"bertambah {case.since} catatan" if case.since else "tidak bertambah catatan"
        yield f"  {case.id}: {case.events} catatan; sejak bundel dibuat {more}."
