"""Binding instruments: who ratifies, when they bind, and what ratifiers do."""

from dataclasses import fields, replace

import numpy as np
import pytest

from migsim.ensemble.columns import ratification_columns
from migsim.facts import recorded_parties
from migsim.forum.follow_up import follow_up
from migsim.forum.instruments import comply, earlier_parties, in_force, instruments_of, ratify
from migsim.forum.ratification import (
    Instruments,
    Terms,
    chance,
    expected,
    log_rate,
    reluctance,
    share_of_peers,
    stakes,
    stakes_in,
)
from migsim.start import begin
from migsim.world.state import Proceedings
from migsim.year import live
from tests.lives import SEED, differing, lived, varied

MANY = (0, 1, 2)
TREATY = {
    "opened": 2007,
    "threshold": 1,
    "paragraphs": ["equal_pay", "labour_admission", "reintegration"],
    "depth": 0.9,
    "equality": 0.5,
    "reservations": False,
}
CALM = {"processes": {}, "years.last": 2010}


def treaty(changes=None, parameters=None, others=None):
    """A scenario in which there is one treaty and nobody meets."""
    instrument = TREATY | (changes or {})
    processes = {"treaty": {"instrument": instrument}, **(others or {})}
    nobody_meets = {"processes.gfmd": None, "years.last": 2010}
    return varied({"processes": processes} | nobody_meets | (parameters or {}))


@pytest.fixture(scope="module")
def life():
    return lived(treaty({"opened": 1990}), MANY)


def p_of(setting):
    return setting.parameters.group(Instruments, "instruments")


def with_terms(**changes):
    usual = {"depth": 0.6, "equality": 0.5, "security": 0.0, "reservations": 0.0, "is_imposed": 0.0}
    assert set(usual) == {field.name for field in fields(Terms)}
    return Terms(**{name: np.full((len(MANY), 1), value) for name, value in (usual | changes).items()})


def rates(life, binds=None, p=None, **changes):
    setting = life.setting
    bound = np.ones(len(setting.levers)) if binds is None else binds
    return log_rate(stakes_in(bound, with_terms(**changes), life.worlds[0], setting), p or p_of(setting))


def moved(p, **changes):
    return replace(p, **{name: np.full_like(p.level, value) for name, value in changes.items()})


ALONE = {"benefit": 0.0, "depth": 0.0, "equality": 0.0, "security": 0.0, "sovereignty": 0.0, "peers": 0.0}


def test_a_text_that_means_nothing_to_anybody_is_joined_by_chance_alone(life):
    p = moved(p_of(life.setting), **ALONE)
    assert np.all(rates(life, p=p, security=1.0) == p.level)


@pytest.mark.parametrize(
    ("kept", "changes", "sign", "whom"),
    [
        ("benefit", {"depth": 0.9}, 1, "departure"),
        ("depth", {"depth": 0.9}, -1, "host"),
        ("equality", {"equality": 1.0}, -1, "host"),
        ("security", {"security": 1.0}, 1, None),
    ],
)
def test_what_draws_states_and_what_deters_them(life, kept, changes, sign, whom):
    p = p_of(life.setting)
    only = moved(p, **{name: 0.0 for name in ALONE if name != kept})
    change = sign * (rates(life, p=only, **changes) - rates(life, p=only))
    assert change.min() >= 0.0
    assert change.max() > 0.01
    if whom:
        role = getattr(life.setting.states, whom)
        assert np.corrcoef(role, change[0])[0, 1] > 0.5
    else:
        assert np.ptp(change) < 1e-12


def test_reservations_take_the_share_off_depth_and_equality(life):
    share = p_of(life.setting).reservations[0, 0]
    half = rates(life, depth=0.8, equality=0.6, reservations=1.0)
    written = rates(life, depth=0.8 * (1 - share), equality=0.6 * (1 - share))
    assert 0.0 < share < 1.0
    np.testing.assert_allclose(half, written, rtol=1e-12)


def test_value_and_adjustment_are_shares_of_everything(life):
    setting, world = life.setting, life.worlds[0]
    everything = np.ones(len(setting.levers))
    means = stakes_in(everything, with_terms(depth=1.0), world, setting)
    np.testing.assert_allclose(means.value, np.broadcast_to(setting.states.departure, means.value.shape))
    nothing = replace(world, policies=replace(world.policies, ideal=np.zeros_like(world.policies.ideal)))
    whole = stakes_in(everything, with_terms(depth=1.0), nothing, setting).adjustment
    assert np.all((np.abs(whole - 1.0) < 1e-9) | (setting.states.transit > 0.99))
    none = stakes_in(0.0 * everything, with_terms(depth=1.0), world, setting)
    assert not none.value.any()
    assert not none.adjustment.any()


