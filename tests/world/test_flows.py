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
    drivers,
    hump,
    move_people,
)
from migsim.world.policy import put_in_force
from migsim.world.status import StatusParameters, by_class, change_of_status
from migsim.world.vocabulary import COEFFICIENTS
from tests.lives import HELD, lived, nudged, small, varied

MANY = tuple(range(6))
STILL = {
    **{row.path: 0.0 for row in registry().group("world.flows") if row.unit == "elasticity"},
    "world.flows.hump": "none",
    "world.flows.noise": 0.0,
    "world.flows.temporary_trend": 0.0,
    "world.status.job_loss": 0.0,
    "shocks": {},
    **HELD,
}
ALL_REGULAR = ("openness_regular", "openness_family")
"""Workers and families: a border closed to regular movers is closed to both."""


def parameters(setting):
    return setting.parameters.group(FlowParameters, "world.flows")


@pytest.fixture(scope="module")
def life():
    return lived(small(), MANY, "ranged")


def test_populations_change_by_natural_increase_alone(life):
    for before, after in life.years:
        increase = life.setting.base.increase(after.year)
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
        status = life.setting.parameters.group(StatusParameters, "world.status")
        moved = change_of_status(stock, replace(after, economies=before.economies), life.setting, status)
        changed = by_class(*moved)
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
    least, most = (
        setting.parameters[f"world.base.{name}"][0, 0] for name in ("least_flow", "lasting_change")
    )
    first, second = (life.worlds[n].people.stock[0] for n in (0, 1))
    n_checked = 0
    for c in range(len(corridors)):
        pair = iso3[corridors.origin[c]], iso3[corridors.destination[c]]
        at_floor = np.any(setting.base.flow[0, :DISPLACED, c] <= least * first[:DISPLACED, c])
        if first[DISPLACED, c] > 0.0 or at_floor or pair not in recorded:
            continue
        stock_2000, stock_2005 = recorded[pair]
        mean = max(0.5 * (stock_2000 + stock_2005), 1.0)
        lasting = most * mean * np.tanh((stock_2005 - stock_2000) / (most * mean))
        assert second[:, c].sum() - stock_2005 == pytest.approx(lasting / 5.0, abs=1e-6)
        assert abs(lasting) <= abs(stock_2005 - stock_2000)
        n_checked += 1
    assert n_checked > 100
    for world in life.worlds[1:]:
        np.testing.assert_array_equal(world.people.flow, setting.base.flow)


def opened(setting, size, names=ALL_REGULAR):
    """A setting in which every host opens by so much to regular movers, families included."""
    return nudged(setting, **dict.fromkeys(names, size))


def moved_in_2006(setting, world):
    world = replace(world, year=2006)
    return move_people(put_in_force(world, setting), setting).people


def test_closed_borders_deflect_regular_movers_and_stop_nobody_else(life):
    """Where every host is closed to them, nobody is diverted to another."""
    start, p = life.worlds[0], parameters(life.setting)
    before = moved_in_2006(life.setting, start).flow
    after = moved_in_2006(opened(life.setting, -60.0), start).flow
    np.testing.assert_array_equal(after[:, SKILLED], before[:, SKILLED])
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])
    deterred = before[:, REGULAR]
    np.testing.assert_allclose(after[:, IRREGULAR], before[:, IRREGULAR] + p.deflection * deterred, rtol=1e-9)
    assert deterred.max() > 1_000.0
    assert after[:, REGULAR].max() < 1e-12


def test_borders_all_but_closed_let_hardly_more_pass_than_closed_ones(life):
    usual = moved_in_2006(life.setting, life.worlds[0]).flow[:, REGULAR].sum()
    all_but = moved_in_2006(opened(life.setting, -12.0), life.worlds[0])
    assert all_but.flow[:, REGULAR].sum() < 0.001 * usual


def test_all_borders_closed_leave_only_the_displaced(life):
    setting, start = life.setting, life.worlds[0]
    closed = opened(setting, -60.0, (*ALL_REGULAR, "openness_skilled", "openness_irregular"))
    before, after = (moved_in_2006(each, start).flow for each in (setting, closed))
    assert after[:, SKILLED].max() < 1e-12
    assert before[:, IRREGULAR].max() > 1_000.0
    assert after[:, IRREGULAR].max() < 1e-12
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])


