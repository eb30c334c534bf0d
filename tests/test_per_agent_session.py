"""A session of the engine against the executable specification: states as agents, one number at a time."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import migsim
from benchmarks.per_agent.hearing import survey as survey_of
from benchmarks.per_agent.session import PerAgentSession
from migsim.actors.interests import form_interests
from migsim.forum.agenda import survey
from migsim.forum.attendance import AttendanceParameters, eagerness
from migsim.forum.between import work_between_sessions
from migsim.forum.calendar import in_session, open_session
from migsim.forum.follow_up import follow_up
from migsim.forum.process import SESSION
from migsim.forum.session import Session
from migsim.forum.trust import build_trust
from migsim.start import begin
from migsim.world.accounts import blank_ledger
from migsim.world.corridors import Array
from migsim.world.parameters import Spread
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import THEMES
from migsim.year import WORLD_PHASES, live
from tests.lives import SEED

CLOSE = 1e-9
YEARS = (2007, 2008, 2010)
GFMD = "gfmd-2007-2015"
FORUM = "processes.gfmd."
CONTRARY: dict[str, object] = {
    "reading": "chair_summary",
    "civil_society": "common_space",
    "organisations": "with_civil_society",
    "funding": "contributions",
    "agenda": "survey",
    "max_themes": 3,
    "agenda_rule.least_interest": 0.1,
    "agenda_rule.least_wish": 0.2,
}
"""Another way for all that goes by choice."""
BUSY: dict[str, object] = {
    "civil_society": "excluded",
    "organisations": "facilitating",
    "who_can_block": "regional_groups",
    "output": "declaration",
    "funding": "convener",
    "max_themes": 3,
    "round_tables.themes_in_depth": 1.5,
    "marketplace.budget": 5e-6,
    "marketplace.project": 0.5,
    "marketplace.largest_share": 0.0005,
    "report.backlash": 0.001,
    "report.overload": 0.02,
    "actors.interests.attention_to_objection": 0.5,
    "actors.organisations.floor": 0.1,
    "protocol.observer_weight": 0.2,
    "follow_up.downward": 1.0,
    "trust.disappointment": 1.5,
}
"""More is promised, paid and lost than usual; the market is full."""
EVERYBODY_BLOCKS: dict[str, object] = {
    "who_can_block": "each_delegation",
    "output": "common_understanding",
    "protocol.tolerance": 0.05,
    "protocol.max_ambiguity": 0.25,
    "protocol.drafter_pull": 0,
    "linkage.strength": 1.0,
    "marketplace.least_support": 0.1,
}
"""Some paragraphs are dropped, and no market opens."""
NOBODY_PRESIDES: dict[str, object] = {
    "sessions": [{"year": 2007, "themes": ["legal_mobility", "border_security"]}],
    "output": "exchange",
    "reading": "chair_summary",
    "switches.costs": False,
}
SWITCHED_OFF: dict[str, object] = {
    "switches.texts": False,
    "switches.practice": False,
    "switches.trust": False,
    "max_themes": 3,
}
SILENT: dict[str, object] = {
    "switches.linkage": False,
    "switches.marketplace": False,
    "switches.backlash": False,
    "mediator": False,
}
UNSETTLED: dict[str, object] = {
    "agenda": "survey",
    "actors.interests.attention_to_objection": 0.5,
    "attendance.level": 0.5,
    "trust.disappointment": 10,
}
"""Far from where the forum begins, see `unsettled`."""
BY_GOVERNMENT: dict[str, object] = {"civil.organiser": "government"}
CASES: dict[str, tuple[dict[str, object], int, Spread, tuple[int, ...]]] = {
    "central": ({}, 0, "central", YEARS),
    "contrary": (CONTRARY, 0, "central", YEARS),
    "busy": (BUSY, 0, "central", YEARS),
    "everybody blocks": (EVERYBODY_BLOCKS, 3, "central", (2007, 2010)),
    "nobody presides": (NOBODY_PRESIDES, 4, "central", (2007,)),
    "switched off": (SWITCHED_OFF, 0, "central", (2007,)),
    "silent": (SILENT, 0, "central", (2007,)),
    "drawn": ({}, 1, "ranged", (2007, 2008, 2011)),
    "drawn again": (BUSY, 2, "ranged", (2008,)),
    "unsettled": (UNSETTLED, 5, "central", (2008,)),
    "by a government": (BY_GOVERNMENT, 0, "central", (2007,)),
}
OF_STATES = (
    "ideal",
    "knowledge",
    "practice",
    "policy",
    "anti",
    "ambivalent",
    "trust",
    "promised",
    "delivered",
)
OF_STANDING = ("position", "ambiguity", "strength")
OF_MONEY = ("forum_costs", "grants_given", "grants_received")


def scenario(changes: dict[str, object]) -> migsim.Scenario:
    general = ("actors.", "follow_up.", "trust.")
    paths = {key if key.startswith(general) else FORUM + key: value for key, value in changes.items()}
    definition = migsim.load(GFMD)
    return definition.vary("changed", paths) if paths else definition


@cache
def sessions(case: str) -> dict[int, tuple[dict[str, Array], dict[str, Array]]]:
    """What the engine and the agents make of the sessions of some years."""
    changes, replicate, spread, years = CASES[case]
    setting, world = begin(scenario(changes), (replicate,), SEED, spread)
    held = {}
    while world.year < max(years):
        if world.year + 1 in years:
            assessed = until_the_forum(world, setting)
            assessed = unsettled(assessed) if case == "unsettled" else assessed
            agents = PerAgentSession(setting, assessed)
            agents.hold()
            held[world.year + 1] = by_engine(*meet(assessed, setting), setting), by_agents(agents)
        world = live(world, setting)
    return held


def until_the_forum(world: World, setting: Setting) -> World:
    """The next year, when migrants' and stayers' lives have been assessed."""
    blank = blank_ledger(world.ledger.forum_costs.shape)
    world = replace(world, year=world.year + 1, ledger=blank, minutes=())
    for phase in WORLD_PHASES:
        world = phase(world, setting)
    return world


def unsettled(world: World) -> World:
    """Policy, learning, trust, promises and attention anywhere; everybody stands by some text."""
    draws = np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED)))

    def anywhere(record: object, *names: str) -> dict[str, Array]:
        return {name: draws.uniform(size=getattr(record, name).shape) for name in names}

    policies, promises = world.policies, world.commitments
    stands = anywhere(promises, "trust", "promised", "delivered", *OF_STANDING)
    pledged = np.where(draws.uniform(size=promises.pledged.shape) < 0.5, 1.0, 0.0)
    return replace(
        world,
        policies=replace(policies, **anywhere(policies, "policy", "practice", "knowledge")),
        commitments=replace(promises, **stands, pledged=pledged),
        opinions=replace(world.opinions, **anywhere(world.opinions, "attention")),
    )


def meet(world: World, setting: Setting) -> tuple[World, Session, dict[str, Array]]:
    """The forum's part of the year, as the engine lives it, and what is weighed on the way."""
    world = work_between_sessions(form_interests(world, setting), setting)
    ((name, meeting),) = in_session(setting, world.year)
    session = open_session(name, meeting, world, setting)
    p = setting.parameters.group(AttendanceParameters, session.path("attendance"))
    weighed = {"odds": eagerness(world, session, setting, p), "wanted": survey(world, session, setting)}
    for phase in SESSION:
        world, session = phase(world, session, setting)
    return build_trust(follow_up(world, setting), setting), session, weighed


