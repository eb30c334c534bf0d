"""From a scenario to a world ready to run."""

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.facts import load
from migsim.scenario.load import load as load_scenario
from migsim.start import begin, without_processes
from tests.lives import lived, small, varied


def test_the_run_begins_at_the_end_of_2005_in_the_order_of_the_scenario():
    life = lived(small(), (0, 4), "ranged", last=2005)
    assert life.worlds[0].year == 2005
    assert life.setting.states.iso3 == tuple(small().spec.states)
    assert life.setting.n_replicates == 2
    facts = load()
    assert [facts.iso3[n] for n in life.setting.states.registered] == list(small().spec.states)


def test_all_states_stand_in_iso_order():
    states = lived(load_scenario("gfmd-2007-2015"), last=2005).setting.states
    assert states.iso3 == tuple(sorted(states.iso3))
    assert len(states) == 193


def test_the_pair_differs_in_its_processes_alone():
    setting = lived(small(), (0, 1), "ranged", last=2005).setting
    silent = without_processes(setting)
    assert silent.definition.spec.processes == {}
    assert setting.definition.spec.processes
    assert silent.parameters is setting.parameters
    assert silent.base is setting.base
    assert silent.actors is setting.actors
    assert silent.noise is setting.noise


def test_corridors_join_states_of_the_run_once():
    for definition in (small(), load_scenario("gfmd-2007-2015")):
        corridors = lived(definition, last=2005).setting.corridors
        pairs = set(zip(corridors.origin.tolist(), corridors.destination.tolist(), strict=True))
        assert len(pairs) == len(corridors)
        assert all(origin != destination for origin, destination in pairs)
        assert np.all(corridors.distance > 0.0)


def test_what_lies_between_two_states_lies_between_them_both_ways():
    corridors = lived(load_scenario("gfmd-2007-2015"), last=2005).setting.corridors
    ends = corridors.origin.tolist(), corridors.destination.tolist()
    place = {pair: c for c, pair in enumerate(zip(*ends, strict=True))}
    for marks in (corridors.border, corridors.crossing, corridors.closed):
        assert set(np.unique(marks)) == {0.0, 1.0}
        for (origin, destination), c in place.items():
            back = place.get((destination, origin))
            assert back is None or marks[back] == marks[c]
    assert not np.any(corridors.border * corridors.closed)


def test_policy_of_2005_is_a_share_of_what_the_stances_ask():
    life = lived(varied({"world.policy.start": 0.7}), last=2005)
    stance = life.setting.actors.stance[..., life.setting.levers.theme]
    np.testing.assert_allclose(
        life.worlds[0].policies.policy, np.broadcast_to(0.7 * stance, life.worlds[0].policies.policy.shape)
    )


def test_states_between_which_nobody_moves_are_refused():
    alone = load_scenario("gfmd-2007-2015").vary(
        "Alone", {"states": ["TUV", "SMR"], "processes": {}, "shocks": {}}
    )
    with pytest.raises(InputError, match="no migrants are recorded between these states"):
        begin(alone, (0,), 1)
