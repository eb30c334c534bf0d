"""Scenarios as objects: reading, varying, storing."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from migsim.actors.behaviour import Behaviour
from migsim.errors import InputError, ScenarioError
from migsim.provenance.parameters import registry
from migsim.scenario.load import load
from migsim.themes import HOOKS


@pytest.fixture(scope="module")
def gfmd():
    return load("gfmd-2007-2015")


def reloaded(scenario, folder):
    file = folder / "stored.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    return load(file)


def test_repr_tells_a_colleague_what_this_is(gfmd):
    assert len(repr(gfmd).splitlines()) <= 12
    assert "gfmd: 8 sessions (2007 to 2015)" in repr(gfmd)


def test_value_falls_back_to_the_registry(gfmd):
    for row in registry().rows:
        path = row.path.replace("*", "gfmd")
        if not gfmd.is_pinned(path):
            assert gfmd.value(path) == row.default


def test_spec_agrees_with_value(gfmd):
    assert gfmd.spec.processes["gfmd"].protocol.tolerance == gfmd.value("processes.gfmd.protocol.tolerance")
    assert gfmd.spec.years.last == 2015
    assert gfmd.spec.processes["gfmd"].sessions[4].size == 0.7


@pytest.mark.parametrize(
    "path", ["nothing", "processes.gfmd.nothing", "processes.other.max_themes", "world.flows.x", ""]
)
def test_unknown_path_has_no_value(gfmd, path):
    with pytest.raises(ScenarioError, match=r"unknown key|there are gfmd"):
        gfmd.value(path)
    with pytest.raises(ScenarioError):
        gfmd.describe(path)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("flow_up.pace.deep", "flow_up: unknown key 'flow_up'; .* did you mean follow_up"),
        ("processes.gfmd.nosuch.thing", "processes.gfmd.nosuch: unknown key 'nosuch'; known here: "),
        ("years.last.thing", "years.last.thing: unknown key 'thing'; there are no keys here"),
    ],
)
def test_of_an_unknown_path_the_first_wrong_key_is_told(gfmd, path, says):
    with pytest.raises(ScenarioError, match=says):
        gfmd.value(path)


def test_describe_a_parameter(gfmd):
    described = gfmd.vary("v", {"processes.gfmd.max_themes": 3}).describe("processes.gfmd.max_themes")
    assert (described.value, described.default, described.unit) == (3, 2, "themes")
    assert described.set_by == "vary: v"
    assert described.source
    assert len(repr(described).splitlines()) <= 12


@pytest.mark.parametrize(
    "path", ["processes.gfmd.sessions", "processes.gfmd", "world", "processes.gfmd.protocol", "shocks"]
)
def test_describe_a_group_lists_what_is_below(gfmd, path):
    described = gfmd.describe(path)
    assert described.children
    assert len(repr(described).splitlines()) <= 12


def test_describe_says_what_a_structural_key_is(gfmd):
    assert gfmd.describe("years.last").title == "Last simulated year"
    assert gfmd.describe("shocks.syria.origin").title == "The country they flee"


def test_vary_makes_another_scenario_and_leaves_this_one(gfmd):
    before = gfmd.hash
    closed = gfmd.vary("No civil society", {"processes.gfmd.civil_society": "excluded"})
    assert (closed.name, closed.title) == ("no-civil-society", "No civil society")
    assert closed.value("processes.gfmd.civil_society") == "excluded"
    assert gfmd.hash == before != closed.hash
    assert closed.is_pinned("processes.gfmd.civil_society")
    assert not gfmd.is_pinned("processes.gfmd.civil_society")


def test_vary_takes_numpy_numbers_and_lists(gfmd):
    varied = gfmd.vary(
        "n",
        {
            "world.flows.network": np.float64(0.5),
            "processes.gfmd.max_themes": np.int64(3),
            "record": ["corridors"],
        },
    )
    assert varied.value("world.flows.network") == 0.5
    assert varied.spec.record == ("corridors",)


def test_vary_can_add_and_remove_processes(gfmd):
    session = {"year": 2013, "chair": "USA", "themes": ("remittances",)}
    assert list(gfmd.vary("two", {"processes.hld": {"sessions": [session]}}).spec.processes) == [
        "gfmd",
        "hld",
    ]
    assert gfmd.vary("none", {"processes": {}}).spec.processes == {}
    assert gfmd.vary("none", {"processes.gfmd": None}).spec.processes == {}


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        b"x",
        1j,
        {"a": {None: 1}},
        [object()],
        float("nan"),
        "2",
        True,
        None,
        np.float64("inf"),
    ],
)
def test_vary_refuses_what_is_no_value_and_names_the_path(gfmd, value):
    with pytest.raises(ScenarioError, match=r"^vary: bad: processes\.gfmd\.protocol\.tolerance"):
        gfmd.vary("bad", {"processes.gfmd.protocol.tolerance": value})


def test_vary_refuses_a_bottomless_value(gfmd):
    value = {}
    value["again"] = value
    with pytest.raises(ScenarioError):
        gfmd.vary("bad", {"world": value})


def test_vary_refuses_a_path_of_too_many_names(gfmd):
    with pytest.raises(ScenarioError, match=r"^vary: deep: path .* of 5000 names; at most 30"):
        gfmd.vary("deep", {".".join("a" * 5000): 1})


def test_vary_refuses_a_number_too_long_to_show(gfmd):
    with pytest.raises(ScenarioError, match="a value of type int"):
        gfmd.vary("long", {"years.last": 10**5000})


def test_vary_refuses_half_a_character(gfmd):
    with pytest.raises(ScenarioError, match=r"convener: '\\ud800'; printable text; delete the half"):
        gfmd.vary("half", {"processes.gfmd.convener": "\ud800"})
    with pytest.raises(ScenarioError, match=r"^vary: a\\ud800b: title: "):
        gfmd.vary("a\ud800b", {})


def test_vary_refuses_what_is_no_title_or_no_mapping(gfmd):
    with pytest.raises(InputError, match="title: found 5; allowed is a text"):
        gfmd.vary(5, {})
    with pytest.raises(InputError, match="values: found a list; allowed is a mapping"):
        gfmd.vary("list", ["years.last"])


def test_vary_needs_a_title(gfmd):
    with pytest.raises(ScenarioError, match="title"):
        gfmd.vary("?!", {})


def test_fractions_are_numbers(gfmd):
    assert gfmd.vary("f", {"world.flows.network": Fraction(1, 2)}).value("world.flows.network") == 0.5


def test_specification_is_frozen(gfmd):
    with pytest.raises(ValidationError, match="frozen"):
        gfmd.spec.years.last = 2020
    with pytest.raises(AttributeError):
        gfmd.content = {}


def test_behaviour_is_replaced_by_state(gfmd):
    first, second, third = Behaviour(), Behaviour(), Behaviour()
    changed = gfmd.with_behaviour("MEX", first).with_behaviour("BEL", second).with_behaviour("MEX", third)
    assert changed.behaviours == (("BEL", second), ("MEX", third))
    assert changed != gfmd
    assert changed.vary("v", {}).behaviours == changed.behaviours
    for unknown in ("Mexico", "mex", None, ["MEX"]):
        with pytest.raises(ScenarioError, match="unknown state"):
            gfmd.with_behaviour(unknown, first)


def made(**members):
    """An object with some methods and no base class."""
    return type("Own", (), members)()


def answer(self, delegation):
    return None


def test_the_hooks_are_those_of_the_base_class():
    assert set(HOOKS) == {name for name in vars(Behaviour) if not name.startswith("_")}


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (Behaviour, r"the class Behaviour; .*write Behaviour\(\)"),
        (object(), r"a object without any hook; hooks are position, .*subclass migsim\.Behaviour"),
        ("attends", "a str without any hook"),
        (None, "a NoneType without any hook"),
        (made(_attends=answer), "without any hook"),
        (made(attend=answer), r"Own\.attend; hooks are .*did you mean attends\?"),
        (made(attends=answer, Position=answer), r"did you mean position\?"),
        (made(attends=answer, postion=answer), r"did you mean position\?"),
        (made(attends=answer, act=staticmethod(answer)), r"did you mean acts\?"),
        (made(attends=answer, offer=classmethod(answer)), r"did you mean offers\?"),
        (made(attends=answer, objection=answer), r"did you mean objects\?"),
        (made(attends=answer, offers=20.0), r"Own\.offers = 20\.0; allowed is a method"),
    ],
)
def test_what_is_no_behaviour_is_refused(gfmd, behaviour, said):
    with pytest.raises(InputError, match=f"^behaviour of ESP: found .*{said}"):
        gfmd.with_behaviour("ESP", behaviour)


def test_a_behaviour_may_have_helpers(gfmd):
    own = made(attends=answer, _attend=answer, budget_of=answer, offer=3.0, acting=property(lambda _: 1 / 0))
    assert gfmd.with_behaviour("ESP", own).behaviours == (("ESP", own),)


def test_scenario_travels_between_processes(gfmd):
    varied = gfmd.vary("v", {"processes.gfmd.max_themes": 3})
    assert varied.spec.years.last == 2015
    arrived = pickle.loads(pickle.dumps(varied))
    assert arrived == varied
    assert arrived.hash == varied.hash
    assert arrived.spec.model_dump() == varied.spec.model_dump()


def test_stored_scenario_reloads_equal(gfmd, tmp_path):
    for scenario in (
        gfmd,
        gfmd.vary("v", {"world.flows.network": 1, "processes.gfmd.switches.texts": False}),
    ):
        again = reloaded(scenario, tmp_path)
        assert again == scenario
        assert again.hash == scenario.hash
        assert again.resolved() == scenario.resolved()


def test_hash_ignores_labels_and_places_but_not_values(gfmd, tmp_path):
    assert reloaded(gfmd.vary("renamed", {}), tmp_path).hash == gfmd.hash
    assert gfmd.vary("v", {"years.last": 2016}).hash != gfmd.hash
    # A pinned default is held when parameters are ranged, so it is another scenario.
    assert gfmd.vary("v", {"processes.gfmd.max_themes": 2}).hash != gfmd.hash


def test_resolved_holds_every_parameter(gfmd):
    resolved = gfmd.resolved()
    for row in registry().rows:
        found = resolved
        path = row.path.replace("*", "gfmd")
        for name in path.split("."):
            found = found[name]
        assert found == gfmd.value(path), path


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(st.characters().filter(str.isprintable), max_size=60),
    network=st.floats(-10, 10),
    year=st.integers(2005, 2050),
    persons=st.integers(0, 10**9),
)
def test_any_variation_stores_and_reloads(gfmd, tmp_path_factory, title, network, year, persons):
    values = {
        "world.flows.network": network,
        "shocks.other": {"kind": "displacement", "origin": "SYR", "refugees_abroad": {year: persons}},
    }
    varied = gfmd.vary(f"a{title}", values)
    assert reloaded(varied, tmp_path_factory.mktemp("stored")) == varied


def test_a_run_may_be_cut_short_before_its_last_sessions(gfmd):
    short = gfmd.vary("Short", {"years.last": 2009})
    assert short.spec.years.last == 2009
    assert short.spec.processes["gfmd"].sessions == gfmd.spec.processes["gfmd"].sessions
