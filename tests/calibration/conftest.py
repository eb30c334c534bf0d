"""One calibration for all tests: it takes some seconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from migsim.calibration import calibrate
from migsim.calibration.seen import seen
from migsim.facts import load


@pytest.fixture(scope="session")
def calibration():
    return calibrate()


@pytest.fixture(scope="session")
def facts():
    """The figures as the fits see them."""
    return seen(load())


@pytest.fixture(scope="session")
def without_2010():
    """The shipped figures without the stocks and refugees of 2010."""
    facts = load()

    def masked(values):
        return np.column_stack([values[:, :-1], np.full(len(values), np.nan)])

    assert facts.stock_years[-1] == facts.refugee_years[-1] == 2010
    return replace(
        facts,
        immigrants=masked(facts.immigrants),
        emigrants=masked(facts.emigrants),
        corridor_stock=masked(facts.corridor_stock),
        refugees=masked(facts.refugees),
        refugees_hosted_2010=np.full(facts.n_states, np.nan),
        refugees_from_2010=np.full(facts.n_states, np.nan),
    )
