"""The same world whoever else is in the batch, however the states are listed, and whenever the run ends."""

from dataclasses import fields

import numpy as np
import pytest

from migsim.ensemble.batch import KEYS, run_batch
from migsim.scenario.load import load
from migsim.world.state import Proceedings
from tests.lives import SEED, SMALL, arrays, differing, lived, small, varied

BATCH = tuple(range(16))
ORDER = sorted(small().spec.states, key=lambda code: code[::-1])
"""The states by the last letters of their codes: no rotation or mirror image of the usual order."""


def rows_of(table, replicate):
    here = table["replicate"] == replicate
    return {name: column[here] for name, column in table.items()}


def same(one, other):
    if one.dtype.kind == "f":
        return np.array_equal(one, other, equal_nan=True)
    return np.array_equal(one, other)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"processes.gfmd.agenda": "survey", "processes.gfmd.max_themes": 3},
        {"processes.gfmd.who_can_block": "regional_groups", "processes.gfmd.civil_society": "common_space"},
    ],
    ids=["given agenda", "surveyed agenda", "regional groups"],
)
def test_one_world_is_its_place_in_any_batch(changes):
    definition = varied(changes)
    among = run_batch(definition, BATCH, SEED, "ranged")
    few = run_batch(definition, (3, 5, 9), SEED, "ranged")
    alone = run_batch(definition, (5,), SEED, "ranged")
    assert set(among) == set(KEYS)
    for name, table in alone.items():
        for other in (among, few):
            rows = rows_of(other[name], 5)
            assert list(rows) == list(table)
            differ = [column for column in table if not same(table[column], rows[column])]
            assert not differ, f"{name}: {differ}"


def test_replicates_differ():
    world = run_batch(small(), (0, 1), SEED, "central")["world"]
    last = world["year"] == 2009
    assert np.ptp(world["migrants"][last]) > 0.0
    assert np.ptp(world["n_attending"][world["year"] == 2007]) + np.ptp(world["trust"][last]) > 0.0


def test_a_run_is_the_same_twice_and_another_with_another_seed():
    one, two, other = (run_batch(small(), (0,), seed, "ranged") for seed in (SEED, SEED, SEED + 1))
    for name, table in one.items():
        assert all(same(table[column], two[name][column]) for column in table)
    assert not same(one["world"]["migrants"], other["world"]["migrants"])


def test_years_do_not_depend_on_when_the_run_ends():
    sessions = load(SMALL).content["processes"]["gfmd"]["sessions"]
    early = lived(
        varied({"years.last": 2008, "processes.gfmd.sessions": list(sessions[:2])}), (0, 1), "ranged"
    )
    late = lived(small(), (0, 1), "ranged")
    for year in range(2005, 2009):
        assert not differing(early.at(year), late.at(year))


def reordered_states(definition, codes):
    return definition.vary("reordered", {"states": codes})


def by_state(life):
    """Every array of the last world that has a state axis, with the states in alphabetical order."""
    order = np.argsort(life.setting.states.iso3)
    n = len(order)
    for name, values in arrays(life.last):
        axes = [axis for axis, length in enumerate(values.shape) if axis > 0 and length == n]
        if axes:
            yield name, np.take(values, order, axis=axes[-1])


@pytest.mark.parametrize("changes", [{}, {"processes.gfmd.agenda": "survey"}], ids=["given", "survey"])
def test_the_order_in_which_states_are_listed_does_not_matter(changes):
    definition = varied(changes)
    one = lived(definition, (0, 1), "ranged")
    other = lived(reordered_states(definition, ORDER), (0, 1), "ranged")
    assert other.setting.states.iso3 == tuple(ORDER)
    others = dict(by_state(other))
    n_compared = 0
    for name, values in by_state(one):
        if name.startswith(("people.stock", "people.flow", "people.returns", "transfers.sent")):
            continue
        scale = np.abs(values).max(initial=0.0) or 1.0
        assert np.abs(values - others[name]).max(initial=0.0) < 1e-9 * scale, name
        n_compared += 1
    assert n_compared > 40
    for one_session, other_session in zip(one.last.minutes, other.last.minutes, strict=True):
        np.testing.assert_allclose(one_session.draft, other_session.draft, rtol=1e-9)
        np.testing.assert_allclose(one_session.position, other_session.position, rtol=1e-9)


def test_compared_scenarios_share_their_noise():
    """What a scenario does without leaves every other draw as it was."""
    one = lived(small(), BATCH, "ranged")
    other = lived(
        varied({"processes.gfmd.protocol.tolerance": 0.3, "processes.gfmd.report.chair_cost": 9.0}),
        BATCH,
        "ranged",
    )
    np.testing.assert_array_equal(one.at(2007).minutes[0].attended, other.at(2007).minutes[0].attended)
    np.testing.assert_array_equal(one.at(2007).people.stock, other.at(2007).people.stock)
    np.testing.assert_array_equal(one.at(2009).economies.path, other.at(2009).economies.path)


def test_a_second_process_leaves_the_draws_of_the_first_alone():
    dialogue = {"sessions": [{"year": 2006, "chair": "SWE", "themes": ["remittances"]}]}
    quiet = {
        f"switches.{name}": False
        for name in ("texts", "practice", "trust", "attention", "marketplace", "costs", "backlash")
    }
    more = varied(
        {"processes.dialogue": dialogue}
        | {f"processes.dialogue.{path}": value for path, value in quiet.items()}
    )
    one, other = lived(small(), (0, 1), "ranged"), lived(more, (0, 1), "ranged")
    assert [len(world.minutes) for world in other.worlds] == [0, 1, 1, 1, 1]
    assert differing(one.last, other.last) <= {f"proceedings.{field.name}" for field in fields(Proceedings)}
