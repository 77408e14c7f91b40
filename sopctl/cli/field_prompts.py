"""Asking for the value of one field at the terminal; lists and tables are asked for by `entry_prompts`."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sopctl.cli.field_display import show_value
from sopctl.cli.output import complain
from sopctl.cli.terminal_input import EMPTY, ask, check_filled, choice_of, number_choices

if TYPE_CHECKING:
    from sopctl.desk.employees import Employee
    from sopctl.engine.events import FieldValue
    from sopctl.sop.model import Field

_ECHOED = frozenset({"date", "money"})
"""Types of which a value is shown as it is printed."""


class FieldPrompt(Struct, frozen=True, kw_only=True):
    """Asks for a field; ``today`` is the day to which a day without a year is nearest.

    ``keep`` is told of the value, of one with several entries as it grows. ``employees`` are the people of the office.
    """

    field: "Field"
    today: date
    keep: "Callable[[FieldValue], None]"
    employees: "Sequence[Employee]" = ()

    def ask(self, known: "FieldValue | None", *, required: bool) -> "FieldValue | None":
        """The value that was typed; None where what is ``known`` (or nothing) stays."""
        from sopctl.desk.field_input import parse_texts
        from sopctl.letters.field_values import template_value

        field = self.field
        choices = f":\n{number_choices(field.choices)}\nPilih" if field.choices else ""
        shown = str(template_value(field, known)) if known and field.type in _ECHOED else known
        question = f"{field.label}{choices}{hint(field.type, shown, required=required)}"

        def accept(text: str) -> "FieldValue | None":
            if not text and (known or not required):
                return None
            if text == EMPTY and not required:
                self.keep("")
                return ""
            typed = choice_of(check_filled(text), field.choices)
            value = parse_texts(replace(field, name=field.label), [typed], self.today)
            if field.type in _ECHOED:
                complain(f"  = {show_value(field, value)}")
            self.keep(value)
            return value

        return ask(question, accept)


def hint(type_: str, known: "FieldValue | None", *, required: bool) -> str:
    """What a type wants, and what Enter does."""
    stays = f"Enter = {known}" + ("" if required else f"; {EMPTY} = kosong")
    enter = stays if known else "" if required else "Enter = kosong"
    from sopctl.desk.field_input import HINTS

    said = "; ".join(filter(None, (HINTS.get(type_, ""), enter)))
    return f" ({said})" if said else ""