def test_the_deflected_pass_as_far_as_irregular_entry_is_open(life):
    setting, start, p = life.setting, life.worlds[0], parameters(life.setting)
    before = moved_in_2006(setting, start).flow
    guarded = nudged(setting, **dict.fromkeys(ALL_REGULAR, -60.0), openness_irregular=-0.7)
    after = moved_in_2006(guarded, start).flow
    expected = np.exp(-0.7) * (before[:, IRREGULAR] + p.deflection * before[:, REGULAR])
    np.testing.assert_allclose(after[:, IRREGULAR], expected, rtol=1e-9)


def test_one_host_that_closes_sends_people_to_the_others(life):
    setting, host = life.setting, life.setting.states.index("DEU")
    closing = opened(setting, 0.0)
    for name in ALL_REGULAR:
        closing.nudge.host[:, COEFFICIENTS.index(name), host] = -1.0
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


def on_the_way(setting, world, **changes):
    """Log of flows relative to the base, ``(..., corridor)``, without noise and hump."""
    p = parameters(setting)
    named = {"noise": 0.0, "income_origin": 0.0, "denial": 0.0, **changes}
    return drivers(world, setting, replace(p, **{n: v + 0.0 * p.noise for n, v in named.items()}))


def with_incomes(world, factor):
    return replace(world, economies=replace(world.economies, income=factor * world.economies.income))


def test_what_all_hosts_gain_alike_draws_nobody(life):
    """Where movement is free and where it is not."""
    setting, start = life.setting, replace(life.worlds[0], year=2007)
    np.testing.assert_allclose(
        on_the_way(setting, with_incomes(start, 1.7)), on_the_way(setting, start), atol=1e-9
    )


