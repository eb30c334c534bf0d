"""How migrants live."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.triple_win import surplus
from migsim.world.vocabulary import ASPECTS, CLASSES, COEFFICIENTS
from migsim.world.wellbeing import WellbeingParameters, feel, income_score, raise_toward_one
from tests.lives import lived, small

MANY = (0, 1, 2)


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


@settings(max_examples=100, deadline=None)
@given(level=st.floats(0, 1), change=st.floats(-1, 1))
def test_changes_keep_an_aspect_in_range_and_have_their_sign(level, change):
    moved = raise_toward_one(np.array([level]), np.array([change])).item()
    assert 0.0 <= moved <= 1.0
    assert (moved - level) * change >= 0.0


def test_index_is_the_weighted_mean_of_the_aspects(life):
    weights = life.setting.parameters.group(WellbeingParameters, "world.wellbeing").weights()
    np.testing.assert_allclose(weights.sum(axis=-2), 1.0)
    felt = life.last.wellbeing
    np.testing.assert_allclose(felt.index, 100.0 * (felt.aspects * weights[:, None]).sum(axis=-2), rtol=1e-12)
    assert felt.index.min() >= 0.0
    assert felt.index.max() <= 100.0


def test_migrants_of_2005_have_gained_what_the_literature_says(life):
    start = life.worlds[0]
    above = surplus(start, start.wellbeing.home, life.setting)
    gained = (start.people.stock * above).sum(axis=(-2, -1)) / start.people.stock.sum(axis=(-2, -1))
    np.testing.assert_allclose(
        gained, life.setting.parameters["world.wellbeing.gain_of_moving"][:, 0], rtol=1e-9
    )


def test_income_counts_by_its_logarithm(life):
    p = life.setting.parameters.group(WellbeingParameters, "world.wellbeing")
    income = np.array([[p.poorest_income[0, 0] / 2, 2_000.0, 4_000.0, 8_000.0, 1e9]])
    score = income_score(income, p)[0]
    assert score[0] == 0.0
    assert score[-1] == 1.0
    assert score[3] - score[2] == pytest.approx(score[2] - score[1])


MOVES = [
    ("migrant_wage", "work", 1, (0, 1, 2, 3)),
    ("exposure", "work", -1, (2, 3)),
    ("job_gap", "work", 0, ()),
    ("recruitment_cost", "work", -1, (0, 1, 2, 3)),
    ("work_quality", "work", 1, (0, 1, 2, 3)),
    ("status", "status", 1, (0, 1)),
    ("protection", "status", 1, (3,)),
    ("services", "services", 1, (0, 1, 2, 3)),
    ("integration", "participation", 1, (0, 1, 2, 3)),
]


@pytest.mark.parametrize(("coefficient", "aspect", "sign", "classes"), MOVES)
def test_what_each_coefficient_moves(life, coefficient, aspect, sign, classes):
    world, setting = life.worlds[1], life.setting
    host = world.conditions.host.copy()
    host[:, COEFFICIENTS.index(coefficient)] += 0.05
    moved = feel(replace(world, conditions=replace(world.conditions, host=host)), setting).wellbeing.aspects
    change = (moved - feel(world, setting).wellbeing.aspects) * max(abs(sign), 1) * (sign or 1)
    n = ASPECTS.index(aspect)
    for k in range(len(CLASSES)):
        if k in classes:
            assert change[:, k, n].min() >= -1e-12
            assert change[:, k, n].max() > 0.0
        else:
            assert not change[:, k, n].any()
    others = [m for m, name in enumerate(ASPECTS) if name not in (aspect, "participation")]
    assert not change[:, :, others].any()


def test_hostility_is_felt_in_participation_alone(life):
    world, setting = life.last, life.setting
    anti = world.opinions.anti + 0.1
    hostile = replace(world, opinions=replace(world.opinions, anti=anti))
    change = feel(hostile, setting).wellbeing.aspects - feel(world, setting).wellbeing.aspects
    n = ASPECTS.index("participation")
    assert change[:, :, n].max() <= 0.0
    assert change[:, :, n].min() < 0.0
    assert not np.delete(change, n, axis=2).any()
