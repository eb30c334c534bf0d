"""People move, and nobody is lost or made on the way."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.facts import load
from migsim.provenance.parameters import registry
from migsim.world.corridors import Corridors
from migsim.world.flows import (
    DISPLACED,
    IRREGULAR,
    REGULAR,
    SKILLED,
    FlowParameters,
    deflect,
    hump,
    move_people,
)
from migsim.world.flows import transitions as change_of_class
from migsim.world.policy import put_in_force
from migsim.world.state import Conditions
from migsim.world.vocabulary import COEFFICIENTS
from tests.lives import lived, small, varied

MANY = tuple(range(6))
STILL = {
    **{row.path: 0.0 for row in registry().group("world.flows") if row.unit == "elasticity"},
    "world.flows.hump": "none",
    "world.flows.noise": 0.0,
    "world.policy.pace": 0.0,
    "world.policy.experience": 0.0,
    "processes": {},
    "shocks": {},
}


def parameters(setting):
    return setting.parameters.group(FlowParameters, "world.flows")


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def test_populations_change_by_natural_increase_alone(life):
    increase = life.setting.base.natural_increase
    for before, after in life.years:
        expected = (before.people.population * (1.0 + increase)).sum(axis=-1)
        np.testing.assert_allclose(after.people.population.sum(axis=-1), expected, rtol=1e-13)


def test_who_comes_somewhere_has_left_somewhere(life):
    corridors = life.setting.corridors
    for _, after in life.years:
        people = after.people
        np.testing.assert_allclose(people.inflow.sum(axis=-1), people.outflow.sum(axis=-1), rtol=1e-13)
        arriving = np.zeros_like(people.inflow)
        for c in range(len(corridors)):
            arriving[:, corridors.destination[c]] += people.flow[..., c].sum(axis=-1)
            arriving[:, corridors.origin[c]] += people.returns[..., c].sum(axis=-1)
        np.testing.assert_allclose(people.inflow, arriving, rtol=1e-12)


def test_every_migrant_on_a_corridor_is_accounted_for(life):
    p = parameters(life.setting)
    for before, after in life.years:
        stock, people = before.people.stock, after.people
        changed = change_of_class(stock, after.conditions, life.setting.corridors, p)
        np.testing.assert_allclose(changed.sum(axis=-2), 0.0, atol=1e-7)
        by_corridor = stock + people.flow - people.returns - p.death[..., None] * stock + changed
        np.testing.assert_allclose(people.stock, by_corridor, rtol=1e-12, atol=1e-7)
        left = (people.flow - people.returns - p.death[..., None] * stock).sum(axis=-2)
        np.testing.assert_allclose(
            people.stock.sum(axis=-2), stock.sum(axis=-2) + left, rtol=1e-12, atol=1e-6
        )


def test_without_elasticities_the_change_of_2000_to_2005_goes_on():
    definition = varied(STILL)
    life = lived(definition)
    facts, setting = load(), life.setting
    recorded = {
        (facts.iso3[o], facts.iso3[d]): stocks[:2]
        for o, d, stocks in zip(
            facts.corridor_origin, facts.corridor_destination, facts.corridor_stock, strict=True
        )
    }
    iso3, corridors = setting.states.iso3, setting.corridors
    least = setting.parameters["world.base.least_flow"][0, 0]
    first, second = (life.worlds[n].people.stock[0] for n in (0, 1))
    n_checked = 0
    for c in range(len(corridors)):
        pair = iso3[corridors.origin[c]], iso3[corridors.destination[c]]
        at_floor = np.any(setting.base.flow[0, :DISPLACED, c] <= least * first[:DISPLACED, c])
        if first[DISPLACED, c] > 0.0 or at_floor or pair not in recorded:
            continue
        stock_2000, stock_2005 = recorded[pair]
        assert second[:, c].sum() - stock_2005 == pytest.approx((stock_2005 - stock_2000) / 5.0, abs=1e-6)
        n_checked += 1
    assert n_checked > 100
    for world in life.worlds[1:]:
        np.testing.assert_array_equal(world.people.flow, setting.base.flow)


def nudged(setting, coefficient, size, side="host"):
    moved = np.zeros((setting.n_replicates, len(COEFFICIENTS), len(setting.states)))
    moved[:, COEFFICIENTS.index(coefficient)] = size
    none = np.zeros_like(moved)
    nudge = Conditions(moved, none, none) if side == "host" else Conditions(none, moved, none)
    return replace(setting, nudge=nudge)


def moved_in_2006(setting, world):
    world = replace(world, year=2006)
    return move_people(put_in_force(world, setting), setting).people


def test_closed_borders_deflect_regular_movers_and_stop_nobody_else(life):
    """Where every host is closed to them, nobody is diverted to another."""
    start, p = life.worlds[0], parameters(life.setting)
    before = moved_in_2006(life.setting, start).flow
    after = moved_in_2006(nudged(life.setting, "openness_regular", -60.0), start).flow
    np.testing.assert_array_equal(after[:, SKILLED], before[:, SKILLED])
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])
    deterred = before[:, REGULAR]
    np.testing.assert_allclose(after[:, IRREGULAR], before[:, IRREGULAR] + p.deflection * deterred, rtol=1e-9)
    assert deterred.max() > 1_000.0
    assert after[:, REGULAR].max() < 1e-12


def test_borders_all_but_closed_let_hardly_more_pass_than_closed_ones(life):
    usual = moved_in_2006(life.setting, life.worlds[0]).flow[:, REGULAR].sum()
    all_but = moved_in_2006(nudged(life.setting, "openness_regular", -12.0), life.worlds[0])
    assert all_but.flow[:, REGULAR].sum() < 0.001 * usual


def test_all_borders_closed_leave_only_what_deflection_makes(life):
    setting, start, p = life.setting, life.worlds[0], parameters(life.setting)
    closed = setting
    for k in ("skilled", "regular", "irregular"):
        nudge = nudged(setting, f"openness_{k}", -60.0).nudge
        old = closed.nudge
        closed = replace(closed, nudge=nudge if old is None else replace(old, host=old.host + nudge.host))
    before, after = (moved_in_2006(each, start).flow for each in (setting, closed))
    assert after[:, SKILLED].max() < 1e-12
    np.testing.assert_allclose(after[:, IRREGULAR], p.deflection * before[:, REGULAR], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])


def test_one_host_that_closes_sends_people_to_the_others(life):
    setting, host = life.setting, life.setting.states.index("DEU")
    closing = nudged(setting, "openness_regular", 0.0)
    closing.nudge.host[:, COEFFICIENTS.index("openness_regular"), host] = -1.0
    before, after = (moved_in_2006(each, life.worlds[0]).flow for each in (setting, closing))
    there = setting.corridors.destination == host
    shared_origin = np.isin(setting.corridors.origin, setting.corridors.origin[there])
    assert np.all(after[:, REGULAR][:, there] < before[:, REGULAR][:, there])
    assert np.all(after[:, IRREGULAR][:, there] > before[:, IRREGULAR][:, there])
    assert np.all(
        after[:, REGULAR][:, ~there & shared_origin] >= before[:, REGULAR][:, ~there & shared_origin]
    )
    assert after[:, REGULAR][:, ~there].sum() > before[:, REGULAR][:, ~there].sum()
    np.testing.assert_array_equal(after[:, IRREGULAR][:, ~there], before[:, IRREGULAR][:, ~there])


def test_doubling_all_incomes_leaves_the_shares_of_destinations(life):
    setting, start = life.setting, life.worlds[0]
    richer = replace(start, economies=replace(start.economies, income=2.0 * start.economies.income))
    before, after = (moved_in_2006(setting, world).flow[:, :DISPLACED] for world in (start, richer))
    assert not np.allclose(before, after)
    for on in setting.corridors.of_origin:
        for flow_one, flow_two in zip(before[..., on], after[..., on], strict=True):
            np.testing.assert_allclose(
                flow_two / flow_two.sum(axis=-1, keepdims=True),
                flow_one / flow_one.sum(axis=-1, keepdims=True),
                rtol=1e-9,
            )


def test_more_people_leave_for_a_host_that_alone_grows_richer(life):
    setting, start = life.setting, life.worlds[0]
    income = start.economies.income.copy()
    income[:, setting.states.index("DEU")] *= 1.5
    richer = replace(start, economies=replace(start.economies, income=income))
    there = setting.corridors.destination == setting.states.index("DEU")
    before, after = (moved_in_2006(setting, world).flow[:, REGULAR] for world in (start, richer))
    assert np.all(after[:, there] > before[:, there])


@pytest.mark.parametrize(("coefficient", "k"), [("return_regular", REGULAR), ("return_irregular", IRREGULAR)])
def test_returns_follow_their_lever(life, coefficient, k):
    before = moved_in_2006(life.setting, life.worlds[0]).returns
    after = moved_in_2006(nudged(life.setting, coefficient, 0.5), life.worlds[0]).returns
    np.testing.assert_allclose(after[:, k], before[:, k] * np.exp(0.5), rtol=1e-12)
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])
    assert np.all(
        moved_in_2006(nudged(life.setting, coefficient, 50.0), life.worlds[0]).returns
        <= 0.5 * life.worlds[0].people.stock + 1e-9
    )


def one(number):
    return np.array([[float(number)]])


def with_hump(kind, elasticity=0.35, turn=10_000.0, denial=-0.1):
    names = FlowParameters.__dataclass_fields__
    values = {name: one(0) for name in names}
    chosen = dict(hump=one(kind), income_origin=one(elasticity), hump_turn=one(turn), denial=one(denial))
    return FlowParameters(**values | chosen)


def test_departure_rises_with_income_up_to_the_turn_and_falls_beyond():
    income = np.geomspace(500, 80_000, 200)[None, :]
    left = hump(income, with_hump(0))[0]
    assert np.argmax(left) == np.argmin(np.abs(income[0] - 10_000.0))
    assert np.all(np.diff(left[income[0] < 9_900]) > 0)
    assert np.all(np.diff(left[income[0] > 10_200]) < 0)
    slope = (hump(one(1.01), with_hump(0)) - hump(one(1.0), with_hump(0))) / np.log(1.01)
    assert slope.item() == pytest.approx(0.35, rel=1e-2)


def test_the_contrary_findings():
    income = np.array([[1_000.0, 20_000.0]])
    assert np.all(hump(income, with_hump(1)) == 0.0)
    np.testing.assert_allclose(np.diff(hump(income, with_hump(2)))[0], -0.1 * np.log(20.0))


def deflected(wanted, openness, **shares):
    """Regular and irregular movers from one origin to some hosts, after deflection and diversion."""
    n = len(wanted)
    corridors = Corridors(np.zeros(n, dtype=int), np.arange(1, n + 1), np.ones(n), n + 1)
    values = {name: one(0) for name in FlowParameters.__dataclass_fields__}
    p = FlowParameters(**values | {name: one(share) for name, share in shares.items()})
    potential = np.zeros((1, 4, n))
    potential[0, REGULAR] = wanted
    actual = potential.copy()
    actual[0, REGULAR] *= openness
    moved = deflect(potential, actual, corridors, p)[0]
    return moved[REGULAR], moved[IRREGULAR]


def test_the_diverted_go_where_others_go_as_far_as_that_is_open():
    """One host closes, a second lets in half: those sent toward its closed half stay at home."""
    regular, irregular = deflected([1_000.0, 400.0, 600.0], [0.0, 0.5, 1.0], diversion=0.1)
    from_first, from_second = 0.1 * 1_000.0 / 1_000.0, 0.1 * 200.0 / 1_600.0
    expected = [0.0, 200.0 + from_first * 200.0, 600.0 + (from_first + from_second) * 600.0]
    np.testing.assert_allclose(regular, expected)
    assert not irregular.any()


def test_the_deflected_come_to_the_same_host_and_the_rest_stay_at_home():
    regular, irregular = deflected([1_000.0, 400.0], [0.2, 1.0], deflection=0.4, diversion=0.1)
    np.testing.assert_allclose(regular, [200.0, 480.0])
    np.testing.assert_allclose(irregular, [320.0, 0.0])


def test_an_opening_draws_regular_movers_from_other_hosts():
    regular, irregular = deflected([1_000.0, 400.0], [1.5, 1.0], deflection=0.4, diversion=0.1)
    np.testing.assert_allclose(regular, [1_500.0, 350.0])
    assert not irregular.any()


def test_who_has_no_other_host_is_not_diverted():
    np.testing.assert_array_equal(deflected([1_000.0], [0.2], diversion=0.5)[0], [200.0])


@settings(max_examples=60, deadline=None)
@given(
    potential=st.lists(st.just(0.0) | st.floats(1, 1e6), min_size=6, max_size=6),
    openness=st.lists(st.floats(-5, 2), min_size=6, max_size=6),
    deflection=st.floats(0, 1),
    diversion=st.floats(0, 1),
)
def test_deflection_makes_no_people(potential, openness, deflection, diversion):
    """On closing, no more people move than would have moved anyway, if the two shares sum to at most one."""
    corridors = Corridors(np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 2, 3, 3]), np.ones(6), 4)
    names = FlowParameters.__dataclass_fields__
    share = min(diversion, 1.0 - deflection)
    values = {name: one(0) for name in names} | {"deflection": one(deflection), "diversion": one(share)}
    wanted = np.zeros((1, 4, 6))
    wanted[0, REGULAR], wanted[0, IRREGULAR] = potential, 100.0
    actual = wanted.copy()
    actual[0, REGULAR] *= np.exp(np.minimum(openness, 0.0))
    moved = deflect(wanted, actual, corridors, FlowParameters(**values))
    assert moved.min() >= 0.0
    assert moved.sum() <= wanted.sum() * (1 + 1e-9) + 1e-6
    np.testing.assert_array_equal(deflect(wanted, wanted, corridors, FlowParameters(**values))[0], wanted[0])
