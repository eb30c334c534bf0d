"""The Mesa face: the same world as the engine's, agents that show it, and Mesa's own tools at work on it."""

import multiprocessing
import subprocess
import sys
import warnings
from dataclasses import fields, is_dataclass

import mesa
import numpy as np
import pytest

import migsim as ms
from migsim.ensemble.batch import run_batch
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, ScenarioError
from migsim.model import AGENT_REPORTERS, MODEL_REPORTERS
from migsim.start import begin, without_processes
from migsim.themes import THEMES
from migsim.year import live

STATES = ["BEL", "DEU", "GRC", "IND", "JOR", "LBN", "MAR", "MEX", "PHL", "SWE", "SYR", "TUR", "USA", "ZAF"]
SESSIONS = [
    {"year": 2007, "chair": "BEL", "themes": ["equal_treatment", "dev_coherence", "remittances"]},
    {"year": 2009, "chair": "GRC", "themes": ["dev_coherence", "border_security"]},
]


def small(**changes):
    """The shipped forum among a few states, with two sessions in four years."""
    few = {"states": STATES, "years.last": 2009, "processes.gfmd.sessions": SESSIONS}
    return ms.load("gfmd-2007-2015").vary("Small", few | changes)


@pytest.fixture(scope="module")
def lived():
    """A model that has lived all its years."""
    model = ms.ForumModel(small(), rng=7)
    model.run_model()
    return model


