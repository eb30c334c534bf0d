"""How migrants live."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.triple_win import surplus
from migsim.world.vocabulary import ASPECTS, CLASSES, COEFFICIENTS
from migsim.world.wellbeing import (
    WellbeingParameters,
    feel,
    income_score,
    networks,
    raise_toward_one,
    served,
)
from tests.lives import lived, small, varied

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
    ("portability", "services", 1, (0, 1)),
    ("integration", "participation", 1, (0, 1, 2, 3)),
    ("integration", "services", 1, (0, 1, 2, 3)),
]
REACHES = {"exposure": ("work", "participation"), "integration": ("services", "participation")}
"""Aspects that a coefficient moves besides its own: whoever learns the language finds the services too."""


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
    reached = (aspect, *REACHES.get(coefficient, ()))
    others = [m for m, name in enumerate(ASPECTS) if name not in reached]
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


def felt(world=None, **changes):
    """Aspects of the first year's lives under some parameters of well-being, ``(class, aspect, state)``."""
    changed = lived(varied({f"world.wellbeing.{name}": value for name, value in changes.items()}), last=2006)
    return feel(world or lived(small(), last=2006).at(2006), changed.setting).wellbeing.aspects[0]


STATUS, SERVICES = ASPECTS.index("status"), ASPECTS.index("services")
SKILLED, REGULAR, IRREGULAR, DISPLACED = range(len(CLASSES))


@settings(max_examples=8, deadline=None)
@given(settled=st.floats(0, 1), permit=st.floats(0, 1), share=st.floats(0, 1))
def test_a_permit_is_enough_for_those_who_came_for_a_time(settled, permit, share):
    """Of what the settled lack, the permitted part does not weigh on those who came for a time."""
    given_ = {"status_regular": settled, "status_skilled": settled, "permit": permit}
    given_["temporary_share"] = share
    still = {"world.flows.temporary_trend": 0.0, **{f"world.wellbeing.{n}": v for n, v in given_.items()}}
    life = lived.__wrapped__(varied(still), last=2005)
    status = life.worlds[0].wellbeing.aspects[0, :, STATUS]
    lacking = (1.0 - settled) * (1.0 - share * permit)
    for k in (SKILLED, REGULAR):
        np.testing.assert_allclose(1.0 - status[k], lacking, rtol=1e-9, atol=1e-12)


def test_status_rises_with_the_temporary_and_with_their_permits():
    """For who has papers; those without, and the displaced, hold no such permit."""
    few, many = (felt(permit=0.5, temporary_share=share)[:, STATUS] for share in (0.1, 0.5))
    slight, full = (felt(permit=part, temporary_share=0.3)[:, STATUS] for part in (0.1, 0.5))
    for change in (many - few, full - slight):
        assert np.all(change[[SKILLED, REGULAR]] > 0.0)
        assert not change[[IRREGULAR, DISPLACED]].any()
    settled = felt(permit=0.5, temporary_share=0.0)[:, STATUS]
    np.testing.assert_array_equal(felt(permit=0.0, temporary_share=0.9)[:, STATUS], settled)


def test_entitlement_by_contributions_hurts_most_who_cannot_contribute():
    """The irregular; the displaced are entitled by protection, whatever they have paid."""
    by_residence, by_contribution = (felt(contribution_share=share)[:, SERVICES] for share in (0.0, 0.8))
    lost = 1.0 - by_contribution / by_residence
    np.testing.assert_allclose(lost[IRREGULAR], 0.8, rtol=1e-9)
    np.testing.assert_allclose(lost[DISPLACED], 0.0, atol=1e-12)
    for k in (SKILLED, REGULAR):
        assert np.all(lost[k] > 0.0)
        assert np.all(lost[k] < lost[IRREGULAR])
    assert not np.any(
        felt(contribution_share=0.0)[:, :SERVICES] != felt(contribution_share=0.8)[:, :SERVICES]
    )


