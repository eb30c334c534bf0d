"""The space that is searched: what is drawn, and the settings of structure that have no range.

A parameter of processes is one factor, alike in all processes that do not set it themselves, as it is when
worlds are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from migsim.ensemble.factors import LUCK, Factor, every_factor, factor
from migsim.provenance.parameters import registry

if TYPE_CHECKING:
    from migsim.ensemble.samples import Sample
    from migsim.provenance.parameters import Scalar
    from migsim.scenario.definition import Scenario

__all__ = ["Space", "space_of"]

STRUCTURAL: Final[Mapping[str, tuple[Scalar, ...]]] = {
    "processes.*.reading": (),
    "processes.*.who_can_block": (),
    "processes.*.civil_society": (),
    "processes.*.protocol.name": ("no_objection", "compromise"),
    "world.opinion.reading": (),
}
"""Settings of structure that worlds do not draw, with the values taken; none named are all options.

Of the protocols the two that a plenary of all states can use at any size, one that makes objections count
and one that does not.
"""


@dataclass(frozen=True)
class Space:
    """What is varied.

    Attributes
    ----------
    drawn
        Parameters that ranged worlds draw and the scenario does not pin.
    structure
        Settings without a range.
    alike
        By path of a factor the paths of other processes that go with it.
    luck
        Luck, which is a factor like any other.
    """

    drawn: tuple[Factor, ...]
    structure: tuple[Factor, ...]
    alike: Mapping[str, tuple[str, ...]]
    luck: Factor

    @property
    def measured(self) -> tuple[Factor, ...]:
        """Drawn parameters that take any number of a range: neither choices nor whole numbers."""
        return tuple(each for each in self.drawn if not each.values and not each.is_whole)

    @property
    def everything(self) -> tuple[Factor, ...]:
        """All factors, and luck."""
        return (*self.drawn, *self.structure, self.luck)

    def everywhere(self, sample: Sample) -> Sample:
        """A sample with the settings of each process copied to the other processes."""
        copies = [
            (place, other) for place, path in enumerate(sample.paths) for other in self.alike.get(path, ())
        ]
        if not copies:
            return sample
        points = tuple((*point, *(point[place] for place, _ in copies)) for point in sample.points)
        return replace(sample, paths=(*sample.paths, *(other for _, other in copies)), points=points)


def space_of(definition: Scenario) -> Space:
    """Everything that can be varied of a scenario."""
    alike: dict[str, tuple[str, ...]] = {}
    first: dict[str, str] = {}
    drawn = []
    for each in every_factor(definition):
        leader = first.setdefault(registry().pattern(each.path), each.path)
        if leader == each.path:
            drawn.append(each)
        else:
            alike[leader] = (*alike.get(leader, ()), each.path)
    structure = []
    for pattern, values in STRUCTURAL.items():
        paths = list(_paths(definition, pattern))
        if paths:
            structure.append(factor(definition, paths[0], values or None))
            alike[paths[0]] = tuple(paths[1:])
    return Space(tuple(drawn), tuple(structure), alike, factor(definition, LUCK))


def _paths(definition: Scenario, pattern: str) -> Iterator[str]:
    names = definition.content.get("processes", {}) if "*" in pattern else ("",)
    paths = (pattern.replace("*", name) for name in names)
    return (path for path in paths if not definition.is_pinned(path))
