"""The rows of an SOP as a graph: where each leads, what can be reached, what can still end."""

from collections.abc import Iterable, Mapping

from sopctl.sop.model import END, Sop

StepGraph = Mapping[str, tuple[str, ...]]
"""For every step the ids it may lead to, `end` among them."""


def build_step_graph(sop: Sop) -> StepGraph:
    """Where each step leads; a condition on a branch is taken to be possible."""
    below = [*(step.id for step in sop.steps[1:]), END]
    return {
        step.id: tuple(branch.to for branch in step.branches) or (step.next or following,)
        for step, following in zip(sop.steps, below, strict=True)
    }


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


def find_terminating(graph: StepGraph) -> frozenset[str]:
    """The ids from which the end can be reached."""
    backwards: dict[str, list[str]] = {}
    for id, targets in graph.items():
        for target in targets:
            backwards.setdefault(target, []).append(id)
    return find_reachable({target: tuple(sources) for target, sources in backwards.items()}, [END])
