"""What the form's sentences say between the lines: a way back, a kind of document, a name that is nearly another.

These are readings of office prose, so whatever is built on them is a note, or can be said otherwise in the YAML.
"""

import re
from collections.abc import Iterable, Sequence

_TURNED_DOWN = re.compile(
    r"\b(?:jika|bila|apabila|kalau)\s+(?:\w+\s+){0,3}?(?:tidak|belum|kurang)\b.{0,400}?"
    r"\b(?:di\s?kembalikan|di\s?serahkan kembali|kembali (?:ke|kepada)|di\s?perbaiki|di\s?tolak|di\s?revisi)\b",
    re.IGNORECASE | re.DOTALL,
)
_NO = re.compile(
    r"\b(?:tidak|tak|tdk|belum|kurang|gagal|tolak|ditolak|menolak|penolakan|batal|dibatalkan|membatalkan|pembatalan)\b"
    r"(?!\s+(?:ada|dari|perlu|diperlukan|keberatan|berkeberatan)\b)",
    re.IGNORECASE,
)
"""The words by which the label of a branch turns work down, unless they only say that nothing is wanted."""

_KINDS: dict[str, tuple[str, ...]] = {
    "SK": ("sk", "surat keputusan", "keputusan"),
    "Surat Tugas": ("surat tugas", "surat perintah tugas", "spt"),
    "Surat Perintah": ("surat perintah", "surat perintah tugas", "spt", "sppd"),
    "Nota Dinas": ("nota dinas",),
    "Notulen": ("notulen", "notula", "risalah"),
    "Berita Acara": ("berita acara",),
    "Laporan": ("laporan",),
    "Surat Keterangan": ("surat keterangan",),
    "Undangan": ("undangan",),
    "Sertifikat": ("sertifikat",),
}
_FILLERS = frozenset(
    ["atas", "dan", "dari", "dengan", "di", "ke", "oleh", "para", "pada", "serta", "sudah", "telah", "untuk", "yang"]
)
"""Words that leave it the same paper whether they are there or not."""

_TELLING = re.compile(
    r"(?!berita|berkas|dinas)(?:ber|di|ter)\w{3,}|\w*\d\w*|[a-z]|[ivx]+|akhir|asli|awal|baru|belum|draft?|e?tt[de]|"
    r"final|jadi|konsep|kosong|lama|lengkap|paraf|perbaikan|resmi|revisi|sah|salinan|selesai|sementara|siap|tidak|valid"
)
"""Words that make it another paper: the state in which it is (`ditandatangani`, `lengkap`), or which of several."""

_MISTYPED = 5
"""Letters that a word must have before another one, a letter apart from it, is a typo of it: not ADHB and ADHK."""

_SHARED = 2
"""Words that two names must share where one of them lacks a word."""

_LIKENESS = 0.75
_LEAST = 4
_LONGEST = 5000
_MOST = 200


def mentions_rejection(kegiatan: str) -> bool:
    """Whether a sentence says that work goes back: `jika belum sesuai diserahkan kembali`."""
    return _TURNED_DOWN.search(kegiatan[:_LONGEST]) is not None


def says_no(label: str) -> bool:
    """Whether the label of a branch turns the work down: `tidak`, `belum lengkap`, `ditolak`, `batal`."""
    return _NO.search(label) is not None


def normalize_name(text: str) -> str:
    """A name without letter case, punctuation and repeated spaces, so that two ways of writing it are equal."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def keep_letters(text: str) -> str:
    """The letters a-z and figures of a text, in small letters: for names that a form prints with breaks or signs."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def contains_words(text: str, words: str) -> bool:
    """Whether a text contains the whole words, both by `normalize_name`."""
    return f" {words} " in f" {text} "


def find_unwritten_kind(nama: str, outputs: Iterable[str]) -> str | None:
    """The kind of document that an SOP's name promises and no output is: `Pembuatan SK` with a Surat Tugas."""
    title = normalize_name(nama)
    written = [normalize_name(output) for output in outputs]
    for kind, words in _KINDS.items():
        named = any(contains_words(title, word) for word in words)
        if named and not any(contains_words(output, word) for output in written for word in words):
            return kind
    return None


def is_same_name(one: str, other: str) -> bool:
    """Whether two SOP names mean the same: one holds the other, `SOP` and numbering aside."""
    first, second = _bare(one), _bare(other)
    return bool(first and second) and (contains_words(first, second) or contains_words(second, first))


def is_nearly_same_name(one: str, other: str) -> bool:
    """Whether two names differ by a slip: a typo, a space, the order of the words, a plural, a filler, a word left out.

    What stands in front says of which kind a paper is, so that it is never left out: a `Konsep Surat Tugas` is no
    `Surat Tugas`. Nor is a word that says in which state it is.
    """
    first, second = (normalize_name(name[:_MOST]) for name in (one, other))
    if first.replace(" ", "") == second.replace(" ", ""):
        return True
    words, others = _without_repeats(first), _without_repeats(second)
    content, its = ([word for word in found if word not in _FILLERS] for found in (words, others))
    if not content or not its:
        return False
    if sorted(content) == sorted(its):
        return True
    if any(len(one) == len(two) and all(map(_is_typo, one, two)) for one, two in ((content, its), (words, others))):
        return True
    return min(len(content), len(its)) >= _SHARED and _lacks_a_word(*sorted((words, others), key=len))


def _without_repeats(name: str) -> list[str]:
    """The words of a name, a plural (`laporan-laporan`) as the word itself."""
    words = name.split()
    return [word for before, word in zip(["", *words], words, strict=False) if word != before]


def _is_typo(one: str, other: str) -> bool:
    """Whether two words are equal but for a letter more, less or other, or two that are swapped."""
    shorter, longer = sorted((one, other), key=len)
    same = next(
        (at for at, (letter, its) in enumerate(zip(shorter, longer, strict=False)) if letter != its), len(shorter)
    )
    left, right = shorter[same:], longer[same:]
    swapped = (left[:2], left[2:]) == (right[1::-1], right[2:])
    return left == right or swapped or (len(longer) >= _MISTYPED and right[1:] in (left, left[1:]))


def _lacks_a_word(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether one word of the longer name, neither its first nor a telling one, is all that the shorter one lacks."""
    return any(
        [*longer[:index], *longer[index + 1 :]] == shorter and not _TELLING.fullmatch(longer[index])
        for index in range(1, len(longer))
    )


def find_similar_name(item: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that an item is nearly but not quite, None where none is."""
    from difflib import get_close_matches  # noqa: PLC0415 — only a check asks

    wanted = normalize_name(item)
    known = {normalize_name(name): name for name in names}
    if len(wanted) < _LEAST or len(wanted) > _MOST:
        return None
    longer = [word for word in known if contains_words(word, wanted)]
    shorter = [word for word in known if contains_words(wanted, word)]
    if longer or shorter:
        return known[min(longer, key=len) if longer else max(shorter, key=len)]
    match = get_close_matches(wanted, list(known)[:_MOST], n=1, cutoff=_LIKENESS)
    return known[match[0]] if match else None


def _bare(nama: str) -> str:
    return re.sub(r"^(?:\d+ )?(?:sop )?", "", normalize_name(nama))


def number_kegiatan(no: int | str | None, kegiatan: str) -> str:
    """A row of the form in one line, `4. Memeriksa konsep`, whether it has `4` or `4.`; without a number its words."""
    return kegiatan if no is None else f"{str(no).removesuffix('.')}. {kegiatan}"
