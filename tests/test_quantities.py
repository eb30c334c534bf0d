"""Units and their hard bounds."""

import math

import pytest

from migsim.quantities import UNITS


@pytest.mark.parametrize("unit", UNITS.values(), ids=list(UNITS))
def test_bounds_are_finite_and_admit_their_ends(unit):
    assert math.isfinite(unit.minimum)
    assert math.isfinite(unit.maximum)
    assert unit.admits(unit.minimum)
    assert unit.admits(unit.maximum)
    assert not unit.admits(math.nan)
    assert unit.text