def test_hosts_count_against_the_mean_by_the_usual_arrivals(life):
    """The flows of the base year, weighted, change by no income; on free corridors among these alone."""
    setting, start = life.setting, replace(life.worlds[0], year=2007)
    base, corridors = setting.base, setting.corridors
    factor = np.linspace(0.5, 2.5, len(setting.states))
    moved, p = with_incomes(start, factor), parameters(setting)
    pull = on_the_way(setting, moved, free_movement=1.0) - on_the_way(setting, start, free_movement=1.0)
    weights = base.flow.sum(axis=-2)
    np.testing.assert_allclose((weights * pull).sum(axis=-1) / weights.sum(axis=-1), 0.0, atol=1e-9)
    free = base.free_corridors(2007)
    more = on_the_way(setting, moved, free_movement=2.0) - on_the_way(setting, moved, free_movement=1.0)
    np.testing.assert_allclose((weights * more)[:, free].sum(axis=-1), 0.0, atol=1e-6)
    np.testing.assert_array_equal(np.delete(more, free, axis=-1), 0.0)
    gained = np.log(factor)[corridors.destination[free]]
    expected = p.income_destination * (gained - gained[0])
    np.testing.assert_allclose(more[:, free] - more[:, free[:1]], expected, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(left=st.floats(0.001, 1.5), elasticity=st.floats(0, 3))
def test_below_half_of_the_natives_departures_fall_at_least_in_proportion(left, elasticity):
    life = lived(small(), MANY, "ranged")
    setting, start = life.setting, life.worlds[0]
    people = start.people
    fewer = replace(people, population=left * people.population, immigrants=left * people.immigrants)
    named = {"population_origin": elasticity, "room": 0.0}
    change = on_the_way(setting, replace(start, people=fewer), **named) - on_the_way(setting, start, **named)
    expected = elasticity * np.log(left) + max(1.0 - elasticity, 0.0) * min(np.log(2.0 * left), 0.0)
    np.testing.assert_allclose(change, expected, rtol=1e-9, atol=1e-9)


def test_a_push_goes_beyond_what_growth_of_flows_is_held_to():
    """The guard holds what the model makes of a flow, not what a scenario declares."""
    shock = {"kind": "push", "states": ["BGD"], "change": {2006: 900}}
    held = {**STILL, "world.flows.largest_growth": 3.0}
    usual, pushed = (lived(varied({**held, **more}), last=2006) for more in ({}, {"shocks.away": shock}))
    on = usual.setting.corridors.of_origin[usual.setting.states.index("BGD")]
    one, other = (life.at(2006).people.flow[..., on] for life in (usual, pushed))
    np.testing.assert_allclose(other, 10.0 * one, rtol=1e-12)


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
    after = moved_in_2006(nudged(life.setting, **{coefficient: 0.5}), life.worlds[0]).returns
    np.testing.assert_allclose(after[:, k], before[:, k] * np.exp(0.5), rtol=1e-12)
    np.testing.assert_array_equal(after[:, DISPLACED], before[:, DISPLACED])
    assert np.all(
        moved_in_2006(nudged(life.setting, **{coefficient: 50.0}), life.worlds[0]).returns
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


def deflected(wanted, openness, usual_irregular=0.0, **shares):
    """Regular and irregular movers from one origin to some hosts, after deflection and diversion."""
    n = len(wanted)
    none = np.zeros(n)
    corridors = Corridors(np.zeros(n, dtype=int), np.arange(1, n + 1), np.ones(n), n + 1, none, none, none)
    values = {name: one(0) for name in FlowParameters.__dataclass_fields__}
    p = FlowParameters(**values | {name: one(share) for name, share in shares.items()})
    potential, usual = np.array([wanted]), np.full((1, n), float(usual_irregular))
    with np.errstate(divide="ignore"):
        tempted = np.power(np.array([openness]), -p.deflection)
    regular, irregular = deflect(
        potential, potential * openness, usual, tempted, np.ones((1, n)), corridors, p
    )
    return regular[0], irregular[0] - usual[0]


def test_where_few_come_without_papers_they_answer_with_an_elasticity():
    """Openness falls by a tenth: irregular movers rise by about 0.4 of a tenth of themselves."""
    _, irregular = deflected([1_000.0], [0.9], 100.0, deflection=0.4)
    np.testing.assert_allclose(irregular, [100.0 * (0.9**-0.4 - 1.0)])


def test_the_diverted_go_where_others_go_as_far_as_that_is_open():
    """One host closes, a second lets in half: those sent toward its closed half stay at home."""
    regular, irregular = deflected([1_000.0, 400.0, 600.0], [0.0, 0.5, 1.0], diversion=0.1)
    from_first, from_second = 0.1 * 1_000.0 / 1_000.0, 0.1 * 200.0 / 1_600.0
    expected = [0.0, 200.0 + from_first * 200.0, 600.0 + (from_first + from_second) * 600.0]
    np.testing.assert_allclose(regular, expected)
    assert not irregular.any()


def test_the_deflected_come_to_the_same_host_and_the_rest_stay_at_home():
    regular, irregular = deflected([1_000.0, 400.0], [0.2, 1.0], 1e6, deflection=0.4, diversion=0.1)
    np.testing.assert_allclose(regular, [200.0, 480.0])
    np.testing.assert_allclose(irregular, [320.0, 0.0])


def test_an_opening_draws_regular_movers_from_other_hosts():
    regular, irregular = deflected([1_000.0, 400.0], [1.5, 1.0], 1e6, deflection=0.4, diversion=0.1)
    np.testing.assert_allclose(regular, [1_500.0, 350.0])
    np.testing.assert_allclose(irregular, [-0.4 * 500.0, 0.0])


def test_who_has_no_other_host_is_not_diverted():
    np.testing.assert_array_equal(deflected([1_000.0], [0.2], diversion=0.5)[0], [200.0])


@settings(max_examples=60, deadline=None)
@given(
    potential=st.lists(st.just(0.0) | st.floats(1, 1e6), min_size=6, max_size=6),
    openness=st.lists(st.floats(-5, 2), min_size=6, max_size=6),
    deflection=st.floats(0, 1),
    diversion=st.floats(0, 1),
    passing=st.floats(0, 1),
)
def test_deflection_makes_no_people(potential, openness, deflection, diversion, passing):
    """On closing, no more people move than would have moved anyway, if the two shares sum to at most one."""
    none = np.zeros(6)
    ends = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 2, 3, 3])
    corridors = Corridors(*ends, np.ones(6), 4, none, none, none)
    names = FlowParameters.__dataclass_fields__
    share = min(diversion, 1.0 - deflection)
    values = {name: one(0) for name in names} | {"deflection": one(deflection), "diversion": one(share)}
    p = FlowParameters(**values)
    wanted, irregular, passable = np.array([potential]), np.full((1, 6), 100.0), np.full((1, 6), passing)
    let_in = wanted * np.exp(np.minimum(openness, 0.0))
    tempted = np.exp(-deflection * np.minimum(np.array([openness]), 0.0))
    moved = np.stack(deflect(wanted, let_in, irregular, tempted, passable, corridors, p))
    assert moved.min() >= 0.0
    assert moved.sum() <= (wanted + irregular).sum() * (1 + 1e-9) + 1e-6
    unmoved = deflect(wanted, wanted, irregular, np.ones((1, 6)), passable, corridors, p)
    np.testing.assert_array_equal(unmoved[0], wanted)
    np.testing.assert_array_equal(unmoved[1], irregular)
