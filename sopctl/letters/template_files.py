"""Where templates are read from, and the wording of every error in one."""

from collections.abc import Callable
from pathlib import Path, PurePath

from sopctl.errors import DamagedError, NotFoundError, WrongError

TemplateLoader = Callable[[str], bytes]
"""From a template's file name to its bytes; KeyError, OSError or NotFoundError where there is none."""

_SHOWN = 90  # about a line of a terminal


def folder_loader(folder: Path) -> TemplateLoader:
    """The templates of a folder."""

    def read(name: str) -> bytes:
        return (folder / name).read_bytes()

    return read


def load_template(name: str, loader: TemplateLoader) -> bytes:
    """The bytes of a template; WrongError where it is no plain file name, is not there or is too large."""
    if PurePath(name).name != name or "\\" in name:
        raise template_error(name, "nama templat tidak boleh memuat folder")
    try:
        return loader(name)
    except (KeyError, OSError, NotFoundError) as error:
        meant = error.facts.get("meant", "") if isinstance(error, NotFoundError) else ""
        raise template_error(name, f"file tidak ada di folder templat{meant}", advice="restore_template") from error
    except DamagedError as error:
        raise template_error(name, error.message.rstrip(".")) from error


def template_error(name: str, why: str, paragraph: str = "", *, advice: str = "") -> WrongError:
    """The error in a template: which file, why, and the paragraph where it is."""
    shown = paragraph if len(paragraph) <= _SHOWN else paragraph[: _SHOWN - 1] + "…"
    return WrongError(f"Templat {name}: {why}." + (f" Paragraf: “{shown}”." if shown else ""), advice=advice)