def by_engine(
    world: World, session: Session, weighed: dict[str, Array], setting: Setting
) -> dict[str, Array]:
    """Figures of a session; of the text, on the agenda's paragraphs; proposals of those who came."""
    on, here, text = session.on_paragraphs(setting)[0] > 0.0, session.attended[0] > 0.0, session.text
    of_text = ("position", "ambiguity", "adopted", "strength", "objections")
    records = (world.policies, world.opinions, world.commitments, world.ledger)
    names = (*OF_STATES, *OF_MONEY)
    own = {name: getattr(record, name) for record in records for name in names if hasattr(record, name)}
    figures = {
        **own,
        **weighed,
        **{f"standing {name}": getattr(world.commitments, name) for name in OF_STANDING},
        **{f"text {name}": getattr(text, name)[:, on] for name in of_text},
        "standing pledged": world.commitments.pledged,
        "attended": session.attended,
        "agenda": session.on_agenda,
        "civil report": session.civil_report,
        "civil weight": session.civil_weight[0],
        "proposals": session.proposals[:, here],
        "draft": session.draft[:, on],
        "compromise": session.compromise[:, on],
        "pledged": world.minutes[-1].pledged[:, on],
        "against": world.minutes[-1].against,
        "matches": session.matches[0],
        "grants": session.grants[0],
    }
    return {name: values[0] for name, values in figures.items()}


