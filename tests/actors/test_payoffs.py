"""What states would gain by moving a lever."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.actors.payoffs import N_GROUPS, N_RUNS, far_apart, perturb, utility
from migsim.start import begin
from migsim.world.accounts import blank_ledger
from migsim.world.state import Conditions
from migsim.world.vocabulary import CLASSES, COEFFICIENTS
from migsim.year import live_world
from tests.lives import lived, small, varied


@pytest.fixture(scope="module")
def setting():
    return lived(small()).setting


def of_paragraph(gains, setting, name):
    return gains[0, :, setting.levers.paragraphs.index(name)]


def test_gains_grow_with_the_size_of_the_lever(setting):
    """This lever costs nothing, so that its gain is in proportion to its size."""
    doubled = lived(varied({"levers.transfer_cost": -0.54})).setting
    for name in ("own_gain", "joint_gain"):
        once, twice = (of_paragraph(getattr(s.actors, name), s, "transfer_cost") for s in (setting, doubled))
        np.testing.assert_allclose(twice, 2.0 * once, rtol=1e-9)
        other = [of_paragraph(getattr(s.actors, name), s, "equal_pay") for s in (setting, doubled)]
        np.testing.assert_array_equal(*other)


def test_cheaper_transfers_are_worth_most_to_receivers(setting):
    gain = of_paragraph(setting.actors.joint_gain, setting, "transfer_cost")
    states = setting.states
    assert gain[states.index("LBN")] > gain[states.index("USA")]
    assert gain[states.index("PHL")] > 0.0


def test_aid_costs_the_donor_and_helps_the_partner(setting):
    own = of_paragraph(setting.actors.own_gain, setting, "migration_aid")
    joint = of_paragraph(setting.actors.joint_gain, setting, "migration_aid")
    donor, partner = setting.states.index("DEU"), setting.states.index("MAR")
    assert own[donor] < 0.0
    assert joint[partner] > 0.0


def test_everybody_s_moving_differs_from_one_s_own(setting):
    own, joint = setting.actors.own_gain, setting.actors.joint_gain
    assert own.shape == joint.shape == (1, 24, len(setting.levers))
    assert np.isfinite(own).all()
    assert np.isfinite(joint).all()
    assert np.abs(own - joint).max() > 1e-3
    assert setting.actors.gain_scale > 0.0


def test_payoff_weighs_the_roles_and_the_lives_of_nationals():
    life = lived(small())
    world, states = life.last, life.setting.states
    selfish = utility(world, life.setting, np.zeros((1, 1)))
    np.testing.assert_allclose(
        selfish, states.host * world.gains.hosts + states.departure * world.gains.departures
    )
    caring = utility(world, life.setting, np.ones((1, 1)))
    nationals = caring - selfish
    corridors, people = life.setting.corridors, world.people.stock[0]
    mexico = states.index("MEX")
    on = corridors.of_origin[mexico]
    better = world.wellbeing.index[0][:, corridors.destination[on]] - world.wellbeing.home[0, mexico]
    first = life.worlds[0].people.emigrants[0, mexico]
    assert nationals[0, mexico] == pytest.approx((people[:, on] * better).sum() / first)


def test_nobody_s_leaving_lowers_what_a_state_has_of_its_nationals():
    """Who goes where life is better adds to it, however much better others live."""
    life = lived(small())
    world, setting = life.last, life.setting
    corridors, lives = setting.corridors, world.wellbeing

    def nationals(stock):
        there = replace(world, people=replace(world.people, stock=stock))
        return utility(there, setting, np.ones((1, 1))) - utility(there, setting, np.zeros((1, 1)))

    usual, n_checked = nationals(world.people.stock), 0
    for c in range(0, len(corridors), 29):
        origin = corridors.origin[c]
        for k in range(len(CLASSES)):
            more = world.people.stock.copy()
            more[:, k, c] += 1_000.0
            gained = lives.index[0, k, corridors.destination[c]] - lives.home[0, origin]
            change = nationals(more) - usual
            first = max(life.worlds[0].people.emigrants[0, origin], 1.0)
            assert change[0, origin] == pytest.approx(1_000.0 * gained / first, rel=1e-6, abs=1e-9)
            assert np.count_nonzero(change) == 1
            n_checked += gained > 0.0
    assert n_checked > 10


def test_payoffs_do_not_depend_on_processes_shocks_or_replicates(setting):
    calm = lived(varied({"processes": {}, "shocks.recession": None}), last=2005).setting
    many = lived(small(), (0, 3, 4)).setting
    np.testing.assert_array_equal(setting.actors.own_gain, calm.actors.own_gain)
    np.testing.assert_array_equal(setting.actors.own_gain[0], many.actors.own_gain[1])
    assert len(COEFFICIENTS) == 26


CALM: dict[str, object] = {"processes": {}, "shocks": {}}
STEP = 0.1


@pytest.fixture(scope="module")
def central():
    """The calm world of 2005 as many times over as `perturb` asks for, and what it finds there."""
    definition = varied(CALM)
    setting, world = begin(definition, (0,) * N_RUNS, 0, "central")
    concern, years = (definition.value(f"actors.interests.{name}") for name in ("concern", "horizon"))
    return setting, world, float(concern), int(years)


def gain_alone(central, coefficient, states):
    """What each of a few states gains by a unit of a coefficient when no other moves, ``(state,)``."""
    setting, world, concern, years = central
    size = np.zeros((N_RUNS, len(COEFFICIENTS), len(setting.states)))
    for run, state in enumerate(states):
        size[1 + run, coefficient, state] = STEP
    moved = replace(setting, nudge=Conditions(size, np.zeros_like(size), np.zeros_like(size)))
    for _ in range(years):
        ledger = blank_ledger((N_RUNS, len(setting.states)))
        world = live_world(replace(world, year=world.year + 1, ledger=ledger), moved)
    payoff = utility(world, setting, np.full((1, 1), concern))
    return np.array([(payoff[1 + run, state] - payoff[0, state]) / STEP for run, state in enumerate(states)])


def test_a_state_s_own_gain_is_that_of_moving_alone(central):
    """Groups of states far apart stand for each of them alone, to 0.01 percent of income a lever."""
    setting, world, concern, years = central
    table = setting.levers
    per_unit = perturb(world, setting, live_world, concern, years, STEP)
    some = [setting.states.index(code) for code in ("USA", "DEU", "TUR", "LBN", "JOR", "MEX", "ZAF", "SEN")]
    off_jointly = 0.0
    for a in np.flatnonzero(table.at_host > 0.0):
        q, size = table.coefficient[a], table.at_host[a] * abs(setting.base.lever_sizes[0, a])
        alone = gain_alone(central, q, some)
        np.testing.assert_allclose(
            size * per_unit.own_host[some, q], size * alone, atol=0.01, err_msg=table.paragraphs[a]
        )
        off_jointly = max(off_jointly, size * np.abs(per_unit.joint_host[some, q] - alone).max())
    assert off_jointly > 0.05, "everybody's moving is something else, or nothing was compared"


def test_groups_part_the_states_that_share_migrants(central):
    setting = central[0]
    group, corridors, base = far_apart(setting), setting.corridors, setting.base
    assert set(group) == set(range(N_GROUPS))
    people = base.stock[0].sum(axis=0)
    per_head = people / base.population[corridors.origin] + people / base.population[corridors.destination]

    def within(groups):
        return per_head[groups[corridors.origin] == groups[corridors.destination]].sum()

    by_turns = np.arange(len(setting.states)) % N_GROUPS
    assert within(group) < 0.2 * within(by_turns)
    closest = int(np.argmax(per_head))
    assert group[corridors.origin[closest]] != group[corridors.destination[closest]]
    other = lived(small(), (3, 4), "ranged", last=2005).setting
    np.testing.assert_array_equal(far_apart(other), group)


FREE = {"world.policy.cost_scale": 0.0}


def test_who_knows_how_gets_more_of_a_lever():
    """Gains are what a state can get with its practice of 2005."""
    able, usual = (
        lived(varied({**FREE, "world.policy.effect_without_practice": part}), last=2005)
        for part in (1.0, 0.4)
    )
    practice = usual.worlds[0].policies.practice[..., usual.setting.levers.theme]
    for name in ("own_gain", "joint_gain"):
        all_of_it, part_of_it = (getattr(life.setting.actors, name) for life in (able, usual))
        np.testing.assert_allclose(part_of_it, (0.4 + 0.6 * practice) * all_of_it, rtol=1e-9, atol=1e-15)
    assert able.setting.actors.gain_scale == usual.setting.actors.gain_scale


def test_the_scale_of_gains_is_the_mean_size_of_joint_gains():
    """Gross of costs, by states that know how."""
    able = lived(varied({**FREE, "world.policy.effect_without_practice": 1.0}), last=2005).setting.actors
    assert able.gain_scale == pytest.approx(np.abs(able.joint_gain).mean())
    dear = lived(varied({"world.policy.cost_scale": 2.0}), last=2005).setting.actors
    assert dear.gain_scale == able.gain_scale
