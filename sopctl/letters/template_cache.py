"""Compiled templates kept between two runs, so that writing a letter need not load Word's libraries.

Only a cache, one file a template: it may be deleted at any time. Letters that people sign are made of it, so it is one
that this account wrote itself (`store.caches`). What is taken from it is compared with the Word files that it was made
of, and its Jinja source runs in the same sandbox as a template's own.
"""

import msgspec

from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.store.caches.account_cache import Cache, code_edition
from sopctl.store.struct_decoders import make_msgpack_decoder


class CachedTemplate(msgspec.Struct, frozen=True):
    """A template with the edition of the code that compiled it."""

    edition: int
    compiled: CompiledTemplate


class TemplateCache:
    """Compiled templates by their file names; it may forget any of them at any time."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def get(self, template: str) -> CompiledTemplate | None:
        """What was kept for a template by this edition of the code."""
        kept = self._cache.read_as(_name(template), make_msgpack_decoder(CachedTemplate).decode)
        return kept.compiled if kept is not None and kept.edition == code_edition("letters") else None

    def put(self, compiled: CompiledTemplate) -> None:
        """Keep a template; a folder that nobody may write to keeps nothing."""
        self._cache.write(
            _name(compiled.name), msgspec.msgpack.encode(CachedTemplate(code_edition("letters"), compiled))
        )


def _name(template: str) -> str:
    return f"{template.removesuffix('.docx')}.templat"
