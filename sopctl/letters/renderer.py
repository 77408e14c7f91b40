"""Word files out of templates: the door to this room for those who only want a document.

jinja2 is loaded when the first document is written, python-docx and docxtpl when a template is read that no cache
knows.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sopctl.letters.compiled_template import CompiledTemplate
from sopctl.letters.template_files import TemplateLoader, folder_loader
from sopctl.word.page_setup import PageSetup

if TYPE_CHECKING:
    from sopctl.letters.template_filler import TemplateFiller


class Shelf(Protocol):
    """Where compiled templates are kept between two runs; it may forget any of them at any time."""

    def get(self, template: str) -> CompiledTemplate | None:
        """What was kept for a template, None where nothing was."""

    def put(self, compiled: CompiledTemplate) -> None:
        """Keep a template."""


class Renderer:
    """Writes documents from the templates of a folder, or of a function from file name to bytes.

    Each template is read once in a process. See `template_files.TemplateLoader` for what such a function raises.
    """

    def __init__(
        self, templates: Path | TemplateLoader, layout: PageSetup | None = None, shelf: Shelf | None = None
    ) -> None:
        self._load: TemplateLoader = folder_loader(templates) if isinstance(templates, Path) else templates
        self._layout = layout or PageSetup()
        self._shelf = shelf
        self._compiled: dict[str, CompiledTemplate] = {}
        self._fillers: dict[str, TemplateFiller] = {}

    def render(self, template: str, context: Mapping[str, object], *, created: datetime, title: str) -> bytes:
        """The Word file that the template of this file name makes of the context: same arguments, same bytes.

        ``created`` is an aware datetime and becomes the file's own date, ``title`` its title; both come from the
        record. WrongError names the template and the tag where it cannot be used; nothing is written then.
        """
        from sopctl.letters.template_filler import TemplateFiller  # noqa: PLC0415 — start-up time is a feature

        if template not in self._fillers:
            self._fillers[template] = TemplateFiller(self.compiled(template))
        return self._fillers[template].fill(context, created=created, title=title)

    def compiled(self, template: str) -> CompiledTemplate:
        """The template made ready, as it was when it was read first.

        Raises:
            WrongError: where it cannot be used.
        """
        if template not in self._compiled:
            self._compiled[template] = self._kept(template) or self._read(template)
        return self._compiled[template]

    def _kept(self, template: str) -> CompiledTemplate | None:
        kept = self._shelf.get(template) if self._shelf else None
        return kept if kept is not None and kept.made_of(self._load, self._layout) else None

    def _read(self, template: str) -> CompiledTemplate:
        from sopctl.letters.template_compiler import compile_template  # noqa: PLC0415 — brings docx and docxtpl

        read = compile_template(template, self._load, self._layout)
        if self._shelf:
            self._shelf.put(read)
        return read
