"""Words on a page that belong together, as the phrases that people read."""

from collections.abc import Sequence
from itertools import permutations

from sopctl.importing.seen import Label, enclose

_ANSWERS = {"ya", "tidak", "y", "t", "iya", "belum"}


def join_phrases(words: Sequence[Label]) -> list[Label]:
    """Words beside and below each other as one phrase; the pieces of a word that a rule cut are one word."""
    phrases = [*words]
    joined = True
    while joined:
        joined = False
        for one, other in permutations(phrases, 2):
            together = _join_two(one, other)
            if together is not None:
                phrases = [phrase for phrase in phrases if phrase is not one and phrase is not other] + [together]
                joined = True
                break
    return phrases


def _join_two(one: Label, other: Label) -> Label | None:
    """Two pieces as one where the second goes on with the first, else None; an answer goes on with no other."""
    if other.text.lower() in _ANSWERS:
        return None
    box = enclose((one.box, other.box))
    height = min(one.box.height, other.box.height)
    gap = other.box.left - one.box.right
    if one.box.shared_height(other.box) > height * 0.6 and -1 <= gap < height * 0.6:
        return Label(one.text + ("" if gap < height * 0.12 else " ") + other.text, box)
    below = other.box.top - one.box.bottom
    if -2 <= below < height * 0.5 and one.box.shared_width(other.box) > 0:
        return Label(f"{one.text} {other.text}", box)
    return None