@pytest.fixture
def start_method():
    """`mesa.batch_run` changes how processes start; put it back."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def same(one, other, replicate):
    """Whether a record of one world equals one replicate of a batch, bit for bit, array by array."""
    return not list(unlike(one, other, replicate))


def unlike(one, other, replicate):
    """The fields in which a record of one world differs from one replicate of a batch."""
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if is_dataclass(a):
            yield from unlike(a, b, replicate)
        elif isinstance(a, tuple):
            if len(a) != len(b):
                yield field.name
            for one_session, other_session in zip(a, b, strict=False):
                yield from unlike(one_session, other_session, replicate)
        elif isinstance(a, np.ndarray):
            if a[0].tobytes() != np.ascontiguousarray(b[replicate]).tobytes():
                yield field.name
        elif a != b:
            yield field.name


def engine(definition, replicates, seed):
    """The worlds of the last year, with and without processes, straight from the engine."""
    setting, world = begin(definition, replicates, seed, "central")
    silent, paired = without_processes(setting), world
    for _ in range(2006, definition.spec.years.last + 1):
        world, paired = live(world, setting), live(paired, silent)
    return world, paired


def test_a_model_steps_through_the_years_before_2006_too():
    sessions = [{"year": 2003, "chair": "PHL", "themes": ["decent_work"]}]
    early = small(**{"years": {"first": 2002, "last": 2007}, "processes.gfmd.sessions": sessions})
    model = ms.ForumModel(early)
    assert (model.year, model.time) == (2001, 0.0)
    model.step()
    stock = model.figures["migrants"]
    model.step()
    assert (model.year, model.last_sessions[0].process) == (2003, "gfmd")
    assert model.figures["n_attending"] > 0.0
    assert model.figures["migrants"] != stock
    assert "year: 2003, of 2002 to 2007" in repr(model)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["year"].tolist() == list(range(2001, 2008))
    assert model.run().world["year"].tolist() == list(range(2001, 2008))


def test_every_argument_has_a_default():
    model = ms.ForumModel()
    assert (model.year, model.time, model.running) == (2005, 0.0, True)
    assert model.definition.name == "gfmd-2007-2015"
    assert model.seed == DEFAULT_SEED
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert counts[ms.HostState] + counts[ms.DepartureState] == 193
    assert counts[ms.IGO] == 14
    assert counts[ms.CivilSociety] == 12
    assert isinstance(model.scenario, mesa.model.Scenario)


def test_a_step_is_a_year_and_the_last_one_ends_the_run():
    model = ms.ForumModel(small())
    years = []
    while model.running:
        model.step()
        years.append((model.time, model.year))
    assert years == [(1.0, 2006), (2.0, 2007), (3.0, 2008), (4.0, 2009)]
    before = model.world
    with pytest.warns(UserWarning, match="ends in 2009") as caught:
        model.step()
    assert caught[0].filename == __file__
    assert model.world is before
    assert not model.running
    assert len(model.datacollector.get_model_vars_dataframe()) == 5


def test_world_and_baseline_are_those_of_the_engine(lived):
    world, paired = engine(small(), (0,), 7)
    assert same(lived.world, world, 0)
    assert same(lived.baseline, paired, 0)


def test_one_world_is_its_place_in_a_batch():
    model = ms.ForumModel(small(), rng=7, replicate=3)
    model.run_model()
    world, paired = engine(small(), (5, 3, 0), 7)
    assert same(model.world, world, 1)
    assert same(model.baseline, paired, 1)


def test_the_same_call_gives_the_same_world_and_another_seed_another(lived):
    again, typed, other = (ms.ForumModel(small(), rng=rng) for rng in (np.int64(7), "7", 8))
    for model in (again, typed, other):
        model.agents.shuffle_do("step")
        model.run_model()
    assert same(again.world, lived.world, 0)
    assert same(typed.world, lived.world, 0)
    assert not np.array_equal(other.world.policies.policy, lived.world.policies.policy)


def test_ranged_parameters_are_drawn_for_the_replicate():
    central, ranged = (ms.ForumModel(small(), parameters=spread) for spread in ("central", "ranged"))
    assert central.setting.parameters["trust.start"] != ranged.setting.parameters["trust.start"]


def test_states_show_what_the_tables_say(lived):
    states = run_batch(small(), (0,), 7, "central")["states"]
    rows = {code: row for row, code in enumerate(states["state"]) if states["year"][row] == 2009}
    names = ["population", "income", "unemployment", "immigrants", "emigrants", "inflow", "outflow", "trust"]
    names += ["remittances_received", "remittances_paid", "opinion_anti", "wellbeing", "gain", "gain_host"]
    for agent in (lived.state(iso3) for iso3 in STATES):
        row = rows[agent.iso3]
        for name in [*names, "gain_departure", "protection_of_nationals"]:
            assert type(getattr(agent, name)) is float
            np.testing.assert_array_equal(getattr(agent, name), states[name][row])
        for name in ("policy", "position"):
            assert getattr(agent, name) == {theme: states[f"{name}_{theme}"][row] for theme in THEMES}
        for name in ("pro", "ambivalent", "anti"):
            assert agent.opinion[name] == states[f"opinion_{name}"][row]
        assert sum(agent.opinion.values()) == pytest.approx(1.0)
        assert agent.host + agent.departure + agent.transit == pytest.approx(1.0)
        assert isinstance(agent, ms.HostState) == (agent.host >= agent.departure)
        for shares in (agent.practice, agent.knowledge, agent.attention):
            assert tuple(shares) == THEMES
            assert all(0.0 <= share <= 1.0 for share in shares.values())


def test_attendance_is_that_of_the_last_session():
    model = ms.ForumModel(small())
    model.step()
    assert not any(model.agents.select(agent_type=ms.HostState).get("attended"))
    model.step()
    came = {agent.iso3: agent.attended for agent in map(model.state, STATES)}
    assert came["BEL"]
    assert list(came.values()) == (model.world.minutes[0].attended[0] > 0.0).tolist()


def test_attendance_is_remembered_in_years_without_a_session():
    model = ms.ForumModel(small())
    model.run_for(2)
    came = model.agents_by_type[ms.DepartureState].get("attended")
    model.step()
    assert model.world.minutes == ()
    assert model.agents_by_type[ms.DepartureState].get("attended") == came
    assert any(came)


def test_views_hold_no_copies(lived):
    model = ms.ForumModel(small(), rng=7)
    mexico = model.state("MEX")
    before = mexico.income
    model.run_model()
    assert mexico.income == lived.state("MEX").income != before
    with pytest.raises(AttributeError):
        mexico.income = 1.0


def test_verbs_of_agent_sets_work(lived):
    hosts = lived.agents_by_type[ms.HostState]
    departures = lived.agents_by_type[ms.DepartureState]
    assert sorted(hosts.get("iso3") + departures.get("iso3")) == STATES
    assert 0.0 < hosts.agg("trust", np.mean) < 1.0
    assert "DEU" in lived.agents.select(lambda agent: isinstance(agent, ms.HostState)).get("iso3")
    assert hosts.select(lambda agent: agent.income > 1e4)
    assert departures.sort("emigrants").get("iso3")[0] in STATES
    assert set(hosts.groupby("region").groups) <= {state.region for state in hosts}
    assert len(lived.agents.do("step").map(repr)) == len(STATES) + 14 + 12


def test_organisations_and_civil_society_show_what_they_ask_for(lived):
    organisations = {agent.name: agent for agent in lived.agents_by_type[ms.IGO]}
    ilo = organisations["ILO"]
    assert ilo.practice["decent_work"] > organisations["WTO"].practice["decent_work"]
    assert ilo.knowledge["decent_work"] > organisations["WTO"].knowledge["decent_work"]
    assert tuple(ilo.position) == tuple(ilo.salience) == THEMES
    weights = lived.agents_by_type[ms.CivilSociety].get("weight")
    assert max(weights) == 1.0
    assert min(weights) < 1.0


def test_an_unknown_state_is_answered_with_a_remedy(lived):
    with pytest.raises(InputError, match=r"found 'MEXX'.*MEX"):
        lived.state("MEXX")
    with pytest.raises(InputError, match="FRA"):
        lived.state("FRA")


def test_the_collector_holds_the_base_year_and_every_year(lived):
    frame = lived.datacollector.get_model_vars_dataframe()
    assert tuple(frame.columns) == MODEL_REPORTERS
    assert frame["year"].tolist() == [2005, 2006, 2007, 2008, 2009]
    world = run_batch(small(), (0,), 7, "central")["world"]
    for name in MODEL_REPORTERS:
        np.testing.assert_array_equal(frame[name], world[name])
    assert frame.loc[0, "weakest"] == 0.0
    agents = lived.datacollector.get_agent_vars_dataframe()
    assert tuple(agents.columns) == tuple(AGENT_REPORTERS)
    assert len(agents) == 5 * len(lived.agents)
    mexico = agents.xs(lived.state("MEX").unique_id, level="AgentID")
    assert mexico["own_trust"].iloc[-1] == lived.state("MEX").trust
    assert not set(MODEL_REPORTERS) & set(AGENT_REPORTERS), "batch_run would overwrite one with the other"


def test_the_triple_win_is_the_one_of_the_year(lived):
    win = lived.triple_win
    assert win.index.tolist() == ["migrants", "hosts", "departures", "weakest"]
    assert win.columns.tolist() == ["gain", "unit", "gain_sd"]
    assert win.loc["weakest", "gain_sd"] == win["gain_sd"].iloc[:3].min()
    assert win.loc["hosts", "gain"] == lived.figures["gain_hosts"] != 0.0


def test_run_gives_the_whole_run_of_this_world(lived):
    model = ms.ForumModel(small(), rng=7)
    model.step()
    run = model.run()
    world = run.table("world")
    assert (run.n_replicates, run.seed, run.parameters) == (1, 7, "central")
    assert world["year"].tolist() == [2005, 2006, 2007, 2008, 2009]
    assert world["weakest"].iloc[-1] == lived.figures["weakest"]
    assert model.year == 2006
    assert ms.ForumModel(small(), rng=7, replicate=3).run().table("world")["replicate"].unique().tolist() == [
        3
    ]


def test_a_model_without_processes_gains_exactly_nothing():
    model = ms.ForumModel(small(), settings={"processes": {}})
    model.run_model()
    assert (model.triple_win["gain"] == 0.0).all()
    assert same(model.world, model.baseline, 0)


def test_settings_change_the_scenario_and_say_so():
    model = ms.ForumModel(small(), settings={"processes.gfmd.max_themes": 1})
    assert model.definition.value("processes.gfmd.max_themes") == 1
    assert model.definition.name == "small-with-max_themes-1"
    model.run_for(2)
    assert model.figures["n_on_agenda"] == 1.0
    assert ms.ForumModel(small(), settings={}).definition == small()


@pytest.mark.parametrize("settings", [{"processes.gfmd.max_theme": 1}, {"processes.gfmd.max_themes": 0}])
def test_settings_are_checked_like_a_file(settings):
    with pytest.raises(ScenarioError, match="max_theme"):
        ms.ForumModel(small(), settings=settings)


@pytest.mark.parametrize(
    "arguments",
    [
        {"settings": "processes.gfmd.max_themes"},
        {"settings": 3},
        {"rng": -1},
        {"rng": 1.5},
        {"rng": "seven"},
        {"rng": np.random.Generator(np.random.PCG64(1))},
        {"replicate": -1},
        {"parameters": "wide"},
    ],
)
def test_arguments_that_cannot_be_used_are_answered_with_what_can(arguments):
    with pytest.raises(InputError, match=rf"{next(iter(arguments))}: found .* allowed"):
        ms.ForumModel(small(), **arguments)


def test_a_file_is_a_definition(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: gfmd-2007-2015\nyears: {last: 2020}\n", encoding="utf-8")
    assert ms.ForumModel(path).last_year == ms.ForumModel(str(path)).last_year == 2020


def test_a_behaviour_changes_what_one_state_does(lived):
    class Aloof(ms.Behaviour):
        def attends(self, delegation):
            return False

    class Generous(ms.Behaviour):
        def acts(self, delegation):
            return 1.0

    definition = small().with_behaviour("BEL", Aloof()).with_behaviour("IND", Generous())
    model = ms.ForumModel(definition, rng=7, settings={"processes.gfmd.max_themes": 2})
    model.run_for(2)
    assert not model.state("BEL").attended
    assert model.state("IND").attended == bool(model.world.minutes[0].attended[0, STATES.index("IND")])
    plain = ms.ForumModel(small(), rng=7, settings={"processes.gfmd.max_themes": 2})
    plain.run_for(2)
    assert plain.state("BEL").attended
    assert plain.state("IND").policy != model.state("IND").policy


def test_a_repr_is_short_and_says_what_it_is(lived):
    lines = repr(lived).splitlines()
    assert len(lines) <= 12
    assert "2009" in repr(lived)
    assert repr(lived.state("MEX")).startswith("DepartureState MEX (Mexico)")


def batched(number_processes):
    """What `mesa.batch_run` makes of two settings and two replicates."""
    settings = [None, {"processes.gfmd.max_themes": 1}]
    parameters = {"definition": small(), "settings": settings, "replicate": range(2)}
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        warnings.simplefilter("error", FutureWarning)
        return mesa.batch_run(  # noqa: TID251
            ms.ForumModel, parameters, number_processes=number_processes, rng=[7], display_progress=False
        )


@pytest.mark.usefixtures("start_method")
def test_mesa_runs_batches_of_it(lived):
    rows = batched(1)
    n_agents = len(lived.agents)
    assert len(rows) == 4 * n_agents
    assert rows[0]["settings"] is None
    assert rows[0]["weakest"] == lived.figures["weakest"]
    assert {row["year"] for row in rows} == {2009}
    assert rows[0]["weakest"] != rows[2 * n_agents]["weakest"]
    in_two = sorted(batched(2), key=lambda row: row["RunId"])
    kept = ("RunId", "AgentID", "settings", *MODEL_REPORTERS)
    assert [[row[name] for name in kept] for row in in_two] == [[row[name] for name in kept] for row in rows]


def test_settings_may_be_pairs_so_that_results_can_be_grouped():
    model = ms.ForumModel(small(), settings=(("processes.gfmd.max_themes", 1),))
    assert model.definition.value("processes.gfmd.max_themes") == 1
    assert model.definition.hash == small(**{"processes.gfmd.max_themes": 1}).hash


def test_importing_the_model_loads_no_browser_page():
    code = "import migsim.model, sys; sys.exit(bool({'mesa.visualization', 'solara'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], timeout=120, check=False).returncode == 0


def test_a_solara_page_can_be_made_of_it():
    solara = pytest.importorskip("solara")
    pytest.importorskip("altair")
    from mesa.visualization import Slider, SolaraViz, make_plot_component

    model = ms.ForumModel(small())
    page = SolaraViz(
        model,
        components=[make_plot_component(["gain_hosts", "gain_departures"], backend="matplotlib")],
        model_params={"definition": model.definition, "rng": Slider("Seed", value=7, min=0, max=99, step=1)},
    )
    box, rendered = solara.render(page, handle_error=False)
    assert box.children
    rendered.close()
