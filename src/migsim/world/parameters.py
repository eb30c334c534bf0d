"""The numbers of a run: one column of each registry parameter for the replicates of a batch.

A parameter that the scenario sets is pinned. The others keep their default (``central``) or are drawn
uniformly from their range, once per replicate and alike for all compared scenarios (``ranged``). What a
design sets for each replicate goes before both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from migsim.provenance.parameters import registry
from migsim.world.corridors import Array
from migsim.world.noise import Noise
from migsim.world.worlds import NO_VALUES

if TYPE_CHECKING:
    from migsim.provenance.parameters import Parameter
    from migsim.scenario.definition import Scenario

__all__ = ["Parameters", "Spread"]

type Spread = Literal["central", "ranged"]


class Parameters:
    """Registry parameters as arrays of shape ``(replicate, 1)``.

    Parameters
    ----------
    definition : Scenario
        Gives each parameter's value and whether the scenario pins it.
    noise : Noise
        Source of the draws; ignored when ``spread`` is ``"central"``.
    spread : {"central", "ranged"}
        Whether parameters keep their defaults or vary over their ranges.
    values : mapping, optional
        What a design sets for each replicate, by path; it goes before scenario and draws.

    Notes
    -----
    A choice is given as the position of the chosen option, a flag as 0 or 1.
    """

    def __init__(
        self,
        definition: Scenario,
        noise: Noise,
        spread: Spread,
        values: Mapping[str, tuple[float, ...]] = NO_VALUES,
    ) -> None:
        self._definition = definition
        self._noise = noise
        self._spread = spread
        self._values = values
        self._columns: dict[str, Array] = {}
        self._groups: dict[tuple[type, str], Any] = {}

    def __getitem__(self, path: str) -> Array:
        """Column of one parameter, shape ``(replicate, 1)``."""
        if path not in self._columns:
            self._columns[path] = self._column(path)
        return self._columns[path]

    def group[G](self, kind: type[G], prefix: str) -> G:
        """Fill the dataclass ``kind`` with the parameters below ``prefix``; its fields name them."""
        if (kind, prefix) not in self._groups:
            columns = {f.name: self[f"{prefix}.{f.name}"] for f in fields(kind)}  # type: ignore[arg-type]
            self._groups[kind, prefix] = kind(**columns)
        filled: G = self._groups[kind, prefix]
        return filled

    def _column(self, path: str) -> Array:
        if path in self._values:
            return np.array([[value] for value in self._values[path]])
        if self._spread == "ranged" and not self._definition.is_pinned(path):
            drawn = self._drawn.get(registry().pattern(path))
            if drawn is not None:
                return drawn
        row = registry()[registry().pattern(path)]
        value = self._definition.value(path)
        number = row.options.index(str(value)) if row.kind == "choice" else float(value)
        return np.full((len(self._noise.replicates), 1), float(number))

    @cached_property
    def _drawn(self) -> dict[str, Array]:
        """Every parameter that may be drawn, by its path in the registry: all at once, which is cheaper."""
        rows = tuple(row for row in registry().rows if row.is_drawn)
        lies = self._noise.units([f"parameter {row.path}" for row in rows])
        return {row.path: _placed(row, own)[:, None] for row, own in zip(rows, lies, strict=True)}


def _placed(row: Parameter, lies: Array) -> Array:
    """What a parameter is, given where it lies between the ends of its range or among its options."""
    if row.low is None or row.high is None:
        return np.floor(lies * len(row.options))
    drawn = row.low + (row.high - row.low) * lies
    return np.round(drawn) if row.kind == "integer" else drawn
