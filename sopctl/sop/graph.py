"""The rows of an SOP as a graph: what can be reached, what can lead somewhere."""

from collections.abc import Iterable, Mapping

StepGraph = Mapping[str, tuple[str, ...]]
"""For every step the ids it may lead to, `end` among them."""


def find_reachable(graph: StepGraph, starts: Iterable[str]) -> frozenset[str]:
    """The ids that can be reached from ``starts``, these included."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting.extend(graph.get(id, ()))
    return frozenset(found)


def find_leading(graph: StepGraph, target: str) -> frozenset[str]:
    """The ids from which one can be reached, itself included."""
    backwards: dict[str, list[str]] = {}
    for id, targets in graph.items():
        for one in targets:
            backwards.setdefault(one, []).append(id)
    return find_reachable({one: tuple(sources) for one, sources in backwards.items()}, [target])