def test_portability_matters_to_those_who_leave_again_alone():
    held, lost = (felt(portability=part, temporary_share=0.4)[:, SERVICES] for part in (0.9, 0.1))
    assert np.all(held[[SKILLED, REGULAR]] > lost[[SKILLED, REGULAR]])
    np.testing.assert_array_equal(held[[IRREGULAR, DISPLACED]], lost[[IRREGULAR, DISPLACED]])
    one, other = (felt(portability=part, temporary_share=0.0) for part in (0.9, 0.1))
    np.testing.assert_array_equal(one, other)
    one, other = (felt(portability=1.0, temporary_share=share)[:, SERVICES] for share in (0.1, 0.5))
    np.testing.assert_array_equal(one, other)


def test_compatriots_take_part_of_the_harm_away():
    """The more, the larger the diaspora; those who are not exposed gain nothing."""
    alone, among = felt(network_support=0.0), felt(network_support=0.5)
    assert np.all(among >= alone)
    assert np.all(among[IRREGULAR].sum(axis=0) >= alone[IRREGULAR].sum(axis=0))
    assert np.any(among[DISPLACED] > alone[DISPLACED])
    np.testing.assert_array_equal(among[[SKILLED, REGULAR]], alone[[SKILLED, REGULAR]])
    life = lived(small(), MANY, "ranged", last=2006)
    p = life.setting.parameters.group(WellbeingParameters, "world.wellbeing")
    world = life.at(2006)
    there = networks(world, life.setting, p)
    assert there.min() >= 0.0
    assert there.max() < 1.0
    people = world.people
    doubled = replace(
        world, people=replace(people, everybody=2.0 * people.everybody, hosted=2.0 * people.hosted)
    )
    settled = people.hosted.sum(axis=-2) > 1.0
    assert np.all(networks(doubled, life.setting, p)[settled] > there[settled])
    alike = life.setting.corridors.by_destination(people.everybody) > 0.0
    scattered = networks(world, life.setting, replace(p, network_size=100.0 * p.network_size))
    assert np.all(scattered[alike] < there[alike])


def test_integration_lowers_barriers_and_at_most_takes_them_away(life):
    world, setting = life.worlds[1], life.setting
    p = setting.parameters.group(WellbeingParameters, "world.wellbeing")
    host = world.conditions.host.copy()
    services = {}
    for size in (0.0, 0.5, 1.0, 2.0):
        host = host.copy()
        host[:, COEFFICIENTS.index("integration")] = size
        moved = feel(replace(world, conditions=replace(world.conditions, host=host)), setting)
        services[size] = moved.wellbeing.aspects[:, :, SERVICES]
    assert np.all(services[0.5] > services[0.0])
    np.testing.assert_allclose(services[1.0] * (1.0 - p.barriers[..., None]), services[0.0], rtol=1e-9)
    np.testing.assert_array_equal(services[2.0], services[1.0])


@settings(max_examples=40, deadline=None)
@given(
    temporary=st.floats(0, 1),
    contribution=st.floats(0, 1),
    portability=st.floats(0, 1),
    barriers=st.floats(0, 1),
    lever=st.floats(-1, 1),
)
def test_services_are_shares_and_ordered_by_class(temporary, contribution, portability, barriers, lever):
    life = lived(small(), last=2006)
    usual = life.setting.parameters.group(WellbeingParameters, "world.wellbeing")
    named = {"contribution_share": contribution, "portability": portability, "barriers": barriers}
    p = replace(usual, **{name: np.array([[value]]) for name, value in named.items()})
    world = life.at(2006)
    host = world.conditions.host.copy()
    for name in ("services", "portability", "integration"):
        host[:, COEFFICIENTS.index(name)] = lever
    moved = replace(world, conditions=replace(world.conditions, host=host))
    found = served(moved, np.array([[temporary]]), p)[0]
    assert found.min() >= 0.0
    assert found.max() <= 1.0
    assert np.all(found[SKILLED] >= found[REGULAR] - 1e-12)
    for k in (REGULAR, DISPLACED):
        assert np.all(found[k] >= found[IRREGULAR] - 1e-12)
