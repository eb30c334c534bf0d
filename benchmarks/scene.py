"""What is timed: the forum of 2007-2015, or, for a quick trial of the benchmarks themselves, a few states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import migsim

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["BATCH", "SEED", "Scene"]

SCENARIO: Final = "gfmd-2007-2015"
SEED: Final = 2026
BATCH: Final = 16
FEW: Final = ("BEL", "CHE", "DEU", "GRC", "IND", "MAR", "MEX", "MUS", "PHL", "SWE", "SYR", "TUR", "USA")


@dataclass(frozen=True)
class Scene:
    """The scenario that is timed, and whether sizes are those of a quick trial."""

    quick: bool = False

    @cached_property
    def definition(self) -> Scenario:
        """The scenario."""
        whole = migsim.load(SCENARIO)
        few = {"states": list(FEW), "years.last": 2008}
        return whole.vary("a quick trial", few) if self.quick else whole

    @cached_property
    def file(self) -> str:
        """The name by which a command finds it."""
        if not self.quick:
            return SCENARIO
        path = Path(self._folder.name) / "trial.yaml"
        path.write_text(self.definition.to_yaml(), encoding="utf-8")
        return str(path)

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory()

    @property
    def n_world_years(self) -> int:
        """World-years of one replicate: its own and those of its paired world."""
        years = self.definition.spec.years
        return 2 * int(years.last - years.first + 1)

    def size(self, full: int, trial: int) -> int:
        """How many of something."""
        return trial if self.quick else full
