"""What stands in the page's fields, and the choice that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from migsim.errors import InputError
from migsim.explore.choices import Choice, settings_of, whole_number
from migsim.explore.levers import changed, levers, processes

if TYPE_CHECKING:
    from migsim.provenance.parameters import Scalar
    from migsim.scenario.definition import Scenario

__all__ = ["SPREADS", "Draft"]

SPREADS: Final = {"central": "central values", "ranged": "drawn from their ranges"}


@dataclass(frozen=True)
class Draft:
    """The fields as they stand; nothing of it counts before it is made a choice.

    Attributes
    ----------
    scenario
        The scenario, without what is set on the page.
    base
        What the page was opened with, whose settings hold for its own scenario.
    process
        The process whose parameters are shown; empty where none meets.
    values
        By path, parameters that were moved.
    extra
        Further settings, one a line.
    seed, replicate, parameters
        As they are written in their fields.
    """

    scenario: Scenario
    base: Choice
    process: str
    values: Mapping[str, Scalar] = field(default_factory=dict)
    extra: str = ""
    seed: str = ""
    replicate: str = ""
    parameters: str = "central"

    @classmethod
    def of(cls, base: Choice) -> Draft:
        """The fields of a choice just made.

        Raises
        ------
        ScenarioError
            If its scenario cannot be read.
        """
        scenario = base.definition()
        first = next(iter(processes(scenario)), "")
        return cls(
            scenario,
            base,
            first,
            seed=str(base.seed),
            replicate=str(base.replicate),
            parameters=base.parameters,
        )

    def moved(self, path: str, value: Scalar) -> Draft:
        """The draft with one parameter moved."""
        return replace(self, values={**self.values, path: value})

    def choice(self) -> Choice:
        """The choice that the fields make.

        Raises
        ------
        InputError
            If a field holds what it cannot.
        """
        shown = [lever for name in processes(self.scenario) for lever in levers(self.scenario, name)]
        if self.parameters not in SPREADS:
            raise InputError(f"parameters: allowed are {' and '.join(SPREADS)}")
        own = (*changed(shown, self.values), *settings_of(self.extra))
        set_here = {_path(setting) for setting in own}
        kept = tuple(setting for setting in self.base.settings if _path(setting) not in set_here)
        return Choice(
            self.base.scenario,
            (*kept, *own),
            whole_number(self.seed, "seed"),
            "ranged" if self.parameters == "ranged" else "central",
            whole_number(self.replicate, "number of the world"),
        )


def _path(setting: str) -> str:
    return setting.partition("=")[0].strip()