def by_agents(agents: PerAgentSession) -> dict[str, Array]:
    """The same from the agents."""
    states, text, wanted = agents.states, agents.text, survey_of(agents)

    def listed(value: object) -> object:
        return [value[theme] for theme in THEMES] if isinstance(value, dict) else value

    standing = [state.standing for state in states]
    figures = {
        **{name: [listed(getattr(state, name)) for state in states] for name in (*OF_STATES, *OF_MONEY)},
        **{
            f"standing {name}": [[getattr(each, name) for each in texts] for texts in standing]
            for name in OF_STANDING
        },
        **{f"text {name}": [getattr(each, name) for each in text] for name in OF_STANDING},
        "text adopted": [each.is_adopted for each in text],
        "text objections": [len(each.against) for each in text],
        "standing pledged": [[each.is_pledged for each in texts] for texts in standing],
        "odds": [state.odds for state in states],
        "wanted": [wanted.get(theme, 0.0) for theme in THEMES],
        "attended": [state.is_here for state in states],
        "agenda": [theme in agents.agenda for theme in THEMES],
        "civil report": listed(agents.civil_report),
        "civil weight": agents.civil_weight,
        "proposals": [state.proposal for state in states if state.is_here],
        "draft": [each.draft for each in text],
        "compromise": [each.compromise for each in text],
        "against": [sum(state in each.against for each in text) for state in states],
        "pledged": [each.n_pledged for each in text],
        "matches": agents.matches,
        "grants": agents.grants,
    }
    return {name: np.array(values, dtype=np.float64) for name, values in figures.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_engine_holds_the_sessions_that_agents_hold(case):
    for year, (engine, agents) in sessions(case).items():
        assert engine.keys() == agents.keys()
        for name, values in engine.items():
            np.testing.assert_allclose(
                agents[name], values, rtol=CLOSE, atol=1e-12, err_msg=f"{case}, {year}: {name}"
            )


def test_all_that_a_session_can_bring_about_comes_about():
    """What is compared is more than nothing."""
    central, busy = sessions("central")[2007][1], sessions("busy")[2007][1]
    moving = ("text objections", "against", "pledged", "matches", "forum_costs", "promised", "delivered")
    assert all(central[name].any() for name in moving)
    assert 0.0 < central["text strength"].min() < central["text strength"].max() < 1.0
    assert busy["matches"] == 40.0
    assert busy["standing strength"].max() == pytest.approx(0.85)
    dropped = sessions("everybody blocks")[2007][1]["text adopted"]
    assert 0.0 < dropped.sum() < dropped.size
    nobody = sessions("nobody presides")[2007][1]
    assert not nobody["text adopted"].any()
    assert not nobody["grants_given"].any()
    assert not sessions("unsettled")[2008][1]["trust"].all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"protocol.name": "majority"}, "majority"),
        ({"vote.is_taken": True}, "vote"),
        ({"agenda": "random"}, "by lot"),
        ({"agreements": True}, "agreements"),
    ],
)
def test_what_agents_do_not_know_is_refused(changes, said):
    setting, world = begin(scenario(changes), (0,), SEED, "central")
    with pytest.raises(ValueError, match=said):
        PerAgentSession(setting, replace(world, year=2007))


def test_a_year_without_a_session_is_refused():
    setting, world = begin(scenario({}), (0,), SEED, "central")
    with pytest.raises(ValueError, match="does not meet in 2006"):
        PerAgentSession(setting, replace(world, year=2006))