def test_a_wider_text_gives_more_and_asks_more(life):
    setting, world = life.setting, life.worlds[0]
    narrow = np.zeros(len(setting.levers))
    narrow[setting.levers.of_theme("equal_treatment")] = 1.0
    wide = narrow.copy()
    wide[setting.levers.of_theme("secure_status")] = 1.0
    less, more = (stakes_in(binds, with_terms(), world, setting) for binds in (narrow, wide))
    assert np.all(more.value >= less.value)
    assert np.all(more.adjustment >= less.adjustment)
    assert more.value.mean() > 1.5 * less.value.mean()


def test_hosts_are_reluctant_and_silence_is_not(life):
    states = life.setting.states
    only = np.eye(3)
    for host, departure, transit in only:
        one = replace(
            states,
            host=np.full(len(states), host),
            departure=np.full(len(states), departure),
            transit=np.full(len(states), transit),
        )
        assert reluctance(one)[0] == pytest.approx(1.0 * host - 0.5 * departure)


def test_neighbours_who_are_parties_draw(life):
    states, p = life.setting.states, p_of(life.setting)
    parties, members = np.zeros((1, len(states))), np.ones(len(states))
    one = states.index("BEL")
    parties[0, one] = 1.0
    share = share_of_peers(parties, members, states)
    same = states.subregion_index == states.subregion_index[one]
    np.testing.assert_allclose(share[0], np.where(same, 1.0 / same.sum(), 0.0))
    away = members.copy()
    away[one] = 0.0
    assert not share_of_peers(parties, away, states).any()
    alone = np.broadcast_to(p.level, (len(MANY), len(states)))
    drawn = chance(alone, np.ones_like(alone), p) / chance(alone, np.zeros_like(alone), p)
    assert drawn == pytest.approx(np.exp(p.peers[0, 0]), rel=0.02)


def test_expected_parties_are_the_mean_of_those_drawn():
    """The fit uses expected numbers: they are those that the model draws."""
    setting, world = begin(treaty({"opened": 1990}), tuple(range(200)), SEED, "central")
    means = stakes("treaty", world, setting)
    years = range(1990, 2006)
    chances = expected(means, years, setting.members(2005), setting.states, p_of(setting))[2005]
    drawn = (world.treaties.joined[:, 0] <= 2005).sum(axis=-1)
    error = drawn.std(ddof=1) / np.sqrt(drawn.size)
    assert drawn.mean() == pytest.approx(chances.sum(axis=-1).mean(), abs=3.0 * error)
    assert drawn.std() > 0.0


def test_nobody_joins_before_the_opening_or_twice():
    life = lived(treaty(parameters={"instruments.level": -1.0}), MANY)
    before = life.worlds[0].treaties.joined
    assert np.isinf(before).all()
    assert np.isinf(life.at(2006).treaties.joined).all()
    for earlier, later in life.years:
        joined = earlier.treaties.joined
        has = np.isfinite(joined)
        np.testing.assert_array_equal(later.treaties.joined[has], joined[has])
        new = later.treaties.joined[~has]
        assert set(new[np.isfinite(new)]) <= {float(later.year)}
    assert np.isfinite(life.last.treaties.joined).mean() > 0.2


def test_states_that_are_no_members_yet_cannot_join():
    few = {"states": ["BEL", "FRA", "MEX", "SSD", "SDN", "DEU"], "shocks": {}}
    life = lived(treaty(parameters=few | {"instruments.level": 4.0}), MANY)
    joined, states = life.at(2008).treaties.joined[:, 0], life.setting.states
    young = states.member_since > 2008
    assert young.any()
    assert np.isinf(joined[:, young]).all()
    assert np.mean(joined[:, ~young] == 2007) > 0.5


def test_only_participants_may_join():
    club = treaty(parameters={"instruments.level": 4.0})
    club = club.vary("club", {"processes.treaty.participants": {"who": "club", "states": ["BEL", "FRA"]}})
    life = lived(club, MANY)
    joined = np.isfinite(life.last.treaties.joined[:, 0])
    assert {life.setting.states.iso3[n] for n in np.flatnonzero(joined.any(axis=0))} == {"BEL", "FRA"}


