"""Word files out of templates: the one entry point for whoever needs a document written.

jinja2 is loaded when the first document is written, python-docx and docxtpl when a template is read that no cache
knows.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING

from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.letters.template_files import TemplateLoader, folder_loader
from sopctl.store.recent import Recent
from sopctl.word.page_setup import PageSetup

if TYPE_CHECKING:
    from sopctl.letters.template_cache import TemplateCache
    from sopctl.letters.template_filler import TemplateFiller


class _ThreadFillers(local):
    """What fills in templates in one thread, each with the template that it is for."""

    def __init__(self) -> None:
        self.kept: Recent[tuple[CompiledTemplate, TemplateFiller]] = Recent(_MOST_FILLERS)


_MOST_FILLERS = 8
"""Templates that a thread keeps ready: Jinja compiles one in about four times the time of a letter."""

_fillers = _ThreadFillers()


class Renderer:
    """Writes documents from the templates of a folder, or of a function from file name to bytes.

    Each template is read once in a process, and taken from the cache where there is one. See
    `template_files.TemplateLoader` for what such a function raises.
    """

    def __init__(
        self, templates: Path | TemplateLoader, layout: PageSetup | None = None, cache: "TemplateCache | None" = None
    ) -> None:
        self._load: TemplateLoader = folder_loader(templates) if isinstance(templates, Path) else templates
        self._layout = layout or PageSetup()
        self._cache = cache
        self._compiled: dict[str, CompiledTemplate] = {}

    def render(
        self, template: str, context: Mapping[str, object], *, created: datetime, title: str, code: str = ""
    ) -> bytes:
        """The Word file that the template of this file name makes of the context: same arguments, same bytes.

        ``created`` is an aware datetime and becomes the file's own date, ``title`` its title and ``code``, the
        verification code, its identifier; all come from the record. WrongError names the template and the tag where it
        cannot be used; nothing is written then.
        """
        return _find_filler(self.load_compiled(template)).fill(context, created=created, title=title, code=code)

    def load_compiled(self, template: str) -> CompiledTemplate:
        """The template made ready, as it was when it was read first.

        Raises:
            WrongError: where it cannot be used.
        """
        if template not in self._compiled:
            kept = self._cache.get(template) if self._cache else None
            current = kept is not None and kept.is_current(self._load, self._layout)
            self._compiled[template] = kept if kept and current else self._compile(template)
        return self._compiled[template]

    def _compile(self, template: str) -> CompiledTemplate:
        from sopctl.letters.template_compiler import compile_template  # noqa: PLC0415 — brings docx and docxtpl

        compiled = compile_template(template, self._load, self._layout)
        if self._cache:
            self._cache.put(compiled)
        return compiled


def _find_filler(compiled: CompiledTemplate) -> "TemplateFiller":
    """What fills in a template; the one that this thread used last where the template is still the same."""
    from sopctl.letters.template_filler import TemplateFiller  # noqa: PLC0415 — start-up time is a feature

    known = _fillers.kept.get(compiled.name)
    if known is None or known[0] != compiled:
        known = compiled, TemplateFiller(compiled)
        _fillers.kept.put(compiled.name, known)
    return known[1]
