"""The register of letters: which letter bears a number, and where a new line goes.

Where the sequences start anew each year and the pattern holds no year, the same number is another letter every year: a
number is looked for, and taken, within its sequence.
"""

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from sopctl.engine.refused import Refused
from sopctl.errors import Fact, NotFoundError, UsageError
from sopctl.letters.case_numbers import sequence_of
from sopctl.notation.nearest import suggestion
from sopctl.office.letter_numbers import format_letter_number, normalize_number, number_shows_year, parse_letter_number
from sopctl.store.readable_registers import load_letters
from sopctl.store.record import Record
from sopctl.store.register import IN_USE, RegisteredLetter, RegisterEntry, sum_up_letters

_HIGHEST = 999_999_999


class NewLine(Struct, frozen=True):
    """A line that is about to be added, and the sequence that it belongs to."""

    sequence: str
    entry: RegisterEntry


class LetterRegister:
    """The register of an office as its sequences say it, and as the account of the record may read it."""

    def __init__(self, record: Record) -> None:
        self._settings, self._singkatan = record.office.letter_number, record.office.instansi.singkatan
        self._sequences = record.whole_store.read_sequences()
        self._letters = load_letters(record, self._sequences)

    def find(self, nomor: str, year: int | None, kode: str) -> RegisteredLetter:
        """The letter that is meant by its number, its year and its kode.

        Raises:
            NotFoundError: where there is none. UsageError: where several sequences hold one.
        """
        every = [one for one in self.letters_with(nomor) if not one.withheld]
        if not every:
            hint = suggestion(nomor, [one.nomor for one in self._letters if one.nomor and not one.withheld])
            raise NotFoundError(f"Tidak ada nomor '{nomor}' dalam buku agenda{hint}.", code="nomor", advice="agenda")
        found = [one for one in every if year in {None, one.year} and kode in {"", one.kode}]
        if not found:
            raise NotFoundError(
                f"Nomor {nomor} tidak ada di sana.", code="nomor", advice="there_is", **distinctions(every, every)
            )
        if len({one.sequence for one in found}) > 1:
            raise UsageError(
                f"Nomor {nomor} ada pada beberapa surat; sebutkan yang dimaksud.",
                code="ambiguous",
                advice="which_number",
                **distinctions(found, found),
            )
        exact = [one for one in found if one.nomor == nomor] or found
        return next((one for one in exact if one.status in IN_USE), exact[-1])

    def find_awaiting(self, id: str, document: str) -> RegisteredLetter | None:
        """The letter of a case that waits for its number."""
        waits = (one for one in self._letters if one.status == "awaited")
        return next((one for one in waits if (one.id, one.document) == (id, document)), None)

    def letters_with(self, nomor: str) -> list[RegisteredLetter]:
        """The letters of all sequences with this number, however it is spaced."""
        wanted = normalize_number(nomor)
        named = [one for one in self._letters if one.status != "skipped"] if wanted else []
        return [one for one in named if normalize_number(one.nomor) == wanted]

    def place(self, entry: RegisterEntry, day: date, next_urut: Callable[[str], int]) -> NewLine | Refused:
        """The line with its number and its place in a sequence; Refused where it is taken or leaves a gap unexplained.

        ``day`` is that of the letter, whose year the number counts in.
        """
        settings, typed = self._settings, entry.nomor
        named = (int(typed), "") if typed.isdecimal() else parse_letter_number(settings, typed, self._singkatan)
        if entry.kind == "set" and settings.when == "desk":
            named = None  # another book counts
        urut, kode = named or (0, "")
        if urut > _HIGHEST:
            raise UsageError(f"Nomor {typed}: nomor urut paling besar {_HIGHEST}.", code="nomor")
        kode = kode or entry.kode
        sequence = sequence_of(settings, day.year, kode)
        if typed and named is None:
            return self._check_free(NewLine(sequence, entry))
        following = next_urut(sequence)
        urut = urut or following
        if urut < following:
            message = f"Nomor urut {urut} sudah dilewati; yang berikutnya {following}."
            return Refused(reason="number_taken", message=message)
        if urut > following and not entry.note:
            return Refused(
                reason="gap_unexplained",
                message=f"Nomor urut berikutnya {following}. Agar melompat ke {urut}, jelaskan mengapa "
                f"nomor {following} sampai {urut - 1} dilewati.",
            )
        whole = typed and not typed.isdecimal()
        nomor = typed if whole else format_letter_number(settings, kode, urut, self._singkatan, day)
        placed = replace(entry, urut=urut, nomor=nomor, kode=kode, last=following - 1)
        return self._check_free(NewLine(sequence, placed))

    def preview(self, line: NewLine) -> RegisteredLetter:
        """The letter as it will stand in the register with this line."""
        lines = [*self._sequences.get(line.sequence, ()), line.entry]
        letters = reversed(sum_up_letters({line.sequence: lines}))
        return next(one for one in letters if (one.id, one.document, one.nomor) == line.entry.letter_key)

    def _check_free(self, line: NewLine) -> NewLine | Refused:
        """The line, where no letter of its sequence, or of any where numbers show years, has or had its number."""
        entry, settings = line.entry, self._settings
        if not entry.nomor:
            raise UsageError("Sebutkan nomornya.", code="nomor", advice="name_nomor")
        everywhere = number_shows_year(settings, entry.nomor, self._singkatan)
        for one in self.letters_with(entry.nomor):
            if everywhere or one.sequence == line.sequence:
                other = entry.kind == "set" and settings.reset == "yearly" and not everywhere
                about = f": {one.perihal}" if one.perihal else ""
                message = f"Nomor {one.nomor} sudah ada dalam buku agenda {one.year}{about}."
                return Refused(reason="number_taken", message=message, advice="other_year" if other else "")
        return line


def distinctions(letters: list[RegisteredLetter], others: list[RegisteredLetter]) -> dict[str, Fact]:
    """What tells these letters from the ``others`` of their number: of each its year, its kode, and what it is about.

    Year and kode are empty where they tell nothing.
    """
    by_kode = len({other.kode for other in others}) > 1
    by_year = len({other.year for other in others}) > 1 or not by_kode
    return {
        "years": tuple(str(one.year) if by_year else "" for one in letters),
        "kodes": tuple(one.kode if by_kode else "" for one in letters),
        "subjects": tuple(one.perihal for one in letters),
    }
