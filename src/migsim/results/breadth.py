"""Breadth against depth: how many states would ratify a text within ten years, by how much it asks.

Expected parties under the chances of `migsim.forum.ratification`, with what the text means to states in the
base year: nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, shown
from migsim.forum.ratification import Instruments, Terms, expected, stakes_in
from migsim.scenario.definition import Scenario
from migsim.scenario.load import load
from migsim.start import begin
from migsim.world.vocabulary import BASE_YEAR

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["YEARS", "breadth"]

YEARS: Final = 10
"""Years from the opening until parties are counted."""
STEPS: Final = tuple(np.linspace(0.0, 1.0, 11))
EXAMPLE: Final = "migrant-workers-convention"


def breadth(
    depths: Iterable[float] = STEPS,
    equality: Iterable[float] = (0.0, 1.0),
    *,
    paragraphs: Iterable[str] = (),
    security: float = 0.0,
    years: int = YEARS,
    replicates: int = 20,
    seed: int = DEFAULT_SEED,
) -> pd.DataFrame:
    """Expected parties of texts that differ in depth and in equality clauses, without reservations.

    Parameters
    ----------
    depths, equality
        From 0 to 1.
    paragraphs
        What the text is about; by default what the migrant workers' convention is about.
    security
        Weight of rules against crime.
    years
        Years from the opening on.
    replicates
        Ranged worlds; number 0 stands for central parameters and is run beside them.
    seed
        Of the ranged worlds.

    Returns
    -------
    DataFrame
        ``world`` (0 the central one), ``depth``, ``equality``, ``parties``, ``developed``: expected numbers;
        ``members`` and ``developed_members`` there are.

    Raises
    ------
    InputError
        If a depth or weight is not from 0 to 1, or a paragraph is unknown.
    """
    import pandas as pd

    if years < 1:
        raise InputError(f"years: found {years}; allowed is a whole number from 1 on.")
    pairs = [(depth, weight) for weight in list(equality) for depth in list(depths)]
    for value in (security, *(each for pair in pairs for each in pair)):
        if not 0.0 <= value <= 1.0:
            raise InputError(f"breadth: found {shown(value)}; depths and weights are from 0 to 1.")
    scenario = load(EXAMPLE)
    named = tuple(paragraphs) or scenario.spec.processes[EXAMPLE].instrument.paragraphs
    parts = _parties(scenario, named, pairs, security, years, (0,), seed, is_central=True)
    if replicates:
        worlds = tuple(range(replicates))
        parts += _parties(scenario, named, pairs, security, years, worlds, seed, is_central=False)
    return pd.concat(parts, ignore_index=True)


def _parties(
    scenario: Scenario,
    named: tuple[str, ...],
    pairs: list[tuple[float, float]],
    security: float,
    years: int,
    worlds: tuple[int, ...],
    seed: int,
    *,
    is_central: bool,
) -> list[pd.DataFrame]:
    import pandas as pd

    certain = {"actors.interests.misjudgement": 0.0} if is_central else {}
    alone = scenario.vary("breadth", {"processes": {}, "years.first": BASE_YEAR + 1, **certain})
    setting, world = begin(alone, worlds, seed, "central" if is_central else "ranged")
    known = setting.levers.paragraphs
    for name in named:
        if name not in known:
            raise InputError(f"paragraphs: found {shown(name)}; known are {', '.join(known)}.")
    binds = np.isin(np.array(known), named).astype(np.float64)
    p = setting.parameters.group(Instruments, "instruments")
    members, states = setting.members(world.year), setting.states
    span = range(world.year, world.year + years)
    found = []
    for depth, weight in pairs:
        column = (np.full((len(worlds), 1), each) for each in (depth, weight, security, 0.0, 0.0))
        means = stakes_in(binds, Terms(*column), world, setting)
        parties = expected(means, span, members, states, p)[span[-1]]
        frame = pd.DataFrame(
            {
                "world": [0] if is_central else [each + 1 for each in worlds],
                "depth": depth, "equality": weight, "parties": parties.sum(axis=-1),
                "developed": (parties * states.is_developed).sum(axis=-1),
                "members": int(members.sum()),
                "developed_members": int((members * states.is_developed).sum()),
            }
        )  # fmt: skip
        found.append(frame)
    return found
