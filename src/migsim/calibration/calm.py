"""The calm world of the fits: nobody meets, nothing strikes, and chance is silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from migsim.facts.codes import BASE_YEAR
from migsim.world.noise import QUIET

if TYPE_CHECKING:
    from migsim.world.setting import Setting
    from migsim.world.state import World

__all__ = ["HISTORY", "calm_world"]

HISTORY: Final = "gfmd-2007-2015"
"""The shipped scenario that fits and validation start from; its shocks are the history of the years."""


def calm_world(last: int, settings: Mapping[str, object] | None = None) -> tuple[Setting, World]:
    """One world at the end of 2005, at central parameters, and the setting in which it can live on.

    Parameters
    ----------
    last
        Year up to which it can live.
    settings
        Parameters to change, by dotted path.
    """
    from migsim.scenario.load import load
    from migsim.start import begin

    years = {"years.first": BASE_YEAR + 1, "years.last": last}
    calm = {"processes": {}, "shocks": {}, **years, **QUIET, **(settings or {})}
    return begin(load(HISTORY).vary("calm world", calm), (0,), 0, "central")
