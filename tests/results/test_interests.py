"""Stance against payoff: the frame, the limit cases, and that nothing is run twice."""

from dataclasses import replace

import numpy as np
import pytest

import migsim as ms
from migsim import start
from migsim.actors.interests import form_interests, payoff_pull
from migsim.errors import InputError
from migsim.results.interest_findings import DOZEN, Findings, listed, signed
from migsim.results.interests import AGREEMENTS, QUADRANTS, agreement, quadrant
from migsim.themes import THEMES
from migsim.world.policy import theme_means
from tests.lives import lived, small, varied

SOME = ["MEX", "PHL", "DEU"]
IDEALS = ["ideal_documents", "ideal_half", "ideal_payoffs"]


@pytest.fixture(scope="module")
def found():
    return ms.interests(small())


@pytest.fixture(scope="module")
def frame(found):
    return found.to_frame()


def by_engine(share, knowledge=1.0):
    """Ideals that the engine forms with a share of payoffs, by theme."""
    life = lived(varied({"actors.interests.payoff_share": share}), last=2005)
    policies = life.worlds[0].policies
    wise = replace(policies, knowledge=np.full_like(policies.knowledge, knowledge))
    formed = form_interests(replace(life.worlds[0], policies=wise), life.setting)
    return theme_means(formed.policies.ideal, life.setting.levers)[0]


def test_a_row_for_each_state_and_theme(found, frame):
    assert len(frame) == len(found.states) * len(THEMES)
    assert list(frame["theme"].iloc[: len(THEMES)]) == list(THEMES)
    roles = frame[["role_host", "role_departure", "role_transit"]]
    np.testing.assert_allclose(roles.sum(axis=1), 1.0)
    for column in ("salience", "policy_2005", *IDEALS):
        assert frame[column].between(0.0, 1.0).all(), column
    assert np.isfinite(frame[["own_gain", "joint_gain", "priced_gain"]]).all(axis=None)
    assert set(frame["agreement"]) <= set(AGREEMENTS)


def test_interests_are_those_of_2005_whenever_the_run_starts(frame):
    early = ms.interests(varied({"years.first": 2001}))
    assert early.world.year == 2005
    assert early.to_frame().equals(frame)


def test_where_the_documents_are_silent_there_is_no_stance(frame):
    is_silent = frame["documents_are"] == "silent"
    assert (frame["stance"].isna() == is_silent).all()
    assert ((frame["agreement"] == "documents silent") == is_silent).all()
    assert frame.loc[~is_silent, "stance"].between(0.0, 1.0).all()
    assert is_silent[frame["theme"] == "decent_work"].all()


def test_states_come_in_the_order_asked_for(frame):
    some = ms.interests(small(), SOME).to_frame()
    assert list(some["state"].unique()) == SOME
    same = frame.set_index(["state", "theme"]).loc[list(zip(some["state"], some["theme"], strict=True))]
    assert same.reset_index()[list(some.columns)].equals(some)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_ideals_are_those_of_the_engine(found, share):
    np.testing.assert_array_equal(found.ideal(share), by_engine(share))


def test_without_payoffs_the_ideal_is_the_stance(found):
    np.testing.assert_allclose(found.ideal(0.0), found.setting.actors.stance[0], atol=1e-12)


@pytest.mark.parametrize(("trust", "gain"), [(0.0, "own_gain"), (1.0, "joint_gain")])
def test_trust_decides_which_gain_counts(found, trust, gain):
    np.testing.assert_allclose(found.priced_gain(trust), getattr(found, gain), atol=1e-12)
    setting, cast = found.setting, found.setting.actors
    counted = getattr(cast, gain)
    wish = payoff_pull(counted, counted, np.zeros(counted.shape[:2]), cast.gain_scale)
    pull = setting.parameters["actors.interests.payoff_pull"][..., None]
    expected = theme_means(np.clip(cast.first_policy + pull * wish, 0.0, 1.0), setting.levers)[0]
    np.testing.assert_allclose(found.ideal(1.0, trust=trust), expected, atol=1e-12)


def test_theme_gains_are_sums_of_its_paragraphs(found):
    cast, table = found.setting.actors, found.setting.levers
    for n, theme in enumerate(THEMES):
        expected = cast.joint_gain[0][:, table.of_theme(theme)].sum(axis=1)
        np.testing.assert_allclose(found.joint_gain[:, n], expected)


