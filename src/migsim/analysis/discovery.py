"""Scenario discovery: the region of the settings in which all three gain, as a box (PRIM).

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010) peels the space until a
box is left that is dense in what it is to hold. Where wins are rare, some of hundreds of settings always can
be peeled without losing one, by chance alone, and hide those that matter; so only settings are peeled whose
values differ between worlds won and lost by more than chance. A box is found on two thirds of the worlds and
judged on the others, and a side is kept only if chance would hardly have made it (a quasi-p-value). Where the
triple win is too rare for a box, the regions in which each single gain is positive are shown instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
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
type Limits = tuple[float, float] | frozenset[int]
"""Ends of a range, or the places of the options that a choice keeps."""

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
        ``range_high``; of the worlds it was found on ``coverage`` (share of wins that the box holds),
        ``density`` (share of its worlds that are wins), ``mass`` (share of worlds in it) and ``n``;
        ``density_unseen`` with its 95 % interval on ``n_unseen`` others in it; ``base``, the density of all;
        ``options`` that a choice keeps (``high`` is their number, ``range_high`` that of all); ``quasi_p``,
        how likely chance made the side; ``wins``, worlds won. A box that no setting restricts has one row
        without path.

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
    for path, kept in limits.items():
        within &= _keeps(settings[path].to_numpy(), kept)
    held, unseen = within & seen, within & ~seen
    share = share_of(int(wins[unseen].sum()), int(unseen.sum()))
    said = {
        "box": name,
        "coverage": wins[held].sum() / wins[seen].sum(),
        "density": wins[held].mean(),
        "mass": held.sum() / seen.sum(),
        "n": int(held.sum()),
        "base": wins.mean(),
        "density_unseen": share.median,
        "unseen_low": share.low,
        "unseen_high": share.high,
        "n_unseen": share.n,
        "wins": int(wins.sum()),
    }
    sides = [
        {**said, **_side(path, kept, settings[path]), "quasi_p": p_values[path]}
        for path, kept in limits.items()
    ]
    return sides or [{**said, "path": "", "title": "no setting restricts it", "options": ""}]


def _box(settings: pd.DataFrame, wins: Claims) -> tuple[dict[str, Limits], dict[str, float]]:
    """Limits of a dense box that holds enough of the wins, and quasi-p-values, by path.

    The densest box of the peeling; while chance may have made both ends of a setting, it is sought again
    without the likeliest of these. Single ends that chance may have made are let go.
    """
    prim = _prim()
    telling = _telling(settings, wins)
    while telling:
        choices = {path: object for path in telling if _options(path)}  # peeled option by option
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inputs = settings[telling].astype(choices)
            peeled = prim.Prim(inputs, wins, peel_alpha=0.05, mass_min=0.05).find_box()
        steps = peeled.peeling_trajectory
        place = int(steps["density"].where(steps["coverage"] >= LEAST_COVERAGE).argmax())
        chances = peeled.p_values[place]
        likely = {path: _likely(chances[path]) for path in telling if path in chances}
        worst = max(likely, key=lambda path: likely[path], default="")
        if not worst or likely[worst] <= CHANCE:
            box, space = peeled.box_lims[place], peeled.box_lims[0]
            return {path: _limits(box[path], space[path], chances[path]) for path in likely}, likely
        telling.remove(worst)
    return {}, {}


def _telling(settings: pd.DataFrame, wins: Claims) -> list[str]:
    """Settings whose values differ between worlds won and lost; of those named, 5 % may be so by chance.

    Two samples of Kolmogorov and Smirnov for numbers, chi-squared for choices; false discoveries are
    controlled after Benjamini and Hochberg (1995).
    """
    import pandas as pd
    from scipy.stats import chi2_contingency, false_discovery_control, ks_2samp

    def likely(path: str) -> float:
        column = settings[path].to_numpy()
        if _options(path):
            return float(chi2_contingency(pd.crosstab(column, wins)).pvalue)
        return float(ks_2samp(column[wins], column[~wins], method="asymp").pvalue)

    paths = [str(path) for path in settings.columns]
    adjusted = false_discovery_control([likely(path) for path in paths])
    return [path for path, p in zip(paths, adjusted, strict=True) if p <= CHANCE]


def _keeps(column: NDArray[np.float64], kept: Limits) -> Claims:
    """Which values lie within limits."""
    if isinstance(kept, frozenset):
        return np.isin(column, list(kept))
    low, high = kept
    return (column >= low) & (column <= high)


def _likely(chances: Sequence[float]) -> float:
    """The smallest quasi-p-value of a setting's ends; one that is not restricted has none (-1)."""
    return min((float(chance) for chance in chances if chance >= 0.0), default=1.0)


def _limits(ends: pd.Series[Any], whole: pd.Series[Any], chances: Sequence[float]) -> Limits:
    """Where a box keeps a setting: its ends as far as chance would hardly have made them."""
    if isinstance(ends.iloc[0], set):
        return frozenset(map(int, ends.iloc[0]))
    low, high = (
        float(end) if 0.0 <= chance <= CHANCE else float(free)
        for end, free, chance in zip(ends, whole, chances, strict=True)
    )
    return low, high


def _side(path: str, kept: Limits, column: pd.Series[float]) -> dict[str, Any]:
    row, named = registry().match(path), ""
    start, end = float(column.min()), float(column.max())
    if isinstance(kept, frozenset):
        options = _options(path)
        named = " or ".join(option for n, option in enumerate(options) if n in kept)
        low, high, start, end = 0.0, float(len(kept)), 0.0, float(len(options))
    else:
        low, high = kept
        if row is not None and row.low is not None and row.high is not None:
            start, end = row.low, row.high
            slack = 0.005 * (end - start)
            low, high = start if low - start < slack else low, end if end - high < slack else high
    return {
        "path": path, "title": title_of(path), "low": low, "high": high, "range_low": start,
        "range_high": end, "options": named,
    }  # fmt: skip


def _options(path: str) -> Collection[str]:
    """The options of a choice; none of a number."""
    row = registry().match(path)
    return row.options if row is not None else ()


def _number(path: str, value: Any) -> float:
    if is_column(path):
        return column_value(path, value)
    options = list(_options(path))
    return float(options.index(value)) if options else float(value)


def _prim() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        raise EnvironmentProblem(f"{MISSING}, or leave it out") from None
    return prim
