"""Flight: how many is the scenario's to say, where they go the model's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.errors import InputError
from migsim.provenance.parameters import registry
from migsim.scenario.load import load
from migsim.world.displacement import DisplacementParameters, host_scores, host_weights
from migsim.world.flows import DISPLACED, FlowParameters
from migsim.world.status import StatusParameters, by_class, change_of_status
from tests.lives import HELD, lived, small, varied

TOTALS = {2007: 500_000, 2008: 1_200_000, 2009: 700_000}


@pytest.fixture(scope="module")
def life():
    return lived(small(), (0, 1, 2), "ranged")


@pytest.fixture(scope="module")
def on(life):
    return life.setting.corridors.of_origin[life.setting.states.index("SYR")]


@pytest.mark.parametrize("year", TOTALS)
def test_refugees_abroad_at_the_year_s_end_are_the_declared_total(life, on, year):
    abroad = life.at(year).people.stock[:, DISPLACED][:, on].sum(axis=-1)
    np.testing.assert_allclose(abroad, TOTALS[year], rtol=1e-9)
    coming = life.at(year).people.flow[:, DISPLACED][:, on].sum(axis=-1)
    assert np.all(coming > 0.0) if year < 2009 else np.all(coming == 0.0)


def test_all_refugees_may_go_home_without_making_people():
    definition = varied({"shocks.flight.refugees_abroad": {2007: 500_000, 2008: 0}})
    life = lived(definition)
    p = life.setting.parameters.group(FlowParameters, "world.flows")
    before, after = life.at(2007), life.at(2008)
    stock, people = before.people.stock, after.people
    status = life.setting.parameters.group(StatusParameters, "world.status")
    moved = change_of_status(stock, replace(after, economies=before.economies), life.setting, status)
    changed = by_class(*moved)
    expected = stock + people.flow - people.returns - p.death[..., None] * stock + changed
    np.testing.assert_allclose(people.stock.sum(), expected.sum(), rtol=1e-12)
    np.testing.assert_allclose(people.stock, expected, rtol=1e-9, atol=1e-6)


def test_hosts_share_the_displaced(life, on):
    setting, world = life.setting, life.at(2007)
    p = setting.parameters.group(DisplacementParameters, "world.displacement")
    weights = host_weights(world, setting, p, on, setting.corridors.destination[on])
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-12)
    assert weights.min() >= 0.0


def test_nearness_diaspora_and_size_draw_and_without_them_all_hosts_share_alike(life, on):
    setting, world = life.setting, life.worlds[0]
    hosts = setting.corridors.destination[on]

    def shares(**weights):
        zero = np.zeros((setting.n_replicates, 1))
        named = {name: zero for name in DisplacementParameters.__dataclass_fields__}
        p = DisplacementParameters(**named | {name: zero + w for name, w in weights.items()})
        return host_weights(world, setting, p, on, hosts)[0]

    np.testing.assert_allclose(shares(), 1.0 / on.size)
    next_door = setting.corridors.border[on] > 0.0
    assert 0 < next_door.sum() < on.size
    expected = np.where(next_door, np.e, 1.0)
    np.testing.assert_allclose(shares(border=1.0), expected / expected.sum())
    near = shares(distance=1.0)
    assert np.argmax(near) == np.argmin(setting.corridors.distance[on])
    assert np.argmax(shares(diaspora=1.0)) == np.argmax(world.people.stock[0].sum(axis=0)[on])
    product = (world.people.population * world.economies.income)[0, hosts]
    np.testing.assert_allclose(shares(capacity=1.0), product / product.sum(), rtol=1e-9)


def test_neighbours_of_a_declared_origin_can_receive_although_no_corridor_is_recorded():
    with_shock, without = lived(small(), last=2005), lived(varied({"shocks": {}}), last=2005)
    assert len(with_shock.setting.corridors) >= len(without.setting.corridors)


def test_other_origins_are_left_alone(life):
    quiet = lived(varied({"shocks.flight": None}), (0, 1, 2), "ranged")
    one, other = life.at(2007), quiet.at(2007)

    def of_mexico(it):
        corridors, mexico = it.setting.corridors, it.setting.states.index("MEX")
        on = corridors.of_origin[mexico]
        return dict(
            zip(corridors.destination[on].tolist(), it.at(2007).people.flow[0][:, on].T.tolist(), strict=True)
        )

    assert of_mexico(life) == of_mexico(quiet)
    assert one.people.stock[:, DISPLACED].sum() > other.people.stock[:, DISPLACED].sum()


def with_corridor(setting, c, **kind):
    """A setting in which one corridor is a land border, a crossing, closed, or none of these."""
    corridors = setting.corridors
    marks = {name: getattr(corridors, name).copy() for name in ("border", "crossing", "closed")}
    for name in marks:
        marks[name][c] = kind.get(name, 0.0)
    return replace(setting, corridors=replace(corridors, **marks))


@pytest.mark.parametrize("code", ["DEU", "EGY", "TUR", "USA"])
def test_a_land_border_and_a_narrow_sea_bring_more_and_a_closed_border_nobody(life, on, code):
    """The same host, but for what lies between it and the war."""
    world, p = life.at(2007), life.setting.parameters.group(DisplacementParameters, "world.displacement")
    hosts = life.setting.corridors.destination[on]
    place = int(np.flatnonzero(hosts == life.setting.states.index(code))[0])

    def share(**kind):
        weights = host_weights(world, with_corridor(life.setting, on[place], **kind), p, on, hosts)
        np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-12)
        return weights[:, place]

    apart = share()
    for name in ("border", "crossing"):
        log_odds = [np.log(each / (1.0 - each)) for each in (share(**{name: 1.0}), apart)]
        np.testing.assert_allclose(log_odds[0] - log_odds[1], getattr(p, name)[:, 0], rtol=1e-6, atol=1e-9)
    for name in ("border", "crossing"):
        helps = getattr(p, name)[:, 0] > 0.0
        np.testing.assert_array_equal(share(**{name: 1.0}) > apart, helps)
        assert registry()[f"world.displacement.{name}"].default > 0.0
    for beside in ({}, {"border": 1.0}, {"crossing": 1.0}):
        assert not share(closed=1.0, **beside).any()


@settings(max_examples=60, deadline=None)
@given(
    diaspora=st.floats(100, 1e7),
    distance=st.floats(50, 15_000),
    product=st.floats(1e8, 1e13),
    elasticities=st.tuples(*(st.floats(0, 2.5) for _ in range(5))),
    factor=st.floats(1.1, 10),
)
def test_a_host_s_score_rises_with_what_draws_and_falls_with_distance(
    diaspora, distance, product, elasticities, factor
):
    names = DisplacementParameters.__dataclass_fields__
    p = DisplacementParameters(**{n: np.array([[e]]) for n, e in zip(names, elasticities, strict=True)})

    def score(people=diaspora, km=distance, border=0.0, crossing=0.0, income=product):
        given_ = [np.array([[each]]) for each in (people, km, border, crossing, income)]
        return host_scores(*given_, p).item()

    usual = score()
    assert score(people=factor * diaspora) >= usual
    assert score(income=factor * product) >= usual
    assert score(km=factor * distance) <= usual
    assert score(border=1.0) == pytest.approx(usual + p.border.item(), rel=1e-9, abs=1e-9)
    assert score(crossing=1.0) == pytest.approx(usual + p.crossing.item(), rel=1e-9, abs=1e-9)


def test_from_syria_most_go_next_door_or_near_and_nobody_across_the_closed_border():
    """By all counts the neighbours hold most of them.

    What is measured: the stock of displaced Syrians at the end of 2015 in the shipped scenario, in hosts
    across an open land border, and in these with those across a narrow sea or within 1,500 km.
    """
    life = lived(load("gfmd-2007-2015").vary("world alone", {"processes": {}}), last=2015)
    setting = life.setting
    corridors, on = setting.corridors, setting.corridors.of_origin[setting.states.index("SYR")]
    stock = life.at(2015).people.stock[0, DISPLACED, on]
    came = sum(world.people.flow[0, DISPLACED, on] for world in life.worlds[6:])
    israel = corridors.destination[on] == setting.states.index("ISR")
    assert corridors.closed[on][israel].all()
    assert israel.any()
    assert not came[israel].any()
    next_door = corridors.border[on] > 0.0
    near = next_door | (corridors.crossing[on] > 0.0) | (corridors.distance[on] <= 1500.0)
    iso3 = setting.states.iso3
    assert {iso3[corridors.destination[c]] for c in on[next_door]} == {"IRQ", "JOR", "LBN", "TUR"}
    assert stock[next_door].sum() / stock.sum() > 0.5
    assert stock[near].sum() / stock.sum() > 2.0 / 3.0
    for code in ("IRQ", "JOR", "LBN", "TUR"):
        here = corridors.destination[on] == setting.states.index(code)
        assert stock[here].sum() > 100_000


def test_flight_from_a_state_whose_every_host_is_closed_is_refused():
    """Nobody could leave; the scenario's total could not come true."""
    flight = {"kind": "displacement", "origin": "SYR", "refugees_abroad": {2006: 100_000}}
    calm = load("gfmd-2007-2015").vary(
        "two", {"states": ["SYR", "ISR"], "processes": {}, "years.last": 2007, "shocks": {}}
    )
    assert lived(calm).last.year == 2007
    with pytest.raises(InputError, match="nobody who flees SYR"):
        lived(calm.vary("flight", {"shocks.f": flight}))
    a_way_out = calm.vary("three", {"states": ["SYR", "ISR", "TUR"], "shocks.f": flight})
    life = lived(a_way_out)
    corridors, states = life.setting.corridors, life.setting.states
    came = life.at(2006).people.stock[0, DISPLACED]
    to_turkey = (corridors.origin == states.index("SYR")) & (corridors.destination == states.index("TUR"))
    closed = corridors.closed > 0.0
    assert came[to_turkey].sum() == pytest.approx(
        100_000 - came[closed & (corridors.origin == states.index("SYR"))].sum(), rel=1e-9
    )
    assert not life.at(2006).people.flow[0, DISPLACED][closed].any()


