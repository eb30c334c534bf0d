"""The designs of an analysis: what is run for each of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from migsim.analysis.attribution import phase_design, phases_of, theme_coalitions, theme_design, themes_of
from migsim.analysis.discovery import discovery_design
from migsim.analysis.groups import group_of, source_of
from migsim.analysis.identifiability import identifiability_design
from migsim.analysis.indices import crossed_design
from migsim.analysis.outcomes import OUTCOMES
from migsim.analysis.screening import screening_design
from migsim.analysis.space import Space, space_of
from migsim.analysis.tornado import LONGEST, tornado_design
from migsim.ensemble.designs import Design
from migsim.errors import InputError, shown

if TYPE_CHECKING:
    from migsim.analysis.sizes import Size
    from migsim.ensemble.samples import Sample
    from migsim.scenario.definition import Scenario

__all__ = ["PARTS", "Plans", "parts_asked"]

PARTS: Final = (
    "screening", "indices", "apart", "attribution", "identifiability", "discovery", "tornado", "weights",
)  # fmt: skip
_RUNS: Final = {
    "screening": ("screening",),
    "indices": ("indices",),
    "apart": ("apart",),
    "attribution": ("phases", "themes"),
    "identifiability": ("identifiability",),
    "discovery": ("hypercube",),
    "tornado": ("screening", "tornado"),
    "weights": ("hypercube",),
}
"""The designs that each part is read off."""


def parts_asked(only: Iterable[str] | None) -> tuple[str, ...]:
    """The parts to be done, in their order.

    Raises
    ------
    InputError
        If there is no such part.
    """
    if only is None:
        return PARTS
    asked = [only] if isinstance(only, str) else list(only)
    for name in asked:
        if name not in PARTS:
            raise InputError(f"only {shown(name)}; allowed are {', '.join(PARTS)}")
    if not asked:
        raise InputError(f"only: nothing was named; allowed are {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in asked)


def _does_anything(definition: Scenario) -> bool:
    """Whether anybody meets, or there are treaties or agreements of two."""
    return any(
        each.sessions or each.cadence or each.has_treaties for each in definition.spec.processes.values()
    )


class Plans:
    """The designs for one scenario, each made when it is first asked for.

    Parameters
    ----------
    definition, size, seed
        What is analysed, and how.
    """

    def __init__(self, definition: Scenario, size: Size, seed: int) -> None:
        if not phases_of(definition) or not _does_anything(definition):
            remedy = "analyse one with a process that meets, such as gfmd-2007-2015"
            raise InputError(
                f"{definition.name}: nobody meets in it, so there is no gain to explain; {remedy}"
            )
        self.definition: Final = definition
        self.size: Final = size
        self.seed: Final = seed
        self._made: Final[dict[str, Design]] = {}

    @cached_property
    def space(self) -> Space:
        """What is varied."""
        return space_of(self.definition)

    def runs(self, parts: Iterable[str]) -> Iterator[str]:
        """Names of the designs that these parts need, each once."""
        names = dict.fromkeys(name for part in parts for name in _RUNS[part])
        return (name for name in names if name != "themes" or themes_of(self.definition))

    def plan(self, name: str) -> Design:
        """The design of this name; those of themes and of the tornado are made by `themes` and `tornado`."""
        if name not in self._made:
            self._made[name] = self._plan(name)
        return self._made[name]

    @cached_property
    def walks(self) -> Sample:
        """The walks of the screening."""
        sample = self.plan("screening").sample
        assert sample is not None, "a screening is at points"
        return sample

    @cached_property
    def themes(self) -> dict[int, Design]:
        """A design for each coalition of themes."""
        return {
            coalition: theme_design(self.definition, coalition, self.size.worlds, self.seed)
            for coalition in theme_coalitions(self.definition, self.size.orders, self.seed)
        }

    def tornado(self, ends: Mapping[str, tuple[float, float]]) -> Design:
        """The design of the tornado, over the parameters that the screening chose with their ends."""
        return tornado_design(self.definition, self.space, ends, self.size.lucks, self.seed)

    def worlds(self, parts: Iterable[str]) -> dict[str, int]:
        """How many worlds each design takes; of the tornado, which the screening decides, at most."""
        size, found = self.size, {}
        for name in self.runs(parts):
            if name == "themes":
                found[name] = len(theme_coalitions(self.definition, size.orders, self.seed)) * size.worlds
            elif name == "tornado":
                most = min(LONGEST * len(OUTCOMES), len(self.space.measured))
                found[name] = (1 + 2 * most) * size.lucks
            else:
                found[name] = len(self.plan(name).replicates)
        return found

    def _plan(self, name: str) -> Design:
        definition, size, seed = self.definition, self.size, self.seed
        match name:
            case "screening":
                return screening_design(definition, self.space, size.walks, seed)
            case "indices":
                return crossed_design(definition, self.space, size.base, seed, group_of)
            case "apart":
                return crossed_design(definition, self.space, size.base_apart, seed, source_of)
            case "phases":
                return phase_design(definition, size.worlds, seed)
            case "identifiability":
                return identifiability_design(definition, size.scaled, seed)
            case "hypercube":
                return discovery_design(definition, self.space, size.points, seed)
            case _:
                raise KeyError(name)