def test_payoffs_are_found_once(found, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the world is run again")

    monkeypatch.setattr(start, "perturb", refuse)
    again = ms.interests(small(), SOME)
    rows = [found.states.index(iso3) for iso3 in SOME]
    np.testing.assert_array_equal(again.joint_gain, found.joint_gain[rows])


def test_signs_are_kept_where_nothing_is_drawn_and_not_everywhere_else(found):
    kept = found.signs_kept(50)
    assert set(kept) == {"own", "joint"}
    for share in kept.values():
        assert share.shape == (len(found.states), len(THEMES))
        assert (share >= 0.0).all()
        assert (share <= 1.0).all()
        assert share.min() < 1.0
    table, parameters = found.setting.levers, found.setting.parameters
    pinned = {f"levers.{name}": float(parameters[f"levers.{name}"][0, 0]) for name in table.paragraphs}
    costs = ("world.policy.cost_scale", "world.policy.cost_income")
    pinned |= {path: float(parameters[path][0, 0]) for path in costs}
    held = ms.interests(small().vary("held", pinned), SOME)
    moving = np.abs(held.joint_gain) > 1e-9
    assert (held.signs_kept(5)["joint"][moving] == 1.0).all()


def test_a_lever_of_size_nothing_brings_nothing_but_its_cost():
    none = ms.interests(varied({"levers.transfer_cost": 0.0}), SOME)
    assert np.isfinite(none.signs_kept(5)["own"]).all()
    paragraph = none.setting.levers.paragraphs.index("transfer_cost")
    assert not none.setting.actors.joint_gain[..., paragraph].any()


def test_agreement_and_quadrants():
    stance, gain = np.array([0.9, 0.9, 0.2, 0.2, 0.5, np.nan]), np.array([1.0, -1.0, 1.0, -1.0, 1.0, 1.0])
    assert list(quadrant(stance, gain)) == [*QUADRANTS, "", ""]
    same, apart, silent, none = AGREEMENTS
    told = agreement(stance, np.full(6, 0.5), gain)
    assert list(told) == [same, apart, apart, same, none, silent]


@pytest.mark.parametrize("states", [["MXE"], ["MEX", 3], []])
def test_says_what_states_may_be_named(states):
    with pytest.raises(InputError, match="states: found"):
        ms.interests(small(), states)


def test_one_state_may_be_named_alone():
    assert ms.interests(small(), "MEX").states == ("MEX",)


def test_is_shown_in_twelve_lines(found):
    lines = repr(found).splitlines()
    assert len(lines) <= 12
    assert "percent of income" in lines[0]
    assert "and 16 more" in repr(found)
    assert "1 state " in repr(ms.interests(small(), "MEX"))


@pytest.fixture(scope="module")
def page():
    return Findings()


def test_the_dozen_holds_all_roles_regions_and_incomes(page):
    states = page.everybody.setting.states
    at = [states.index(iso3) for iso3 in DOZEN]
    assert {states.region[i] for i in at} == set(states.region)
    assert set(states.income_group) == {states.income_group[i] for i in at}
    roles = np.array([[getattr(states, role)[i] for i in at] for role in ("host", "departure", "transit")])
    assert (roles.max(axis=1) > 0.35).all()


def test_sentences_agree_with_the_numbers(page):
    told = page.where_they_part()
    both = page.frame.groupby(["theme", "agreement"]).size().unstack(fill_value=0)
    same, apart = both["same way"]["remittances"], both["apart"]["remittances"]
    assert f"`remittances` ({same} of {same + apart})" in told
    for theme in THEMES:
        assert told.count(f"`{theme}`") == 1
    loser = page.dozen.states[int(np.argmin(page.dozen.joint_gain[:, THEMES.index("services_portability")]))]
    assert f"`services_portability`: {loser}" in page.who_loses()
    assert "nan" not in page.sentences() + page.themes() + page.stances_and_gains()


def test_numbers_in_words():
    assert [signed(gain) for gain in (0.123, -0.2, -0.004)] == ["+0.12", "−0.20", "0"]
    assert listed([]) == "none"
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
