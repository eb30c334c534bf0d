"""The years up to 2005 are recalled, and end in the year from which every other run starts."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.ensemble.batch import run_batch
from migsim.facts import complete, dollar_of, load
from migsim.scenario.load import load as load_scenario
from migsim.world.earlier import between, recall
from migsim.world.opinion import OpinionParameters
from tests.lives import arrays, differing, lived, paired, varied

FACTS, COMPLETED = load(), complete(load())
EVERYBODY = "gfmd-2007-2015"
SESSIONS = [
    {"year": 2001, "chair": "BEL", "themes": ["remittances", "equal_treatment"]},
    {"year": 2003, "chair": "PHL", "themes": ["decent_work", "legal_mobility"]},
]
EARLY = {"years.first": 2001, "processes.gfmd.sessions": SESSIONS}
SILENT: dict[str, object] = {"processes": {}}


@pytest.fixture(scope="module")
def world_of_2000():
    definition = load_scenario(EVERYBODY).vary("early", {"years": {"first": 2001, "last": 2005}, **SILENT})
    return lived(definition, (0, 1), "ranged")


@pytest.fixture(scope="module")
def met():
    """Two sessions before the base year, with and without."""
    return lived(varied(EARLY), (0, 1), "ranged"), paired(varied(EARLY), (0, 1), "ranged")


@pytest.mark.parametrize("spread", ["central", "ranged"])
@pytest.mark.parametrize("first", [2001, 2004, 2005])
def test_the_world_without_processes_is_that_of_a_later_start(first, spread):
    late = lived(varied(SILENT), (0, 3), spread)
    early = lived(varied({**SILENT, "years.first": first}), (0, 3), spread)
    assert early.worlds[0].year == first - 1
    for year in range(2005, 2010):
        assert differing(late.at(year), early.at(year)) == set()


def test_all_states_too_come_to_the_same_year(world_of_2000):
    late = load_scenario(EVERYBODY).vary("late", {"years.last": 2006, **SILENT})
    assert differing(lived(late, (0, 1), "ranged").at(2005), world_of_2000.at(2005)) == set()
    assert differing(world_of_2000.at(2004), world_of_2000.at(2005))


def test_the_pair_of_a_run_with_early_sessions_too(met):
    late = lived(varied(SILENT), (0, 1), "ranged")
    for year in (2005, 2006, 2009):
        silent = met[1].at(year)
        # Both have a place for each process of the scenario, and in neither does one meet.
        assert not np.isfinite(silent.proceedings.last_met).any()
        assert not differing(replace(late.at(year), proceedings=silent.proceedings), silent)


def test_2000_is_as_the_figures_say(world_of_2000):
    world, setting = world_of_2000.at(2000), world_of_2000.setting
    corridors = setting.corridors
    place = {pair: c for c, pair in enumerate(zip(corridors.origin, corridors.destination, strict=True))}
    for row, pair in enumerate(zip(FACTS.corridor_origin, FACTS.corridor_destination, strict=True)):
        stocks = FACTS.corridor_stock[row, :2]
        if stocks.any():
            assert world.people.everybody[0, place[pair]] == pytest.approx(stocks[0], abs=1e-6)
    np.testing.assert_array_equal(world.people.population[1], FACTS.population[:, FACTS.year(2000)])
    np.testing.assert_allclose(world.people.immigrants[0], COMPLETED.immigrants[:, 0], atol=1e-6)
    known = ~np.isnan(FACTS.remittances_received[:, 0]) & ~COMPLETED.imputed_remittances
    in_dollars_of_2005 = FACTS.remittances_received[known, 0] / dollar_of(2000)
    np.testing.assert_allclose(world.transfers.received[0, known], in_dollars_of_2005)
    assert known.sum() > 100
    sent = corridors.by_origin(world.transfers.sent)
    assert np.all(sent <= world.transfers.received * (1.0 + 1e-9) + 1e-6)
    assert sent.sum() > 0.9 * world.transfers.received.sum()


def test_incomes_grow_as_the_panel_says_and_unemployment_is_as_known(world_of_2000):
    years = list(COMPLETED.growth_years)
    for year in range(2001, 2006):
        before, after = (world_of_2000.at(y).economies.income[0] for y in (year - 1, year))
        np.testing.assert_allclose(
            after / before, 1.0 + COMPLETED.growth_per_head[:, years.index(year)], rtol=1e-9
        )
    recorded = FACTS.unemployment[:, FACTS.year(2002)] / 100.0
    modelled = world_of_2000.at(2002).economies.unemployment[0]
    known = ~np.isnan(recorded)
    np.testing.assert_allclose(modelled[known], recorded[known])
    np.testing.assert_allclose(modelled[~known], COMPLETED.unemployment_2005[~known] / 100.0)
    assert 50 < known.sum() < known.size


def test_people_move_along_straight_lines(world_of_2000):
    for name in ("stock", "population", "immigrants"):
        course = np.stack([getattr(world_of_2000.at(y).people, name) for y in range(2000, 2006)])
        np.testing.assert_allclose(np.diff(course, n=2, axis=0), 0.0, atol=1e-6 * course.max())
        assert course.min() >= 0.0
        assert not np.array_equal(course[0], course[5])
    for year in range(2000, 2006):
        people = world_of_2000.at(year).people
        np.testing.assert_allclose(people.hosted.sum(axis=(-2, -1)), people.everybody.sum(axis=-1))


def test_the_line_ends_in_2005_to_the_last_bit():
    before, after = np.array([0.1, 3.0, 0.0]), np.array([0.3, 1.0 / 3.0, 0.0])
    np.testing.assert_array_equal(between(before, after, 2000), before)
    np.testing.assert_array_equal(between(before, after, 2005), after)
    np.testing.assert_array_equal(between(before, after, 2012), after)
    np.testing.assert_allclose(between(before, after, 2002), 0.6 * before + 0.4 * after)


def test_sessions_move_opinion_and_policy_but_not_people_or_incomes(met):
    forum, silent = met
    for year in range(2001, 2006):
        different = differing(forum.at(year), silent.at(year))
        assert {"policies.policy", "policies.practice", "commitments.trust"} <= different
        assert not {name for name in different if name.split(".")[0] in ("people", "economies", "transfers")}
        assert "conditions.host" not in different
    assert "conditions.host" in differing(forum.at(2006), silent.at(2006))
    assert "people.stock" in differing(forum.at(2006), silent.at(2006))


def test_only_texts_move_policy_before_2006(met):
    forum, silent = met
    start = silent.at(2000).policies
    for year in range(2001, 2006):
        for name in ("policy", "practice", "ideal"):
            np.testing.assert_array_equal(getattr(silent.at(year).policies, name), getattr(start, name))
    unpledged = forum.at(2005).commitments.pledged == 0.0
    np.testing.assert_array_equal(forum.at(2005).policies.policy[unpledged], start.policy[unpledged])
    assert not np.array_equal(silent.at(2006).policies.policy, start.policy)
    assert not np.array_equal(silent.at(2006).policies.practice, start.practice)


def test_attention_of_a_session_fades(met):
    forum, silent = met
    over = [
        (forum.at(y).opinions.attention - silent.at(y).opinions.attention).sum(axis=(-2, -1))
        for y in range(2000, 2006)
    ]
    fades = forum.setting.parameters["world.opinion.attention_fades"][:, 0]
    assert np.all(over[0] == 0.0)
    assert np.all(over[1] > 0.0)
    for year in (2, 4, 5):
        np.testing.assert_allclose(over[year], (1.0 - fades) * over[year - 1], rtol=1e-6)
    assert np.all(over[3] > over[2])


def test_opinion_goes_back_to_that_of_2005():
    life = lived(varied({**SILENT, "years.first": 2001}), (0, 1), "ranged")
    before = replace(life.at(2002), year=2003)
    turned = replace(
        before.opinions, anti=before.opinions.anti + 0.1, ambivalent=before.opinions.ambivalent - 0.1
    )
    after = recall(replace(before, opinions=turned), life.setting).opinions
    p = life.setting.parameters.group(OpinionParameters, "world.opinion")
    left = np.broadcast_to(0.1 * (1.0 - 1.0 / np.maximum(p.habituation, 1.0)), after.anti.shape)
    np.testing.assert_allclose(after.anti - life.setting.base.opinions.anti, left)
    np.testing.assert_allclose(after.pro + after.ambivalent + after.anti, 1.0)


def test_shocks_of_the_base_year_strike_no_sooner_than_in_other_runs():
    shocks = {
        "shocks.early": {
            "kind": "attention", "states": "all", "theme": "border_security", "change": {"2005": 0.9},
        },
        "shocks.slump": {"kind": "growth", "states": "all", "change": {"2005": -20}},
    }  # fmt: skip
    struck = lived(varied({**SILENT, **shocks, "years.first": 2001}), (0,))
    spared = lived(varied({**SILENT, "years.first": 2001}), (0,))
    for year in range(2000, 2010):
        assert differing(struck.at(year), spared.at(year)) == set()


def test_no_outer_process_is_drawn_before_2006():
    life = lived(varied({**SILENT, "years.first": 2001, "uptake.level": 5.0}), (0, 1))
    assert not any(life.at(year).uptake.any() for year in range(2000, 2006))
    assert life.at(2006).uptake.all()


def test_payoffs_and_units_do_not_hang_on_the_first_year(met):
    early, late = met[0].setting, lived(varied({}), (0, 1), "ranged").setting
    for name in ("own_gain", "joint_gain", "first_policy", "stance"):
        np.testing.assert_array_equal(getattr(early.actors, name), getattr(late.actors, name))
    assert early.actors.gain_scale == late.actors.gain_scale
    for name in ("migrants", "hosts", "departures"):
        np.testing.assert_array_equal(getattr(early.units, name), getattr(late.units, name))


def test_a_world_is_the_same_in_any_batch():
    batch = lived(varied(EARLY), (0, 1, 2), "ranged")
    alone = lived(varied(EARLY), (2,), "ranged")
    for year in (2000, 2003, 2005, 2009):
        by_name = dict(arrays(alone.at(year)))
        for name, values in arrays(batch.at(year)):
            np.testing.assert_array_equal(values[2:], by_name[name], err_msg=f"{name} {year}")


def test_tables_begin_before_the_first_year_and_have_its_totals():
    tables = run_batch(varied(EARLY), (0,), 7, "central")
    assert sorted(set(tables["world"]["year"].tolist())) == list(range(2000, 2010))
    assert sorted(set(tables["texts"]["year"].tolist())) == [2001, 2003]
    life = lived(varied(EARLY))
    first = tables["states"]["year"] == 2000
    np.testing.assert_allclose(tables["states"]["immigrants"][first], life.at(2000).people.immigrants[0])
    figures = FACTS.emigrants[life.setting.states.registered, 0]
    on_corridors = life.at(2000).people.emigrants[0]
    np.testing.assert_allclose(tables["states"]["emigrants"][first], np.maximum(figures, on_corridors))


def test_a_run_may_end_before_the_base_year():
    life = lived(varied({**EARLY, "years.last": 2003}), (0,))
    assert [world.year for world in life.worlds] == [2000, 2001, 2002, 2003]
    assert life.last.minutes[0].adopted.any()
