"""The way through sk-tim that every engine is measured on: nine completions, one of them a rejection."""

from collections.abc import Callable, Mapping

from sopctl.engine.events import FieldValue

Walk = Callable[[], None]
"""One whole case, from its opening to its end."""

Filled = Mapping[str, dict[str, FieldValue]]
"""What is filled in at which step."""

WALK = (
    ("perintah", True),
    ("teruskan", True),
    ("susun", True),
    ("periksa", False),
    ("susun", True),
    ("periksa", True),
    ("tandatangan", True),
    ("serahkan", True),
    ("laksanakan", True),
)
"""The steps in the order in which they are completed, and whether the work was agreed to."""