def test_the_usual_displaced_of_any_origin_turn_from_a_host_that_closes_to_others():
    """As many flee as usual, even where the scenario declares nothing of their origin."""
    held = {**HELD, "shocks": {}}
    shut = {"kind": "entry", "states": ["FRA"], "classes": ["displaced"], "change": {2006: -100}}
    half = {**shut, "change": {2006: -50}}
    everywhere = {**shut, "states": "all"}
    usual, none, some, nowhere = (
        lived(varied(held | more), last=2006).at(2006).people.flow
        for more in ({}, {"shocks.x": shut}, {"shocks.x": half}, {"shocks.x": everywhere})
    )
    setting = lived(varied(held), last=2006).setting
    corridors, france = setting.corridors, setting.states.index("FRA")
    there = corridors.destination == france
    assert usual[:, DISPLACED, there].sum() > 100.0
    assert not none[:, DISPLACED, there].any()
    assert not nowhere[:, DISPLACED].any()
    assert np.all(some[:, DISPLACED, there] <= usual[:, DISPLACED, there])
    elsewhere = corridors.by_origin(usual[:, DISPLACED] * ~there) > 0.0
    for other in (none, some):
        totals = (corridors.by_origin(flow[:, DISPLACED].copy()) for flow in (other, usual))
        one, two = (total[elsewhere] for total in totals)
        np.testing.assert_allclose(one, two, rtol=1e-9)
        assert np.all(other[:, DISPLACED, ~there] >= usual[:, DISPLACED, ~there] * (1.0 - 1e-12))
        np.testing.assert_array_equal(other[:, :DISPLACED], usual[:, :DISPLACED])
