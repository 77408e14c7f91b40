"""What typer says, in Indonesian.

Typer has no translations of its own; its few sentences are turned here, and one that is not known is shown as it is.
"""

import re

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
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", "Tidak ada pilihan {0}{1}."),
    (r"No such command '(.*?)'\.?(?: Did you mean (.*)\?)?", "Tidak ada perintah '{0}'{1}. Lihat: sopctl --help"),
    (r"Missing (?:argument|option) '(.*?)'\..*", "Yang wajib belum diisi: {0}."),
    (r"Missing command\.", "Perintahnya belum disebut. Lihat: sopctl --help"),
    (r"Option '(.*?)' requires an argument\.?", "Pilihan {0} membutuhkan nilai."),
    (r"Option '(.*?)' does not take a value\.?", "Pilihan {0} tidak memakai nilai."),
    (r"Got unexpected extra arguments? ?\((.*)\)", "Terlalu banyak kata: {0}. Apit kalimat dengan tanda petik."),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Terlalu banyak kata: {0}. Apit kalimat dengan tanda petik."),
    (r"Invalid value for (.*?): (.*)", "Nilai {0} tidak dapat dipakai ({1})."),
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
            first, meant = (*match.groups(default=""), "", "")[:2]
            if "{1}" in indonesian and "Nilai" not in indonesian:
                meant = f"; mungkin maksudnya {meant}" if meant else ""
            return indonesian.format(first, meant)
    return message
