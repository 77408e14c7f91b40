"""What typer says, in Indonesian.

Typer has no translations of its own; its few sentences are turned here, and one that is not known is shown as it is.
"""

import re

from sopctl.notation.nearest import nearest, suggestion

_HEADINGS = (
    (re.compile(r"^Usage:", re.MULTILINE), "Pemakaian:"),
    (re.compile(r"^Arguments:$", re.MULTILINE), "Argumen:"),
    (re.compile(r"^Options:$", re.MULTILINE), "Pilihan:"),
    (re.compile(r"^Commands:$", re.MULTILINE), "Perintah:"),
    (re.compile(r"\{([A-Z][^}]*)\}"), r"\1"),
    (re.compile(r"\[required\]"), "[wajib]"),
    (re.compile(r"\[default: "), "[bawaan: "),
)

_SENTENCES = (
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", "Tidak ada pilihan {0}{meant}."),
    (r"No such command '(.*?)'\.?(?: Did you mean (.*)\?)?", "Tidak ada perintah '{0}'{meant}. Lihat: sopctl --help"),
    (r"Missing (?:argument|option) '(.*?)'\. Choose from:(.*)", "Yang wajib belum diisi: {0}. Pilihannya: {1}."),
    (r"Missing (?:argument|option) '(.*?)(?:\.\.\.)?'\..*", "Yang wajib belum diisi: {0}."),
    (r"Missing command\.", "Perintahnya belum disebut. Lihat: sopctl --help"),
    (r"Option '(.*?)' requires an argument\.?", "Pilihan {0} membutuhkan nilai."),
    (r"Option '(.*?)' does not take a value\.?", "Pilihan {0} tidak memakai nilai."),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.*)\)", "Terlalu banyak kata: {0}. Apit kalimat dengan petik."),
    (
        r"Invalid value for '?(.*?)'?: (.*) is not one of (.*?)\.?",
        "Nilai {1} untuk {0} tidak ada{near}; pilihannya: {2}.",
    ),
    (r"Invalid value for '?(.*?)'?: (.*) is not a valid int(?:eger)?\.?", "Nilai {1} untuk {0} bukan bilangan bulat."),
    (r"Invalid value for '?(.*?)'?: (.*)", "Nilai untuk {0} tidak dapat dipakai ({1})."),
)


def help_text(text: str) -> str:
    """A page of help with Indonesian headings."""
    for pattern, heading in _HEADINGS:
        text = pattern.sub(heading, text)
    return text


def sentence(message: str) -> str:
    """A complaint of typer's about the words of a command."""
    for pattern, indonesian in _SENTENCES:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match is not None:
            parts = [" ".join(part.split()) for part in match.groups(default="")]
            close = _find_close_options(parts[0], parts[1]) if len(parts) > 1 else ""
            meant = f"; mungkin maksudnya {close}" if close else ""
            near = suggestion(parts[1].strip("'"), re.findall("'(.*?)'", parts[2])) if "{near}" in indonesian else ""
            return indonesian.format(*parts, meant=meant, near=near)
    return message


def _find_close_options(typed: str, proposed: str) -> str:
    """Those of typer's proposals that are close without their dashes, which all options have in common."""
    words = proposed.split(", ")
    return ", ".join(one for one in words if nearest(typed.lstrip("-"), [one.strip("-'")]))