def test_instruments_share_no_draw_and_one_more_changes_no_other():
    alone = lived(treaty({"opened": 1990}), MANY)
    other = {"other": {"instrument": TREATY | {"opened": 1980}}}
    both = lived(treaty({"opened": 1990}, others=other), MANY)
    names = instruments_of(both.setting)
    assert set(names) == {"treaty", "other"}
    mine = names.index("treaty")
    first, second = alone.worlds[0].treaties.joined[:, 0], both.worlds[0].treaties.joined
    np.testing.assert_array_equal(first, second[:, mine])
    assert not np.array_equal(first, second[:, 1 - mine])


def test_a_replicate_is_the_same_in_any_batch():
    scenario = treaty({"opened": 1960})
    batch, single = lived(scenario, MANY, "ranged"), lived(scenario, (2,), "ranged")
    np.testing.assert_array_equal(batch.last.treaties.joined[2:], single.last.treaties.joined)
    np.testing.assert_array_equal(batch.last.policies.policy[2:], single.last.policies.policy)
    assert np.isfinite(single.last.treaties.joined).any()


def test_recorded_parties_are_those_on_record_before_the_first_year():
    from migsim.scenario.load import load

    scenario = load("migrant-workers-convention")
    for first, n in ((2001, 15), (2006, 34)):
        setting, world = begin(scenario.vary("first", {"years.first": first}), (0, 1), SEED, "ranged")
        joined = world.treaties.joined[:, 0]
        assert (np.isfinite(joined).sum(axis=-1) == n).all()
        for code, year in recorded_parties("migrant-workers-convention").items():
            assert np.all(joined[:, setting.states.index(code)] == (year if year < first else np.inf))


def test_an_instrument_that_is_on_no_record_is_drawn():
    asked, drawn = (
        lived(treaty({"opened": 1950, "parties": parties}), MANY).worlds[0]
        for parties in ("recorded", "drawn")
    )
    np.testing.assert_array_equal(asked.treaties.joined, drawn.treaties.joined)
    assert np.isfinite(drawn.treaties.joined).any()


def test_it_is_in_force_from_the_threshold_on():
    joined = np.array([[2007.0, 2008.0, np.inf], [2007.0, np.inf, np.inf]])
    assert in_force(joined, 2, 2007).tolist() == [[0.0], [0.0]]
    assert in_force(joined, 2, 2008).tolist() == [[1.0], [0.0]]


def pulled(life, joined, **changes):
    """What parties aim at, whose ratification is set by hand."""
    world, setting = life.at(2009), life.setting
    years = np.broadcast_to(joined, world.treaties.joined.shape)
    world = replace(world, treaties=replace(world.treaties, joined=years), **changes)
    target = world.policies.ideal
    return target, comply(target, world, setting), world


def test_only_parties_of_simulated_years_are_drawn_and_only_up():
    life = lived(treaty(), MANY)
    states, table = life.setting.states, life.setting.levers
    joined = np.full(len(states), np.inf)
    old, new, later = (states.index(code) for code in ("FRA", "BEL", "DEU"))
    joined[[old, new, later]] = (2000.0, 2008.0, 2010.0)
    target, after, _ = pulled(life, joined)
    change = after - target
    assert np.flatnonzero(change.any(axis=(0, 2))).tolist() == [new]
    bound = np.isin(np.array(table.paragraphs), TREATY["paragraphs"])
    assert not change[:, new, ~bound].any()
    assert np.all(change[:, new] >= 0.0)
    asked = np.maximum(TREATY["depth"], target)
    assert np.all(after <= asked + 1e-12)


def test_compliance_takes_practice_and_reservations_lower_what_binds():
    full = {"instruments.compliance": 1.0, "instruments.compliance_practice": 0.0}
    life = lived(treaty(parameters=full), MANY)
    bound = np.isin(np.array(life.setting.levers.paragraphs), TREATY["paragraphs"])
    joined = np.full(len(life.setting.states), 2008.0)
    target, after, _ = pulled(life, joined)
    np.testing.assert_allclose(after[..., bound], np.maximum(target, TREATY["depth"])[..., bound])
    able = lived(treaty(parameters=full | {"instruments.compliance_practice": 1.0}), MANY)
    target, after, world = pulled(able, joined)
    way = np.maximum(TREATY["depth"] - target, 0.0)
    practice = world.policies.practice[..., able.setting.levers.theme]
    np.testing.assert_allclose((after - target)[..., bound], (way * practice)[..., bound], atol=1e-12)
    reserved = lived(treaty({"reservations": True}, full | {"instruments.reservations": 0.5}), MANY)
    target, after, _ = pulled(reserved, joined)
    np.testing.assert_allclose(after[..., bound], np.maximum(target, 0.5 * TREATY["depth"])[..., bound])


