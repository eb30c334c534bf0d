"""How well the themes that a forum's survey finds were foreseen: scores, and forecasts that know less.

The themes on record are those that the documents tell of a session, as the shipped scenario of 2007-2015
codes them. Sessions of which the documents tell no theme of their own are not scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.scenario.load import load
from migsim.validation.governed import GFMD
from migsim.world.vocabulary import THEMES

if TYPE_CHECKING:
    from migsim.validation.governed import Governed
    from migsim.world.corridors import Array

__all__ = ["SCORED", "Forecast", "brier", "coded_themes", "forecasts", "named"]

CODED: Final = "gfmd-2007-2015"
SCORED: Final = {"2007-2010": (2007, 2008, 2009, 2010), "2012 and 2015": (2012, 2015)}
"""Of Geneva 2011 the documents tell no theme, of Stockholm 2014 only that it was Europe's questions again."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Chances that themes are on the agenda, ``(session, theme)``, and what happened, in {0, 1}."""

    chances: Array
    happened: Array


def brier(chances: Array, happened: Array) -> float:
    """Brier score of chances for each theme: 0 is perfect.

    Examples
    --------
    >>> brier(np.array([[1.0, 0.5]]), np.array([[1.0, 0.0]]))
    0.125
    """
    return float(((chances - happened) ** 2).mean())


def named(chances: Array, happened: Array) -> float:
    """Mean chance given to what happened; 1 is perfect, if no more than what happened is named.

    Examples
    --------
    >>> named(np.array([[1.0, 0.5]]), np.array([[0.0, 1.0]]))
    0.5
    """
    return float((chances * happened).sum() / happened.sum())


@cache
def coded_themes(year: int) -> tuple[str, ...]:
    """The themes of a session of the Global Forum as the documents tell them."""
    sessions = load(CODED).spec.processes[GFMD].sessions
    return next((tuple(session.themes) for session in sessions if session.year == year), ())


def forecasts(seen: Governed, years: tuple[int, ...]) -> dict[str, Forecast]:
    """The model's chances (``model``) and those of simple forecasts, for the sessions of some years.

    Each names as many themes as the model takes. *All alike*: every theme has the same chance. *Last
    session's*: those of the session before, as far as the documents tell them. *Host's region*: what the
    region of the host cares for most, in each world.
    """
    happened = np.stack([_told(year) for year in years])
    model = np.stack([seen.themes[GFMD][:, seen.at(year)].mean(axis=0) for year in years])
    n_taken = model.sum(axis=-1)
    alike = np.repeat((n_taken / len(THEMES))[:, None], len(THEMES), axis=-1)
    before = np.stack(
        [_last_told(year, n, same) for year, n, same in zip(years, n_taken, alike, strict=True)]
    )
    host = np.stack(
        [
            _most_cared_for(seen.cares[:, seen.at(year)], round(float(n)))
            for year, n in zip(years, n_taken, strict=True)
        ]
    )
    rivals = {"all alike": alike, "last session's": before, "host's region": host}
    return {name: Forecast(chances, happened) for name, chances in {"model": model, **rivals}.items()}


def _told(year: int) -> Array:
    return np.array([1.0 if theme in coded_themes(year) else 0.0 for theme in THEMES])


def _last_told(year: int, n_taken: float, alike: Array) -> Array:
    """The last session's themes that the documents tell; of the first session nothing is known before."""
    known = [before for before in range(2007, year) if coded_themes(before)]
    if not known:
        return alike
    last = _told(known[-1])
    chances: Array = np.minimum(last * n_taken / last.sum(), 1.0)
    return chances


def _most_cared_for(cares: Array, most: int) -> Array:
    """Share of worlds in which each theme is among those that a region cares for most, ``(theme,)``."""
    order = np.argsort(-cares, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    share: Array = (rank < most).mean(axis=0)
    return share
