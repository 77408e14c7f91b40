"""A template made ready: Jinja source for its text parts, every other part packed as it will be written.

Plain values, made once, kept in a cache, filled in as often as needed; neither Word's nor Jinja's libraries are loaded
for them.
"""

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


class UsedNames(Struct, frozen=True):
    """The names that one file asks the context for; ``optional`` are those it can do without or sets itself."""

    file: str
    names: frozenset[str]
    optional: frozenset[str]


class CompiledTemplate(Struct, frozen=True, kw_only=True):
    """A whole template; ``files`` are the sha256 of the Word files that it was made of.

    ``notes`` are sentences about what is worth a look, ``flaws`` about what is not printed as the template has it.
    """

    name: str
    layout: PageSetup
    files: dict[str, bytes]
    parts: tuple[TemplatePart, ...]
    packed: tuple[ZipEntry, ...]
    used: tuple[UsedNames, ...]
    notes: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Everything that the template and its fragments ask the context for."""
        return frozenset().union(*(used.names for used in self.used))

    def is_current(self, loader: TemplateLoader, layout: PageSetup) -> bool:
        """Whether this is still what the Word files and the layout say."""
        known = self.files.items()
        return self.layout == layout and all(sha256(load_template(file, loader)).digest() == sha for file, sha in known)
