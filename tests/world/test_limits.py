"""Limit cases: worlds of which one knows what must come out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.provenance.parameters import registry
from migsim.world.flows import DISPLACED, IRREGULAR, REGULAR, SKILLED
from migsim.world.noise import QUIET
from tests.lives import HELD, Life, differing, lived, moved, varied

CALM = {**HELD, **QUIET, "shocks": {}}
UNMOVED = {
    **{row.path: 0.0 for row in registry().group("world.flows") if row.unit == "elasticity"},
    "world.flows.hump": "none",
    "world.flows.temporary_trend": 0.0,
    "world.status.job_loss": 0.0,
    "world.economy.own_growth": 0.0,
    **CALM,
}
"""No push, no growth, no shocks, no noise, and nobody who minds."""
ALL_BUT_DISPLACED = ["skilled", "regular", "irregular"]


def with_shock(shock: dict[str, object], **further: object) -> Life:
    return lived(varied({**CALM, **further, "shocks.test": shock}), last=2007)


def calm(**further: object) -> Life:
    return lived(varied({**CALM, **further}), last=2007)


def test_without_push_and_growth_stocks_follow_a_recursion():
    """``S' = (1 - death - return) S + F0``, and a change of class at fixed rates."""
    life = lived(varied(UNMOVED))
    setting, number = life.setting, life.setting.parameters
    death, overstay, papers, settles = (
        number[path][0, 0]
        for path in (
            "world.flows.death",
            "world.status.overstay",
            "world.status.regularisation",
            "world.status.settlement_of_displaced",
        )
    )
    stock, flow, host = setting.base.stock[0], setting.base.flow[0], setting.corridors.destination
    stay = setting.base.stay[0][host]
    rate = {
        k: number[f"world.flows.return_{k}"][0, 0] for k in ("skilled", "regular", "irregular", "displaced")
    }
    for world in life.worlds[1:]:
        skilled, regular, irregular, displaced = stock
        gained = papers * irregular - overstay * regular
        stock = np.stack(
            [
                skilled * (1.0 - death - rate["skilled"] * stay) + flow[SKILLED],
                regular * (1.0 - death - rate["regular"] * stay)
                + flow[REGULAR]
                + gained
                + settles * displaced,
                irregular * (1.0 - death - rate["irregular"] * stay) + flow[IRREGULAR] - gained,
                displaced * (1.0 - death - rate["displaced"] - settles) + flow[DISPLACED],
            ]
        )
        np.testing.assert_allclose(world.people.stock[0], stock, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(world.people.flow[0], flow, rtol=1e-12)
        np.testing.assert_allclose(
            world.people.stock[0, DISPLACED], setting.base.stock[0, DISPLACED], rtol=1e-9
        )


def test_without_push_and_growth_populations_keep_their_demographic_path():
    """Natural increase and the balance of migration make the growth of 2000-05, and go on from there."""
    life = lived(varied(UNMOVED))
    base, corridors = life.setting.base, life.setting.corridors
    for before, after in life.years:
        expected = before.people.population[0] * (1.0 + base.increase(after.year)[0])
        for flow, sign in ((after.people.flow, 1.0), (after.people.returns, -1.0)):
            everyone = sign * flow[0].sum(axis=0)
            np.add.at(expected, corridors.destination, everyone)
            np.subtract.at(expected, corridors.origin, everyone)
        np.testing.assert_allclose(after.people.population[0], expected, rtol=1e-12)
    parts = [
        life.setting.parameters[f"world.base.{end}_natural_increase"][0, 0] for end in ("least", "largest")
    ]
    free = (base.natural_increase[0] > parts[0]) & (base.natural_increase[0] < parts[1])
    assert free.sum() > 15
    moved_on = life.at(2006).people.population[0] / base.population
    usual = moved_on - 1.0 - (life.at(2006).people.inflow - life.at(2006).people.outflow)[0] / base.population
    np.testing.assert_allclose(usual, base.increase(2006)[0], atol=1e-12)


def test_without_growth_incomes_stand_still():
    none = {f"world.economy.{name}": 0.0 for name in ("host_output", "remittance_effect", "returning_skills")}
    none |= {f"world.economy.{name}": 0.0 for name in ("skill_loss", "learning")}
    life = lived(varied(UNMOVED | none))
    for world in life.worlds:
        np.testing.assert_allclose(world.economies.income[0], life.setting.base.income, rtol=1e-12)


def shares(people: np.ndarray) -> np.ndarray:
    """Of all who move in a year, those who come to each corridor, for each class and in total."""
    every = np.concatenate([people, people.sum(axis=-2, keepdims=True)], axis=-2)
    return every / np.maximum(every.sum(axis=-1, keepdims=True), 1e-9)


@settings(max_examples=4, deadline=None)
@given(points=st.floats(-30.0, 69.0))
def test_growth_of_all_states_alike_leaves_the_shares_of_destinations(points):
    """Free movement answers to relative income, and without a hump no origin counts more than another."""
    shock = {"kind": "growth", "states": "all", "change": {2006: points}}
    alike = {"world.flows.hump": "none"}
    usual, richer = calm(**alike), with_shock(shock, **alike)
    np.testing.assert_allclose(
        richer.at(2006).economies.path, usual.at(2006).economies.path * np.exp(points / 100.0), rtol=1e-12
    )
    np.testing.assert_array_equal(richer.at(2006).people.flow, usual.at(2006).people.flow)
    for year in (2006, 2007):
        one, other = (life.at(year).people.flow[0] for life in (usual, richer))
        np.testing.assert_allclose(shares(other), shares(one), rtol=1e-8)


def test_where_all_grow_alike_the_hump_shifts_origins_but_no_destination_of_theirs():
    usual, richer = calm(), with_shock({"kind": "growth", "states": "all", "change": {2006: 69.3}})
    one, other = (life.at(2007).people.flow[0] for life in (usual, richer))
    assert np.abs(shares(other) - shares(one)).max() > 1e-4
    for on in usual.setting.corridors.of_origin:
        if on.size:
            chosen = slice(0, DISPLACED)  # how many are displaced is no driver's doing
            np.testing.assert_allclose(shares(other[chosen, on]), shares(one[chosen, on]), rtol=1e-8)


def test_one_host_s_growth_draws_more_where_movement_is_free():
    usual = calm()
    richer = with_shock({"kind": "growth", "states": ["DEU"], "change": {2006: 20.0}})
    corridors, base = usual.setting.corridors, usual.setting.base
    there = corridors.destination == usual.setting.states.index("DEU")
    free = np.isin(np.arange(len(corridors)), base.free_corridors(2007))
    one, other = (life.at(2007).people.flow[0, SKILLED] for life in (usual, richer))
    there &= one > 0.0
    drawn = other / np.where(there, one, 1.0)
    assert (free & there).sum() > 2
    assert drawn[free & there].min() > drawn[~free & there].max() > 1.1


def test_a_push_multiplies_the_departures_of_its_state_and_of_no_other():
    usual, pushed = calm(), with_shock({"kind": "push", "states": ["BGD"], "change": {2006: 50}})
    on = usual.setting.corridors.of_origin[usual.setting.states.index("BGD")]
    one, other = (life.at(2006).people.flow for life in (usual, pushed))
    np.testing.assert_allclose(other[..., on], 1.5 * one[..., on], rtol=1e-12)
    np.testing.assert_array_equal(np.delete(other, on, axis=-1), np.delete(one, on, axis=-1))
    np.testing.assert_array_equal(pushed.at(2006).people.returns, usual.at(2006).people.returns)
    assert not differing(pushed.at(2005), usual.at(2005))
    later = [life.at(2007).people.flow[0][:, on].sum() for life in (usual, pushed)]
    assert 1.0 < later[1] / later[0] < 1.2, "a push passes; what stays is the larger diaspora"


def test_a_push_below_nought_keeps_people_at_home():
    usual, kept = calm(), with_shock({"kind": "push", "states": "all", "change": {2006: -20}})
    np.testing.assert_allclose(kept.at(2006).people.flow, 0.8 * usual.at(2006).people.flow, rtol=1e-12)


def closed(classes: list[str], states: object = "all", change: float = -100.0) -> Life:
    return with_shock({"kind": "entry", "states": states, "classes": classes, "change": {2006: change}})


def test_closed_borders_leave_irregular_and_displaced_movers_only():
    usual, shut = calm().at(2006).people.flow, closed(["skilled", "regular"]).at(2006).people.flow
    np.testing.assert_allclose(shut[:, SKILLED], 1e-9 * usual[:, SKILLED], rtol=1e-6)
    assert shut[:, REGULAR].max() < 1e-3
    assert usual[:, REGULAR].max() > 1_000.0
    np.testing.assert_array_equal(shut[:, DISPLACED], usual[:, DISPLACED])
    deflection = calm().setting.parameters["world.flows.deflection"]
    expected = usual[:, IRREGULAR] + deflection * usual[:, REGULAR]
    np.testing.assert_allclose(shut[:, IRREGULAR], expected, rtol=1e-8, atol=1e-9)


def test_borders_closed_to_all_leave_only_the_displaced():
    usual, shut = calm().at(2006).people.flow, closed(ALL_BUT_DISPLACED).at(2006).people.flow
    assert shut[:, :DISPLACED].max() < 1e-3
    np.testing.assert_array_equal(shut[:, DISPLACED], usual[:, DISPLACED])


def test_a_closed_border_opens_again_the_year_after():
    usual, shut = calm(), closed(["skilled"])
    assert not shut.at(2007).conditions.host.any()
    again = shut.at(2007).people.flow[0, SKILLED].sum() / usual.at(2007).people.flow[0, SKILLED].sum()
    assert 0.9 < again < 1.0


def test_one_host_that_closes_diverts_regular_movers_to_the_others():
    usual, shut = calm(), closed(["regular"], ["DEU"])
    corridors, there = usual.setting.corridors, usual.setting.states.index("DEU")
    into = corridors.destination == there
    one, other = (life.at(2006).people.flow[0] for life in (usual, shut))
    into &= one[REGULAR] > 0.0
    concerned = np.isin(corridors.origin, corridors.origin[into])
    others = ~into & concerned & (one[REGULAR] > 0.0)
    assert other[REGULAR, into].max() < 1e-3
    assert np.all(other[IRREGULAR, into] > one[IRREGULAR, into])
    assert np.all(other[REGULAR, others] > one[REGULAR, others])
    np.testing.assert_array_equal(other[REGULAR, ~concerned], one[REGULAR, ~concerned])
    for k in (SKILLED, DISPLACED):
        np.testing.assert_array_equal(other[k], one[k])
    deterred = one[REGULAR, into].sum()
    diverted = (other - one)[REGULAR, ~into].sum()
    diversion = usual.setting.parameters["world.flows.diversion"][0, 0]
    assert 0.5 * diversion * deterred < diverted <= diversion * deterred * (1.0 + 1e-9)


@settings(max_examples=4, deadline=None)
@given(change=st.floats(-99.0, 200.0))
def test_entry_acts_on_its_class_in_proportion(change):
    usual, opened = calm().at(2006).people.flow, closed(["skilled"], ["USA"], change).at(2006).people.flow
    into = calm().setting.corridors.destination == calm().setting.states.index("USA")
    expected = usual.copy()
    expected[:, SKILLED, into] *= 1.0 + change / 100.0
    np.testing.assert_allclose(opened, expected, rtol=1e-9)


@pytest.mark.parametrize("kind", ["push", "entry"])
def test_a_shock_of_nought_percent_is_none(kind):
    shock = {"kind": kind, "states": "all", "change": {2006: 0}}
    shock |= {"classes": ["skilled", "regular", "irregular", "displaced"]} if kind == "entry" else {}
    assert not differing(with_shock(shock).last, calm().last)


def test_the_displaced_of_a_declared_origin_go_elsewhere_when_a_host_closes_to_them():
    changes = {**HELD, **QUIET, "shocks.recession": None}
    usual = lived(varied(changes), last=2007)
    entry = {"kind": "entry", "states": ["LBN"], "classes": ["displaced"], "change": {2007: -100}}
    shut = lived(varied(changes | {"shocks.shut": entry}), last=2007)
    setting = usual.setting
    on = setting.corridors.of_origin[setting.states.index("SYR")]
    lebanon = setting.corridors.destination[on] == setting.states.index("LBN")
    one, other = (life.at(2007).people.flow[0, DISPLACED, on] for life in (usual, shut))
    assert other[lebanon].max() < 1.0
    assert one[lebanon].min() > 10_000.0
    assert np.all(other[~lebanon] > one[~lebanon])
    assert other.sum() == pytest.approx(one.sum(), rel=1e-9)


def test_openness_to_families_opens_a_part_of_regular_entry():
    usual, opened = (moved(varied(CALM), last=2006, openness_family=size) for size in (0.0, 0.5))
    share = usual.setting.parameters["world.flows.family_share"][0, 0]
    deflection = usual.setting.parameters["world.flows.deflection"][0, 0]
    one, other = (life.at(2006).people.flow[0] for life in (usual, opened))
    assert other[REGULAR].sum() > one[REGULAR].sum()
    opening = share * np.expm1(0.5)
    fewer = np.maximum(
        one[IRREGULAR] * ((1.0 + opening) ** -deflection - 1.0), -deflection * opening * one[REGULAR]
    )
    np.testing.assert_allclose(other[IRREGULAR], one[IRREGULAR] + fewer, rtol=1e-9, atol=1e-9)
    for k in (SKILLED, DISPLACED):
        np.testing.assert_array_equal(other[k], one[k])


def test_nobody_comes_again_through_a_closed_border():
    quiet = {**HELD, "shocks": {}, "world.flows.noise": 0.0}
    shut = {"kind": "entry", "states": "all", "classes": ["regular"]}
    shut["change"] = {year: -100 for year in range(2006, 2010)}
    life = moved(varied({**quiet, "shocks.shut": shut}), return_regular=0.35)
    for world in life.worlds[1:]:
        assert world.people.flow[:, REGULAR].max() < 1e-3


def test_skilled_migrants_who_may_return_come_again_too():
    quiet = {**HELD, "shocks": {}, "world.flows.noise": 0.0}
    off, on = (
        moved(varied({**quiet, "world.flows.reentry": value}), last=2006, return_regular=0.3)
        for value in (0.0, 1.0)
    )
    change = (on.at(2006).people.flow - off.at(2006).people.flow)[0].sum(axis=-1)
    assert change[SKILLED] > 0.0


def test_no_more_come_again_than_have_gone():
    """However open the host is."""
    sizes = {"return_regular": 2.0, "openness_skilled": 2.0, "openness_regular": 2.0}
    off, on = (
        moved(varied({**CALM, "world.flows.reentry": part}), last=2006, **sizes) for part in (0.0, 1.0)
    )
    for k in (SKILLED, REGULAR):
        again = (on.at(2006).people.flow - off.at(2006).people.flow)[0, k]
        assert (again <= off.at(2006).people.returns[0, k] * (1.0 + 1e-9)).all()


def test_no_more_are_deflected_than_are_deterred():
    """However open the host is to those without papers."""
    shut, wide = (
        {"kind": "entry", "states": "all", "classes": [k], "change": {2006: c}}
        for k, c in (("regular", -100), ("irregular", 900))
    )
    usual, closed = (
        lived(varied({**CALM, "shocks.wide": wide, **more}), last=2006).at(2006).people.flow[0]
        for more in ({}, {"shocks.shut": shut})
    )
    deterred = (usual - closed)[REGULAR].sum()
    assert 0.0 < (closed - usual)[IRREGULAR].sum() <= deterred
