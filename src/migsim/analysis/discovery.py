"""Scenario discovery: the region of the settings in which all three gain, as a box (PRIM).

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010) peels the space until a
box is left that is dense in what it is to hold. With hundreds of settings there is a box even where there is
no region; so it is found on two thirds of the worlds and judged on the others, and a side is kept only if
chance would hardly have made it (a quasi-p-value). Where the triple win is too rare for a box, the regions in
which each single gain is positive are shown instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.analysis.groups import title_of
from migsim.analysis.outcomes import GAINS, WEAKEST, are_wins, share_of
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.factors import LUCK, column_value, is_column
from migsim.ensemble.samples import latin_hypercube
from migsim.errors import EnvironmentProblem
from migsim.provenance.parameters import registry

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migsim.analysis.space import Space
    from migsim.scenario.definition import Scenario

__all__ = [
    "MISSING", "TRIPLE_WIN", "discovery", "discovery_design", "is_installed", "settings_table", "wins_of",
]  # fmt: skip

type Claims = NDArray[np.bool_]

TRIPLE_WIN: Final = "triple win"
BOXES: Final = {GAINS[0]: "migrants gain", GAINS[1]: "hosts gain", GAINS[2]: "departure countries gain"}
FEWEST: Final = 30
"""Worlds on either side below which no box is sought."""
MISSING: Final = 'discovery needs ema_workbench, which is not installed; pip install "migsim[discovery]"'
LEAST_COVERAGE: Final = 0.4
CHANCE: Final = 0.05
EVERY_THIRD: Final = 3
COLUMNS: Final = (
    "box", "path", "title", "low", "high", "range_low", "range_high", "coverage", "density", "mass", "n",
    "options", "quasi_p", "base", "density_unseen", "unseen_low", "unseen_high", "n_unseen", "wins",
)  # fmt: skip


def discovery_design(definition: Scenario, space: Space, points: int, seed: int) -> Design:
    """A Latin hypercube over everything that varies, structure and luck included."""
    sample = latin_hypercube(space.everything, points, seed)
    return sampled(definition, space.everywhere(sample), 1, seed, "central")


def is_installed() -> bool:
    """Whether the library that finds boxes is there."""
    from importlib.util import find_spec

    return find_spec("ema_workbench") is not None


def settings_table(plan: Design, space: Space) -> pd.DataFrame:
    """The settings of each point as numbers, an option by its place, a row a point; luck left out."""
    import pandas as pd

    assert plan.sample is not None
    places = {path: n for n, path in enumerate(plan.sample.paths)}
    return pd.DataFrame(
        {
            each.path: [_number(each.path, point[places[each.path]]) for point in plan.sample.points]
            for each in space.everything
            if each.path != LUCK
        }
    )


def wins_of(found: pd.DataFrame, margin: float) -> dict[str, Claims]:
    """Whether each world is a triple win, and whether each side gains, more than a margin."""
    boxes = {TRIPLE_WIN: WEAKEST, **{BOXES[gain]: gain for gain in GAINS}}
    return {name: are_wins(found, outcome, margin) for name, outcome in boxes.items()}


def discovery(found: pd.DataFrame, settings: pd.DataFrame, margin: float = 0.0) -> pd.DataFrame:
    """The box of the triple win or, where too few worlds are won or lost, of each side's gain.

    Parameters
    ----------
    found
        Outcomes by point; failed worlds are left out.
    settings
        Settings by point, as numbers.
    margin
        What a gain must exceed, standard deviations of 2005.

    Returns
    -------
    DataFrame
        A row a side of a box: ``box``, ``path``, ``title``, ``low``, ``high`` (the box), ``range_low``,
        ``range_high``; of the box ``coverage`` (share of all wins that it holds), ``density`` (share of its
        worlds that are wins), ``mass`` (share of all worlds in it) and ``n`` on the worlds it was found on,
        ``base`` the density of all; ``density_unseen`` with its 95 % interval on ``n_unseen`` others in it;
        ``options`` that a choice keeps; ``quasi_p``, how likely chance made the side; ``wins``, worlds won. A
        box that no setting restricts has one row without path.

    Raises
    ------
    EnvironmentProblem
        If the extra ``discovery`` is not installed.
    """
    import pandas as pd

    done = found[WEAKEST].notna().to_numpy()
    inside = settings[done].reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for name, wins in wins_of(found[done], margin).items():
        rows += _sides(name, inside, wins)
        if name == TRIPLE_WIN and rows:
            break
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sides(name: str, settings: pd.DataFrame, wins: Claims) -> list[dict[str, Any]]:
    """The sides of one box; none if there are too few worlds on either side."""
    seen = np.arange(len(wins)) % EVERY_THIRD != EVERY_THIRD - 1
    if min(wins[seen].sum(), (~wins[seen]).sum()) < FEWEST:
        return []
    limits, p_values = _box(settings[seen].reset_index(drop=True), wins[seen])
    within = np.ones(len(wins), dtype=bool)
    for path, (low, high) in limits.items():
        column = settings[path].to_numpy()
        within &= (column >= low) & (column <= high)
    held, unseen = within & seen, within & ~seen
    share = share_of(int(wins[unseen].sum()), int(unseen.sum()))
    said = {
        "box": name,
        "coverage": wins[held].sum() / wins[seen].sum(),
        "density": wins[held].mean(),
        "mass": held.sum() / seen.sum(),
        "n": int(held.sum()),
        "base": wins[seen].mean(),
        "density_unseen": share.median,
        "unseen_low": share.low,
        "unseen_high": share.high,
        "n_unseen": share.n,
        "wins": int(wins.sum()),
    }
    sides = [
        {**said, **_side(path, *ends, settings[path]), "quasi_p": p_values[path]}
        for path, ends in limits.items()
    ]
    return sides or [{**said, "path": "", "title": "no setting restricts it", "options": ""}]


def _box(settings: pd.DataFrame, wins: Claims) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Limits and quasi-p-values by path of the box that is chosen from the peeling.

    Of the boxes that hold enough of the wins and of which no side is likely by chance, the densest.
    """
    prim = _prim()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peeled = prim.Prim(settings, wins, peel_alpha=0.05, mass_min=0.05).find_box()
    chosen: Mapping[str, Any] = {}
    place, best = 0, -1.0
    for n, (_, step) in enumerate(peeled.peeling_trajectory.iterrows()):
        sides = peeled.p_values[n]
        likeliest = max((_likely(values) for values in sides.values()), default=0.0)
        if step["coverage"] >= LEAST_COVERAGE and likeliest <= CHANCE and step["density"] > best:
            place, best, chosen = n, float(step["density"]), sides
    lims = peeled.box_lims[place]
    limits = {
        str(path): (float(lims[path].iloc[0]), float(lims[path].iloc[1]))
        for path in settings.columns
        if path in chosen
    }
    return limits, {str(path): _likely(values) for path, values in chosen.items()}


def _likely(values: Any) -> float:
    """The larger quasi-p-value of a setting's sides; one that is not restricted has none (-1)."""
    stated = [float(value) for value in values if float(value) >= 0.0]
    return max(stated, default=1.0)


def _side(path: str, low: float, high: float, column: pd.Series[float]) -> dict[str, Any]:
    row = registry().match(path)
    options, start, end = "", float(column.min()), float(column.max())
    if row is not None and row.options:
        kept = [option for n, option in enumerate(row.options) if low <= n <= high]
        options, start, end = " or ".join(kept), 0.0, len(row.options) - 1.0
    elif row is not None and row.low is not None and row.high is not None:
        start, end = row.low, row.high
        slack = 0.005 * (end - start)
        low, high = start if low - start < slack else low, end if end - high < slack else high
    return {
        "path": path, "title": title_of(path), "low": low, "high": high, "range_low": start,
        "range_high": end, "options": options,
    }  # fmt: skip


def _number(path: str, value: Any) -> float:
    if is_column(path):
        return column_value(path, value)
    row = registry().match(path)
    return float(row.options.index(value)) if row is not None and row.options else float(value)


def _prim() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        raise EnvironmentProblem(f"{MISSING}, or leave it out") from None
    return prim
