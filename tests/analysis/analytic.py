"""Functions with known answers in place of a model: a few real paths, and outcomes of their places."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import migsim as ms
from migsim.analysis.outcomes import OUTCOMES
from migsim.analysis.space import Space, space_of
from migsim.ensemble.designs import Design

SMALL = Path(__file__).parent.parent / "small-forum.yaml"
THREE = ("world.flows.network", "world.remittances.cost", "world.opinion.message")


def small() -> ms.Scenario:
    return ms.load(SMALL)


def space_with(*paths: str) -> Space:
    whole = space_of(small())
    drawn = {each.path: each for each in whole.drawn}
    return Space(tuple(drawn[path] for path in paths), (), {}, whole.luck)


def outcomes(plan: Design, space: Space, worth: Callable[[np.ndarray], np.ndarray]) -> pd.DataFrame:
    """The same function for every outcome, of the places of the points in [0, 1]."""
    assert plan.sample is not None
    values = worth(np.array(plan.sample.places))
    return pd.DataFrame({name: values for name in OUTCOMES})


def ishigami(places: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * places - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
