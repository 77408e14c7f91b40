"""Warnings that come with an outcome: signed documents that stay as they were, initials that no longer count."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from sopctl.engine.case import Case
from sopctl.engine.effects import Effect, find_effect, steps_without_paraf
from sopctl.engine.events import EMPTY, Event, Filled, Returned, Skipped, Written
from sopctl.engine.guards import titles
from sopctl.engine.moments import format_two_moments
from sopctl.engine.signings import find_signature
from sopctl.engine.state import WITHDRAWN, Signing
from sopctl.errors import Fact
from sopctl.letters.move_documents import PHOTO_NAMES, find_printed_names
from sopctl.letters.renderer import Renderer
from sopctl.sop.model import END, Branch, Step
from sopctl.word.pdf_signatures import describe_certificates, is_encrypted
from sopctl.word.picture_conversion import PICTURES, find_lack


class Notice(Struct, frozen=True):
    """A warning about a change of a case; ``advice`` says what helps, as that of an error does."""

    message: str
    advice: str = ""
    facts: dict[str, Fact] = {}


def list_move_warnings(
    renderer: Renderer, before: Case, after: Case, event: Event, read: Callable[[str], bytes]
) -> Iterator[Notice]:
    """A notice for each effect of the event, or lack of one, that a user must know.

    ``read`` gives the bytes of an attached file by its path.
    """
    if event.at > event.recorded_at:
        now, last = format_two_moments(event.recorded_at, event.at)
        yield Notice(
            f"Jam komputer ini ({now}) di belakang catatan terakhir berkas ({last}), jadi dicatat pada waktu itu; "
            "periksa jam komputer."
        )
    yield from _tell_withdrawn_rows(before, after)
    if isinstance(event, Skipped) and event.condition:
        yield Notice(f"Langkah {event.step} dilewati, karena {event.condition}.")
    did = find_effect(before.state, after.state, event)
    yield from _warn_of_kept_fields(renderer, after, did)
    if isinstance(event, Filled) and event.subject:
        yield from _warn_of_kept_subject(renderer, after)
    yield from _warn_of_dropped_acts(after, did)
    yield from _warn_of_missing_paraf(before, after, did)
    yield from _warn_of_gaps(before, after)
    yield from _warn_of_unprintable_photos(renderer, after, event, read)
    if isinstance(event, Returned):
        yield from map(_tell_certificates, event.documents)
        if any(is_encrypted(read(one.path)) for one in event.documents):
            yield Notice("PDF ini terenkripsi; pastikan penerimanya dapat membukanya tanpa kata sandi.")


def _tell_withdrawn_rows(before: Case, after: Case) -> Iterator[Notice]:
    """The rows beside the one that was turned down which are withdrawn with it."""
    for row in before.state.open:
        visit = after.state.visits[row.number - 1] if row.number <= len(after.state.visits) else None
        if visit is not None and visit.is_cut and visit.outcome == WITHDRAWN:
            turn = titles(before.sop, row.turn)
            yield Notice(f"Langkah {row.step} (giliran {turn}), yang dikerjakan bersamaan, ikut ditarik.")


def _tell_certificates(written: Written) -> Notice:
    """What the PDF of a letter carries, and that nobody checked it."""
    carries = f"PDF ini {describe_certificates(written.certificates)}"
    if not written.certificates:
        return Notice(f"{carries}; dicatat sebagai pindaian.")
    return Notice(f"{carries}. sopctl tidak memeriksa sah tidaknya; periksa dengan layanan penerbit sertifikatnya.")


def _warn_of_unprintable_photos(
    renderer: Renderer, case: Case, event: Event, read: Callable[[str], bytes]
) -> Iterator[Notice]:
    """Attached photos that will be missing where a document of the SOP prints photos."""
    photos = [one for one in event.attachments if one.path.endswith(PICTURES)]
    if not photos or not any(find_printed_names(renderer, case, name, PHOTO_NAMES) for name in case.sop.documents):
        return
    for photo in photos:
        lack = find_lack(read(photo.path))
        if lack == "reader":
            yield Notice(f"{photo.name} belum dapat dicetak di surat oleh sopctl di komputer ini.", advice="foto_extra")
        elif lack == "picture":
            yield Notice(
                f"{photo.name} bukan gambar yang utuh, jadi tidak dapat dicetak di surat; simpan sebagai JPEG."
            )
        elif lack == "pages":
            yield Notice(f"Dari {photo.name} hanya halaman pertama yang tercetak; lampirkan setiap halamannya sendiri.")


def _warn_of_gaps(before: Case, after: Case) -> Iterator[Notice]:
    for written in after.state.documents[len(before.state.documents) :]:
        if written.gaps:
            yield Notice(f"Dokumen {written.name} ditandatangani dengan yang masih kosong: {'; '.join(written.gaps)}.")


def _warn_of_kept_subject(renderer: Renderer, case: Case) -> Iterator[Notice]:
    for document in case.state.signings:
        if find_signature(case.state, document) and find_printed_names(renderer, case, document, ("subject",)):
            yield Notice(f"Dokumen {document} sudah ditandatangani dan tetap memuat perihal yang lama.")


def _warn_of_kept_fields(renderer: Renderer, case: Case, did: Effect) -> Iterator[Notice]:
    for document, fields in did.kept.items():
        due = tuple(name for name in fields if not _comes_later(case, document, name))
        printed = find_printed_names(renderer, case, document, due)
        if printed:
            yield Notice(
                f"Dokumen {document} sudah ditandatangani dan tidak ikut berubah ({', '.join(printed)} tetap seperti "
                "saat ditandatangani); bila isinya keliru, buat surat perbaikan."
            )


def _comes_later(case: Case, document: str, name: str) -> bool:
    """Whether a field was empty when the document was signed because only a later row asks for it."""
    field, signature = case.sop.fields.get(name), find_signature(case.state, document)
    if signature is None or field is None or field.step is None or signature.text.fields.get(name) not in EMPTY:
        return False
    return case.sop.row(field.step) > case.sop.row(signature.step)


def _warn_of_dropped_acts(case: Case, did: Effect) -> Iterator[Notice]:
    why = f"{', '.join(did.changed)} berubah" if did.changed else "isinya sudah lain"
    for document, acts in did.dropped.items():
        parafs = [one for one in acts if one.act == "initial"]
        signatures = [one for one in acts if one.act == "sign"]
        if parafs:
            yield _warn_of_dropped_paraf(
                case, document, parafs, f"Paraf {_list_titles(case, parafs)} pada {document} gugur karena {why}"
            )
        if signatures:
            message = f"Tanda tangan {_list_titles(case, signatures)} pada {document} gugur karena {why}"
            yield Notice(
                f"{message}; bila masih diperlukan, tarik kembali langkah ini.",
                advice="withdraw",
                facts={"id": case.id},
            )


def _warn_of_missing_paraf(before: Case, after: Case, did: Effect) -> Iterator[Notice]:
    """Documents that this event signed though an initial on them had ceased to count before."""
    for document in after.state.signings:
        signature = find_signature(after.state, document)
        if signature is None or signature.visit != before.state.visit_number or find_signature(before.state, document):
            continue
        fallen = [one.step for one in did.dropped.get(document, ())]
        steps = [id for id in steps_without_paraf(after.sop, after.state, document) if id not in fallen]
        if steps:
            yield Notice(
                f"Dokumen {document} ditandatangani tanpa paraf dari langkah {', '.join(steps)}: isinya berubah "
                "sesudah diparaf."
            )


def _list_titles(case: Case, acts: list[Signing]) -> str:
    return titles(case.sop, tuple(dict.fromkeys(one.pelaksana for one in acts)))


def _warn_of_dropped_paraf(case: Case, document: str, parafs: list[Signing], fell: str) -> Notice:
    """What to do about an initial that no longer counts: the way back to its step, where the SOP has one from here."""
    state, step = case.state, parafs[0].step
    if find_signature(state, document):
        instead = f"{fell}; bila paraf diperlukan, tarik kembali tanda tangannya."
        return Notice(instead, advice="withdraw", facts={"id": case.id})
    here = case.step
    if here is not None and case.sop.row(here.id) <= case.sop.row(step):
        return Notice(f"{fell}; naskahnya diparaf lagi pada langkah {step}.")
    who = state.turn[0] if state.turn else ""
    here = here.seen_by(who) if here is not None and who in here.decides else here
    back = _find_way_back(case, here, step) if here is not None else None
    if here is not None and back is not None:
        rejects = case.sop.rejections(here) == (back,)
        facts: dict[str, Fact] = {"id": case.id, "label": "" if rejects else back.label}
        return Notice(f"{fell}; kembalikan agar diparaf lagi.", advice="send_back", facts=facts)
    return Notice(
        f"{fell}; mintalah {_list_titles(case, parafs)} membaca naskah yang baru; suratnya terbit tanpa paraf itu."
    )


def _find_way_back(case: Case, here: Step, step: str) -> Branch | None:
    """The branch that leads back to a step or above it, where there is one."""
    rows = (branch for branch in here.branches if branch.to != END)
    return next((branch for branch in rows if case.sop.row(branch.to) <= case.sop.row(step)), None)
