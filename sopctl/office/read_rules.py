"""How `read` is written in sopctl.yaml: one rule for all SOPs, or a rule for each."""

from typing import cast

from msgspec import Struct

from sopctl.notation.decoders import Decoder, JsonSchema, MappingDecoder
from sopctl.notation.faults import Faults
from sopctl.notation.node import Mapping, Node
from sopctl.notation.scalars import choice, name
from sopctl.office.model import ReadRule, ReadRules

OTHERS = ("default", "lainnya")
"""What stands for the SOPs that are not named."""

_RULE: Decoder[ReadRule] = choice("all", "actors", "unit")
_RULES = MappingDecoder(name("[a-z0-9][a-z0-9-]*", "id SOP, atau default untuk SOP lainnya"), _RULE)


class ReadRulesDecoder(Struct, frozen=True):
    """The decoder of `read`."""

    blank: ReadRules = ReadRules()
    expects: str = "all, actors atau unit, atau salah satunya untuk tiap id SOP dan default untuk SOP lainnya"

    def decode(self, node: Node, faults: Faults) -> ReadRules:
        """The rules of a word or of a mapping."""
        if not isinstance(node, Mapping):
            return ReadRules(_RULE.decode(node, faults))
        found = cast("dict[str, ReadRule]", _RULES.decode(node, faults))
        named = [found.pop(word) for word in OTHERS if word in found]
        return ReadRules(named[0] if named else "all", found)

    def schema(self) -> JsonSchema:
        """A word, or an object of them."""
        return {"anyOf": [_RULE.schema(), _RULES.schema()]}