def test_standards_laid_on_all_bind_every_member_at_once_and_without_reservations():
    changes = {"is_imposed": True, "reservations": True, "threshold": 193}
    full = {"instruments.compliance": 1.0, "instruments.compliance_practice": 0.0}
    life = lived(treaty(changes, full), MANY)
    members = life.setting.members(2007) > 0.0
    joined = life.at(2007).treaties.joined[:, 0]
    assert np.all(joined[:, members] == 2007.0)
    target = life.at(2007).policies.ideal
    after = comply(target, life.at(2007), life.setting)
    bound = np.isin(np.array(life.setting.levers.paragraphs), TREATY["paragraphs"])
    assert np.all(after[:, members][..., bound] >= TREATY["depth"] - 1e-12)


def test_below_the_threshold_nothing_happens():
    never = lived(treaty({"threshold": 193}, {"instruments.level": -2.0}), MANY)
    without = lived(varied(CALM), MANY)
    assert np.isfinite(never.last.treaties.joined).any()
    # There is a process, which never met.
    allowed = {"treaties.joined", *(f"proceedings.{field.name}" for field in fields(Proceedings))}
    assert differing(never.last, without.last) <= allowed
    bound = lived(treaty(parameters={"instruments.level": -2.0}), MANY)
    assert np.any(bound.last.policies.policy > without.last.policies.policy + 1e-6)


def test_a_world_without_instruments_ratifies_nothing():
    life = lived(varied(CALM), MANY)
    assert ratify(life.last, life.setting) is life.last
    assert earlier_parties(life.worlds[0], life.setting).joined.shape[1] == 0
    same = life.last.policies.ideal
    assert comply(same, life.last, life.setting) is same


def test_follow_up_moves_parties_toward_what_binds():
    life = lived(treaty(parameters={"instruments.level": 4.0}), MANY)
    world, setting = life.at(2009), life.setting
    without = replace(
        world, treaties=replace(world.treaties, joined=np.full_like(world.treaties.joined, np.inf))
    )
    change = follow_up(world, setting).policies.policy - follow_up(without, setting).policies.policy
    assert change.min() >= 0.0
    pace, part = (setting.parameters[name][0, 0] for name in ("world.policy.pace", "instruments.compliance"))
    assert 0.0 < change.max() <= pace * part * TREATY["depth"] + 1e-12


def test_the_table_has_each_party_once_with_its_year():
    scenario = treaty({"opened": 1990}, {"instruments.level": -3.0})
    setting, world = begin(scenario, MANY, SEED, "central")
    parts = [ratification_columns(world, setting)]
    assert parts[0]["year"].max() <= 2005
    while world.year < 2010:
        world = live(world, setting)
        parts.append(ratification_columns(world, setting))
        assert set(parts[-1]["year"]) <= {world.year}
    rows = {
        (int(replicate), str(state)): int(year)
        for part in parts
        for replicate, year, state in zip(part["replicate"], part["year"], part["state"], strict=True)
    }
    joined = world.treaties.joined[:, 0]
    assert len(rows) == sum(part["year"].size for part in parts) == int(np.isfinite(joined).sum())
    for (replicate, state), year in rows.items():
        assert joined[MANY.index(replicate), setting.states.index(state)] == year
    assert {name for part in parts for name in part["instrument"]} == {"treaty"}


def test_imposed_standards_bind_though_they_were_opened_before_the_run():
    """What is laid on all states is no record of what they did before."""
    later, before = (
        lived(treaty({"opened": year, "is_imposed": True}), MANY, last=2008).last.policies.policy
        for year in (2006, 1990)
    )
    np.testing.assert_array_equal(later, before)


def test_the_order_of_instruments_does_not_matter():
    """Of several texts on the same paragraphs the strongest pull counts."""
    shallow, deep = ({**TREATY, "is_imposed": True, "depth": depth} for depth in (0.6, 0.9))
    policies = [
        lived(
            treaty(others={"a": {"instrument": one}, "b": {"instrument": other}}), MANY
        ).last.policies.policy
        for one, other in ((shallow, deep), (deep, shallow))
    ]
    np.testing.assert_array_equal(*policies)


def test_a_record_is_found_whatever_the_process_is_called():
    treaty_of_record = {"extends": "migrant-workers-convention"}
    life = lived(varied({"processes.gfmd": None, "processes.mine": treaty_of_record}), MANY)
    record = recorded_parties("migrant-workers-convention")
    early = {code for code, year in record.items() if year < 2006 and code in life.setting.states.iso3}
    joined = life.worlds[0].treaties.joined[0, 0]
    assert {life.setting.states.iso3[n] for n in np.flatnonzero(np.isfinite(joined))} == early
    assert early
