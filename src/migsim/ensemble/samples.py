"""Samples: at which points of a space of settings a scenario is run.

A *grid* takes all combinations of values; a *Latin hypercube* covers many settings evenly with few points;
*Morris* walks one setting at a time and *Sobol* crosses two samples, so that it can be told which settings
matter; *listed* points are the user's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Literal, Self, get_args

import numpy as np

from migsim.ensemble.factors import LUCK, Factor, is_luck
from migsim.ensemble.sizes import counted_points
from migsim.errors import InputError, whole_number
from migsim.provenance.parameters import Scalar
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    from migsim.world.corridors import Array

__all__ = ["KINDS", "Kind", "Sample", "grid", "latin_hypercube", "listed", "morris", "sobol"]

type Kind = Literal["grid", "latin_hypercube", "morris", "sobol", "listed"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind.__value__)
MORRIS_LEVELS: Final = 6


@dataclass(frozen=True)
class Sample:
    """Points at which a scenario is run.

    Attributes
    ----------
    kind
        How the points were chosen.
    paths
        The settings that differ, by dotted path; `LUCK` is no setting but whose luck a world has.
    points
        For each point its values, in the order of the paths.
    places
        For Morris and Sobol samples the points again, each value as its place in its factor's range, shape
        (point, factor), in [0, 1]: per unit of it effects are told. The luck of a Morris walk is no factor.
    switched
        Paths of factors that take listed values, or whole numbers: places between two give one of them.
    """

    kind: Kind
    paths: tuple[str, ...]
    points: tuple[tuple[Scalar, ...], ...]
    places: tuple[tuple[float, ...], ...] = ()
    switched: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the points."""
        text = json.dumps([self.paths, self.points], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def plain(self) -> dict[str, Any]:
        """The sample as plain data, from which `restored` makes it again."""
        return {
            "kind": self.kind,
            "paths": self.paths,
            "points": self.points,
            "places": self.places,
            "switched": self.switched,
        }

    @classmethod
    def restored(cls, plain: Mapping[str, Any]) -> Self:
        """The sample that gave this plain data, as it comes out of a JSON file."""
        points, places = (tuple(map(tuple, plain[name])) for name in ("points", "places"))
        return cls(plain["kind"], tuple(plain["paths"]), points, places, tuple(plain["switched"]))

    @property
    def has_luck(self) -> bool:
        """Whether luck is one of the factors."""
        return LUCK in self.paths

    def told(self, point: int) -> dict[str, Scalar]:
        """The values of a point by path."""
        return dict(zip(self.paths, self.points[point], strict=True))


def grid(factors: Iterable[Factor], steps: int = 5) -> Sample:
    """All combinations of the factors' values; of a range, ``steps`` evenly spaced ones.

    Raises
    ------
    InputError
        If there are too many.
    """
    chosen = tuple(factors)
    steps = whole_number(steps, "steps", 2, 1000)
    counted_points("grid", chosen, steps)
    levels = [factor.levels(steps) for factor in chosen]
    return Sample("grid", tuple(factor.path for factor in chosen), tuple(product(*levels)))


def latin_hypercube(factors: Iterable[Factor], n_points: int, seed: int) -> Sample:
    """Points of which each factor's values lie one in each of as many equal parts of its range."""
    from scipy.stats.qmc import LatinHypercube

    chosen = tuple(factors)
    counted_points("latin_hypercube", chosen, n_points)
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    return _sample("latin_hypercube", chosen, LatinHypercube(len(chosen), rng=stream).random(n_points))


def morris(factors: Iterable[Factor], n_trajectories: int, seed: int) -> Sample:
    """Walks through the space that change one factor at a time (Morris 1991; Campolongo et al. 2007).

    Each walk has a luck of its own, which stays the same from its first point to its last.
    """
    from SALib.sample import morris as walks

    chosen = tuple(factors)
    counted_points("morris", chosen, n_trajectories)
    places = walks.sample(problem(chosen), n_trajectories, num_levels=MORRIS_LEVELS, seed=seed % 2**32)
    walked = _sample("morris", chosen, places)
    points = tuple((*point, n // (len(chosen) + 1)) for n, point in enumerate(walked.points))
    return replace(walked, paths=(*walked.paths, LUCK), points=points)


def sobol(
    factors: Iterable[Factor], n_base: int, seed: int, groups: Mapping[str, str] | None = None
) -> Sample:
    """Saltelli's crossing of two samples, from which Sobol indices of first order and in total follow.

    Parameters
    ----------
    factors
    n_base
        Points of either sample, a power of two; as many again for each factor or group.
    seed
    groups
        Group of each factor by path; its members change together.
    """
    from SALib.sample import sobol as crossed

    chosen = tuple(factors)
    asked = problem(chosen, groups)
    counted_points("sobol", chosen, n_base, len(set(asked.get("groups", asked["names"]))))
    return _sample("sobol", chosen, crossed.sample(asked, n_base, calc_second_order=False, seed=seed % 2**32))


def listed(paths: Iterable[str], points: Iterable[Iterable[Scalar]]) -> Sample:
    """The user's own points."""
    names, chosen = tuple(paths), tuple(tuple(point) for point in points)
    counted_points("listed", (), len(chosen))
    if len(set(names)) < len(names) or any(len(point) != len(names) for point in chosen):
        raise InputError("points: each path once, and in each point one value a path")
    if LUCK in names and not all(is_luck(point[names.index(LUCK)]) for point in chosen):
        raise InputError(f"{LUCK}: allowed are whole numbers from 0 to {DRAWS - 1:,}")
    return Sample("listed", names, chosen)


def problem(factors: Iterable[Factor], groups: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The factors as SALib is told of them: each over its range from 0 to 1."""
    names = [factor.path for factor in factors]
    told: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if groups is not None:
        told["groups"] = [groups[name] for name in names]
    return told


def _sample(kind: Kind, factors: tuple[Factor, ...], places: Array) -> Sample:
    rows: list[list[float]] = places.tolist()
    points = tuple(tuple(factor.at(u) for factor, u in zip(factors, row, strict=True)) for row in rows)
    kept = tuple(map(tuple, rows)) if kind in ("morris", "sobol") else ()
    switched = tuple(factor.path for factor in factors if factor.values or factor.is_whole)
    return Sample(kind, tuple(factor.path for factor in factors), points, kept, switched)
