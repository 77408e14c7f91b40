"""Word files out of templates: the door to this room for those who only want a document.

jinja2 is loaded when the first document is written, python-docx and docxtpl when a template is read that no cache
knows.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sopctl.letters.compiled import Compiled
from sopctl.letters.loader import Loader, folder_loader
from sopctl.word.layout import Layout

if TYPE_CHECKING:
    from sopctl.letters.fill import Filler


class Shelf(Protocol):
    """Where compiled templates are kept between two runs; it may forget any of them at any time."""

    def get(self, template: str) -> Compiled | None:
        """What was kept for a template, None where nothing was."""

    def put(self, compiled: Compiled) -> None:
        """Keep a template."""


class Renderer:
    """Writes documents from the templates of a folder, or of a function from file name to bytes.

    Each template is read once in a process. See `loader.Loader` for what such a function raises.
    """

    def __init__(self, templates: Path | Loader, layout: Layout | None = None, shelf: Shelf | None = None) -> None:
        self._load: Loader = folder_loader(templates) if isinstance(templates, Path) else templates
        self._layout = layout or Layout()
        self._shelf = shelf
        self._compiled: dict[str, Compiled] = {}
        self._fillers: dict[str, Filler] = {}

    def render(self, template: str, context: Mapping[str, object], *, created: datetime, title: str) -> bytes:
        """The Word file that the template of this file name makes of the context: same arguments, same bytes.

        ``created`` is an aware datetime and becomes the file's own date, ``title`` its title; both come from the
        record. WrongError names the template and the tag where it cannot be used; nothing is written then.
        """
        from sopctl.letters.fill import Filler  # noqa: PLC0415 — start-up time is a feature

        if template not in self._fillers:
            self._fillers[template] = Filler(self.compiled(template))
        return self._fillers[template].fill(context, created=created, title=title)

    def compiled(self, template: str) -> Compiled:
        """The template made ready, as it was when it was read first.

        Raises:
            WrongError: where it cannot be used.
        """
        if template not in self._compiled:
            self._compiled[template] = self._kept(template) or self._read(template)
        return self._compiled[template]

    def _kept(self, template: str) -> Compiled | None:
        kept = self._shelf.get(template) if self._shelf else None
        return kept if kept is not None and kept.made_of(self._load, self._layout) else None

    def _read(self, template: str) -> Compiled:
        from sopctl.letters.compile import compiled  # noqa: PLC0415 — brings docx and docxtpl

        read = compiled(template, self._load, self._layout)
        if self._shelf:
            self._shelf.put(read)
        return read
