"""Sizes of a design: which a kind of design has, and how many points and worlds come of them."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Final

from migsim.ensemble.factors import LUCK, Factor
from migsim.errors import InputError, shown
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    from migsim.world.parameters import Spread

__all__ = [
    "POINTS",
    "STEPS",
    "WITHOUT",
    "counted_points",
    "refuse_odd_sizes",
    "refuse_odd_worlds",
    "refuse_too_many",
    "spread_of",
    "usual_replicates",
]

MOST_WORLDS: Final = 1_000_000
GRID_REPLICATES: Final = 20
STEPS: Final = 5
"""Values that a grid takes of a range if the user does not say."""
POINTS: Final[Mapping[str, int]] = {"latin_hypercube": 100, "morris": 10, "sobol": 64}
"""Points, walks or base points if the user does not say."""
WITHOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "grid": ("points",),
    "latin_hypercube": ("steps",),
    "morris": ("steps", "replicates"),
    "sobol": ("steps",),
}
"""Sizes that mean nothing for a kind: a file's are left behind where the user says another kind."""


def refuse_odd_sizes(kind: str, points: int | None, steps: int | None) -> None:
    """Refuse sizes that a kind of design does not have.

    Raises
    ------
    InputError
        If a grid is given points, or another kind steps.
    """
    if kind == "grid" and points is not None:
        raise InputError("points: a grid has those of its values; set steps, or kind latin_hypercube")
    if kind != "grid" and steps is not None:
        raise InputError("steps: are of a grid; set points, or leave it out")


def counted_points(kind: str, factors: tuple[Factor, ...], size: int, n_groups: int | None = None) -> int:
    """How many points a design has.

    Parameters
    ----------
    kind, factors
    size
        Values that a grid takes of a range; else points, walks or base points.
    n_groups
        Groups in which the factors of a Sobol design change; by default each alone.

    Raises
    ------
    InputError
        If it cannot have such factors or such a size, or has too many points.
    """
    has_luck = any(factor.path == LUCK for factor in factors)
    number = size
    match kind:
        case "grid":
            if any(factor.path == LUCK and not factor.values for factor in factors):
                raise InputError(
                    f"{LUCK}: in a grid, name the numbers, such as {LUCK}=0,1,2; or use replicates"
                )
            number = prod(len(factor.levels(size)) for factor in factors)
        case "morris":
            if has_luck:
                raise InputError(f"{LUCK}: each Morris walk has its own; leave it out")
            number = size * (len(factors) + 1)
        case "sobol":
            if size < 2 or size & (size - 1):
                raise InputError(
                    f"points {shown(size)}; a Sobol design takes a power of two, such as 64 or 256"
                )
            number = size * ((n_groups or len(factors)) + 2)
    if not 1 <= number <= DRAWS:
        raise InputError(f"a design of {number:,} points; allowed are 1 to {DRAWS:,}")
    return number


def usual_replicates(kind: str, has_luck: bool) -> int:
    """Worlds at each point if the user does not say."""
    return GRID_REPLICATES if kind in ("grid", "listed") and not has_luck else 1


def spread_of(kind: str, has_luck: bool, parameters: Spread | None) -> Spread:
    """Whether what a design does not vary is drawn; ``parameters`` is what the user says.

    Raises
    ------
    InputError
        If it is to be drawn where luck is varied.
    """
    is_luck_varied = has_luck and kind != "morris"  # whose walks have lucks of their own
    if is_luck_varied and parameters == "ranged":
        said = "the number of a luck is also that of a draw, so that both would change together"
        raise InputError(f"parameters ranged: luck is a factor of this design, and {said}; use central")
    is_usual = kind in ("grid", "listed") and not is_luck_varied
    return parameters or ("ranged" if is_usual else "central")


def refuse_odd_worlds(kind: str, has_luck: bool, n_points: int, replicates: int) -> None:
    """Refuse several worlds at points of which each says its luck, and too many worlds.

    Raises
    ------
    InputError
        If there are.
    """
    if replicates > 1 and (has_luck or kind == "morris"):
        whose = "each Morris walk has its own luck" if kind == "morris" else "luck is a factor of this design"
        raise InputError(f"replicates: {whose}, so each point is one world; leave replicates out")
    refuse_too_many(n_points * replicates)


def refuse_too_many(n_worlds: int) -> None:
    """Refuse more worlds than a run may have."""
    if n_worlds > MOST_WORLDS:
        raise InputError(f"{n_worlds:,} worlds; allowed are at most {MOST_WORLDS:,}")
