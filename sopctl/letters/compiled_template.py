"""A template made ready: Jinja source for its text parts, every other part packed as it will be written.

Plain values, made once, kept in a cache, filled in as often as needed; neither Word's nor Jinja's
libraries are loaded for them.
"""

from collections.abc import Callable
from hashlib import sha256

from msgspec import Struct

from sopctl.letters.template_files import TemplateLoader, load_template
from sopctl.word.page_setup import PageSetup
from sopctl.word.zip_package import ZipEntry


class TemplatePart(Struct, frozen=True):
    """A part with tags: the entry that it becomes, and the Jinja source of every file that it is made of.

    The first of ``sources`` is the part itself, the others are the fragments that it includes; every paragraph begins
    a line. ``grids`` says that its tables may come out with another number of columns than the template's.
    """

    entry: str
    sources: dict[str, str]
    grids: bool

    @property
    def tagged(self) -> bool:
        """Whether there is anything to fill in; a part without a tag is copied."""
        return any(begin in text for text in self.sources.values() for begin in ("{{", "{%", "{#"))


class UsedNames(Struct, frozen=True):
    """The names that one file asks the context for; ``optional`` are those it can do without or sets itself."""

    file: str
    names: frozenset[str]
    optional: frozenset[str]


class TemplateNote(Struct, frozen=True):
    """Something in a file that works but is worth a look, with the paragraph where it stands."""

    file: str
    message: str
    paragraph: str


class CompiledTemplate(Struct, frozen=True, kw_only=True):
    """A whole template; ``files`` are the sha256 of the Word files that it was made of."""

    name: str
    layout: PageSetup
    files: dict[str, bytes]
    parts: tuple[TemplatePart, ...]
    packed: tuple[ZipEntry, ...]
    asked: tuple[UsedNames, ...]
    notes: tuple[TemplateNote, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Everything that the template and its fragments ask the context for."""
        return frozenset().union(*(asked.names for asked in self.asked))

    def made_of(self, loader: TemplateLoader, layout: PageSetup) -> bool:
        """Whether this is still what the Word files and the layout say."""
        return self.layout == layout and all(
            digest(load_template(file, loader)) == known for file, known in self.files.items()
        )


Compile = Callable[[str, TemplateLoader, PageSetup], CompiledTemplate]


def digest(data: bytes) -> bytes:
    """What tells the versions of a Word file apart."""
    return sha256(data).digest()
