"""Word files out of templates: the door to this room for those who only want a document.

python-docx, docxtpl and jinja2 are loaded when the first document is written, not before.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sopctl.documents.loader import Loader, folder_loader


class Renderer:
    """Writes documents from the templates of a folder, or of a function from file name to bytes.

    See `loader.Loader` for what such a function raises.
    """

    def __init__(self, templates: Path | Loader) -> None:
        self._load: Loader = folder_loader(templates) if isinstance(templates, Path) else templates

    def render(self, template: str, context: Mapping[str, object], *, created: datetime, title: str) -> bytes:
        """The Word file that the template of this file name makes of the context: same arguments, same bytes.

        ``created`` is an aware datetime and becomes the file's own date, ``title`` its title; both come from the
        record. WrongError names the template and the tag where it cannot be used; nothing is written then.
        """
        from sopctl.documents.fill import fill  # noqa: PLC0415 — start-up time is a feature

        return fill(template, self._load, context, created=created, title=title)
