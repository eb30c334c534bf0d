"""Opinion, attention and perceived control."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.scenario.load import load
from migsim.world.base import BaseParameters, base_opinions
from migsim.world.economy import migrant_share
from migsim.world.opinion import (
    OpinionParameters,
    attend,
    disorderly_arrivals,
    felt,
    form_opinion,
    message,
    shift_shares,
)
from migsim.world.policy import put_in_force
from migsim.world.state import Opinions
from migsim.world.vocabulary import CLASSES, COEFFICIENTS, THEMES
from tests.lives import HELD, differing, lived, small, varied


def one(number):
    return np.array([[float(number)]])


def parameters(**changes):
    named = {name: one(0) for name in OpinionParameters.__dataclass_fields__}
    usual = {"habituation": one(20), "largest_swing": one(0.15)}
    return OpinionParameters(**named | usual | {name: one(value) for name, value in changes.items()})


def public(pro, anti):
    usual = {"attention": np.zeros((1, 1, 12)), "control": one(0.5), "noticed": np.zeros((1, 1, 3))}
    return Opinions(pro=one(pro), ambivalent=one(1.0 - pro - anti), anti=one(anti), **usual)


@settings(max_examples=200, deadline=None)
@given(
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    base=st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)),
    pressure=st.floats(-100, 100),
    years=st.floats(10, 30),
)
def test_shares_stay_shares_under_any_pressure(shares, base, pressure, years):
    pro = shares[0]
    now = public(pro, shares[1] * (1.0 - pro))
    moved = shift_shares(now, public(*base), one(pressure), parameters(habituation=years))
    for share in moved:
        assert -1e-12 <= share.item() <= 1.0 + 1e-12
    assert sum(share.item() for share in moved) == 1.0 or abs(sum(s.item() for s in moved) - 1.0) < 1e-12


def test_pressure_makes_hostile_and_relief_makes_favourable():
    base = public(0.2, 0.3)
    pro, _, anti = shift_shares(base, base, one(0.05), parameters())
    assert anti.item() > 0.3
    assert pro.item() < 0.2
    pro, _, anti = shift_shares(base, base, one(-0.05), parameters())
    assert anti.item() < 0.3
    assert pro.item() > 0.2
    still = shift_shares(base, base, one(0.0), parameters())
    assert [share.item() for share in still] == [0.2, 0.5, 0.3]


def test_people_get_used_to_change():
    now, base = public(0.1, 0.6), public(0.2, 0.3)
    for _ in range(20):
        pro, middle, anti = shift_shares(now, base, one(0.0), parameters(habituation=20))
        now = replace(now, pro=pro, ambivalent=middle, anti=anti)
    assert now.anti.item() - 0.3 == abs(0.3 * 0.95**20) or abs(now.anti.item() - 0.3 - 0.3 * 0.95**20) < 1e-12


def test_the_strong_reading_of_the_economy_turns_the_public_in_a_slump():
    def hostile(changes):
        life = lived(varied(changes))
        slump = life.at(2009).economies.unemployment - life.setting.base.unemployment
        return life.at(2009).opinions.anti, slump

    none, slump = hostile({"world.opinion.reading": "weak", "world.opinion.economy": 0.0})
    (weak, _), (strong, _) = (hostile({"world.opinion.reading": reading}) for reading in ("weak", "strong"))
    hit = slump > 0.005
    assert hit.sum() > 3
    assert np.all(strong[hit] > weak[hit])
    assert np.all(weak[hit] > none[hit])
    assert np.all((strong - none)[hit] > 5.0 * (weak - none)[hit])


def test_attention_is_called_by_events_and_fades():
    life = lived(small(), (0, 1))
    theme = THEMES.index("border_security")
    zaf, mexico = (life.setting.states.index(code) for code in ("ZAF", "MEX"))
    before, alarm, after = (life.at(year).opinions.attention[:, :, theme] for year in (2007, 2008, 2009))
    assert np.all(alarm[:, zaf] - before[:, zaf] > 0.3)
    assert np.all(alarm[:, mexico] - before[:, mexico] < 0.3)
    assert np.all(after[:, zaf] < alarm[:, zaf])


def test_attention_without_arrivals_returns_to_the_usual():
    life = lived(varied({"shocks": {}}))
    p = life.setting.parameters.group(OpinionParameters, "world.opinion")
    usual = life.setting.base.opinions.attention
    high = np.full_like(usual, 0.9)
    calm = attend(high, life.setting.base.disorderly_arrivals, life.worlds[0], life.setting, p)
    np.testing.assert_allclose(calm - usual, (1.0 - p.attention_fades[..., None]) * (0.9 - usual))


def test_words_without_deeds_count_for_little():
    life = lived(small())
    world = put_in_force(life.last, life.setting)
    host = world.conditions.host.copy()
    host[...] = 0.3
    said = replace(world, conditions=replace(world.conditions, host=host, origin=0.0 * host))
    in_line = replace(said, policies=replace(said.policies, ideal=said.policies.policy))
    far_off = replace(said, policies=replace(said.policies, ideal=(said.policies.policy + 0.5) % 1.0))
    p = life.setting.parameters.group(OpinionParameters, "world.opinion")
    assert np.any(message(in_line, p) > 0.0)
    np.testing.assert_allclose(message(far_off, p), 0.0, atol=1e-9)
    seen = in_line.wellbeing
    for gained, part in (
        (0.0, 1.0 - p.lives_count),
        (p.visible_improvement, 1.0),
        (-5.0, 1.0 - p.lives_count),
    ):
        lives = replace(in_line, wellbeing=replace(seen, index=seen.first + gained))
        settled = lives.people.hosted.sum(axis=-2) > 1.0
        np.testing.assert_allclose(
            message(lives, p)[settled], np.broadcast_to(0.3 * part, settled.shape)[settled]
        )
        heedless = replace(p, lives_count=0.0 * p.lives_count)
        np.testing.assert_allclose(message(lives, heedless), 0.3)


def test_a_message_relieves_and_events_move_both_ways():
    life = lived(small(), tuple(range(20)))
    calm = lived(varied({"world.opinion.events": 0.0}), tuple(range(20)))
    difference = life.at(2006).opinions.anti - calm.at(2006).opinions.anti
    assert difference.min() < 0.0 < difference.max()
    start = replace(put_in_force(calm.worlds[0], calm.setting), year=2006)
    host = start.conditions.host.copy()
    host[:, COEFFICIENTS.index("message")] += 0.3
    reassured = replace(start, conditions=replace(start.conditions, host=host))
    with_message = form_opinion(reassured, calm.setting).opinions.anti
    assert np.all(with_message <= form_opinion(start, calm.setting).opinions.anti)


def test_where_there_is_no_slump_both_readings_agree():
    quiet = {"shocks": {}, "processes": {}, "world.policy.pace": 0.0}
    weak, strong = (lived(varied({**quiet, "world.opinion.reading": each})) for each in ("weak", "strong"))
    assert not differing(weak.last, strong.last) - {"policies.ideal", "policies.knowledge"}


def test_the_strong_reading_moves_opinion_more_both_ways():
    """A boom relieves as a slump presses; under either reading the shares stay shares."""
    life = lived(small(), (0, 1))
    start = replace(put_in_force(life.worlds[0], life.setting), year=2006)
    moved = {}
    for reading in ("weak", "strong"):
        setting = lived(varied({"world.opinion.reading": reading}), (0, 1), last=2005).setting
        for points in (-3.0, 0.0, 3.0):
            idle = start.economies.unemployment + 0.01 * points
            world = replace(start, economies=replace(start.economies, unemployment=idle))
            found = form_opinion(world, setting).opinions
            np.testing.assert_allclose(found.pro + found.ambivalent + found.anti, 1.0, rtol=1e-12)
            moved[reading, points] = found.anti
    np.testing.assert_array_equal(moved["weak", 0.0], moved["strong", 0.0])
    for sign in (-1.0, 1.0):
        weak, strong = (sign * (moved[each, 3.0 * sign] - moved[each, 0.0]) for each in ("weak", "strong"))
        assert np.all(strong > weak)
        assert np.all(weak > 0.0)


def test_a_message_without_better_lives_fades():
    """Where lives are as they were, a message is worth what `lives_count` leaves of it."""
    held = {"processes": {}, "shocks": {}, "world.policy.pace": 0.0}
    life = lived(varied(held), last=2006)
    silent = form_opinion(life.at(2006), life.setting).opinions.anti
    before = life.at(2006).wellbeing

    def relief(gained, lives_count):
        changed = lived(varied({**held, "world.opinion.lives_count": lives_count}), last=2005)
        lives = replace(before, index=before.first + gained)
        world = replace(life.at(2006), wellbeing=lives)
        host = world.conditions.host.copy()
        host[:, COEFFICIENTS.index("message")] = 0.4
        said = replace(world, conditions=replace(world.conditions, host=host))
        return (silent - form_opinion(said, changed.setting).opinions.anti)[0]

    settled = life.at(2006).people.hosted[0].sum(axis=0) > 1.0
    deaf, half, all_words = (relief(0.0, share)[settled] for share in (1.0, 0.5, 0.0))
    np.testing.assert_allclose(deaf, 0.0, atol=1e-12)
    assert np.all(half > 0.0)
    np.testing.assert_allclose(half, 0.5 * all_words, rtol=0.02)
    np.testing.assert_allclose(relief(5.0, 1.0)[settled], all_words, rtol=1e-9)
    assert np.all(relief(0.4, 1.0)[settled] < relief(0.8, 1.0)[settled])


def opened(life, openness):
    """The first year's end as it would be had every host opened by so much to workers."""
    world = life.at(2006)
    host = world.conditions.host.copy()
    host[:, COEFFICIENTS.index("openness_regular")] = openness
    return replace(world, conditions=replace(world.conditions, host=host))


@settings(max_examples=20, deadline=None)
@given(openness=st.floats(-20.7, 3.0))
def test_the_public_leans_against_the_openness_of_its_state(openness):
    """By its weight for a doubling of entry or a closed border, and by no more than the largest swing."""
    life = lived(small(), (0, 1), last=2006)
    p = life.setting.parameters.group(OpinionParameters, "world.opinion")
    before, after = (form_opinion(opened(life, size), life.setting).opinions for size in (0.0, openness))
    opening = np.expm1(min(openness, 1.0))
    assert np.all((after.anti - before.anti) * opening >= -1e-15)
    # A share moves by at most a quarter of its log odds against all others.
    bound = 0.5 * np.minimum(p.thermostat * np.abs(opening), 2.0 * p.largest_swing)
    assert np.all(np.abs(after.anti - before.anti) <= bound + 1e-12)


def test_what_presses_is_the_change_since_last_year():
    """Jobs, numbers and openness press by their weights when they change; what stays presses no more."""
    p = parameters(economy=0.02, economy_strong=0.2, migrant_share=0.1, thermostat=0.3, reading=0)
    for n, weight in enumerate((0.02, 0.1, 0.3)):
        change = np.zeros((1, 1, 3))
        change[..., n] = 2.0
        assert felt(change, p).item() == pytest.approx(2.0 * weight)
        assert felt(-change, p).item() == pytest.approx(-2.0 * weight)
    strong = replace(p, reading=one(1))
    assert felt(np.ones((1, 1, 3)), strong).item() == pytest.approx(0.2 + 0.1 + 0.3)
    assert felt(np.zeros((1, 1, 3)), strong).item() == 0.0


def test_an_opening_that_stays_presses_once():
    """In the second year of the same openness opinion moves as it would have without it."""
    held = {**HELD, "shocks": {}, "world.opinion.events": 0.0}
    life = lived(varied(held), last=2006)
    again = form_opinion(opened(life, 0.5), life.setting)
    changes = {}
    for name, world in (("opened", again), ("usual", form_opinion(life.at(2006), life.setting))):
        noticed = world.opinions.noticed
        first = replace(life.at(2006).opinions, noticed=noticed)
        start = replace(world, opinions=first)
        changes[name] = form_opinion(start, life.setting).opinions.anti
    np.testing.assert_allclose(changes["opened"], changes["usual"], rtol=1e-12)
    assert np.all(again.opinions.anti > form_opinion(life.at(2006), life.setting).opinions.anti)


def test_starting_shares_are_what_surveys_found():
    """About a third of adults want less immigration (0.34), four fifths in Greece, fewer in France."""
    life = lived(load("gfmd-2007-2015"), last=2005)
    base, states = life.setting.base.opinions, life.setting.states
    np.testing.assert_allclose(base.pro + base.ambivalent + base.anti, 1.0, rtol=1e-12)
    wanting = (base.anti / life.setting.parameters["world.base.resolute"])[0]
    population = life.setting.base.population
    assert (wanting * population).sum() / population.sum() == pytest.approx(0.34, abs=0.02)
    greece, france, germany = (wanting[states.index(code)] for code in ("GRC", "FRA", "DEU"))
    assert greece > germany > france
    assert greece > 0.8
    assert 0.0 < base.anti.min() <= base.anti.max() < 0.6


@settings(max_examples=60, deadline=None)
@given(less=st.floats(0, 1), resolute=st.floats(0, 1), pro=st.floats(0, 1))
def test_starting_shares_stay_shares(less, resolute, pro):
    states = lived(small(), last=2005).setting.states
    usual = lived(small(), last=2005).setting.parameters.group(BaseParameters, "world.base")
    named = {"less_europe": less, "less_elsewhere": less, "resolute": resolute, "pro": pro}
    p = replace(usual, **{name: one(value) for name, value in named.items()})
    level = np.full((1, len(states)), 0.5)
    found = base_opinions(states, p, level, 0.1 * level, 0.01 * level)
    shares = np.stack([found.pro, found.ambivalent, found.anti])
    assert shares.min() >= -1e-12
    np.testing.assert_allclose(shares.sum(axis=0), 1.0, rtol=1e-12)


def test_a_closed_border_relieves_no_more_than_all_that_could_be_closed():
    """The public minds how many may enter, not the logarithm of hardly any."""
    life = lived(small(), (0, 1), last=2006)
    p = life.setting.parameters.group(OpinionParameters, "world.opinion")
    usual, shut, wide, wider = (
        form_opinion(opened(life, size), life.setting).opinions for size in (0.0, -20.7, 1.0, 3.0)
    )
    relief = usual.anti - shut.anti
    assert np.all(relief > 0.0)
    assert relief.max() < p.thermostat.max()
    np.testing.assert_array_equal(wide.anti, wider.anti)


CLOSED = {
    "kind": "entry",
    "states": "all",
    "classes": ["regular"],
    "change": {year: -100 for year in range(2006, 2010)},
}


def test_a_closed_border_relieves_in_its_first_year_and_the_public_gets_used_to_it():
    """No more than the largest swing; while it stays closed the share drifts back."""
    calm = {**HELD, "shocks": {}, "world.flows.noise": 0.0}
    shut, usual = (lived(varied({**calm, **more})) for more in ({"shocks.shut": CLOSED}, {}))
    p = shut.setting.parameters.group(OpinionParameters, "world.opinion")
    relief = {
        year: usual.at(year).opinions.anti - shut.at(year).opinions.anti for year in (2006, 2007, 2008, 2009)
    }
    assert np.all(relief[2006] > 0.0)
    assert relief[2006].max() < 0.5 * p.largest_swing.max()
    for year in (2007, 2008, 2009):
        assert np.all(relief[year] < relief[year - 1])
    assert np.all(relief[2009] > 0.0)


def test_what_the_public_noticed_is_what_it_saw_of_the_year():
    """Points of unemployment, points of migrants, and how open the state is to workers."""
    life = lived(small(), (0, 1), "ranged")
    for world in life.worlds:
        idle, share, opening = np.moveaxis(world.opinions.noticed, -1, 0)
        np.testing.assert_allclose(idle, 100.0 * world.economies.unemployment, rtol=1e-12)
        np.testing.assert_allclose(share, 100.0 * migrant_share(world), rtol=1e-12)
        expected = np.expm1(np.minimum(world.conditions.at_host("openness_regular"), 1.0))
        np.testing.assert_allclose(opening, expected, rtol=1e-12)
    assert not life.worlds[0].opinions.noticed[..., 2].any()
    assert life.last.opinions.noticed[..., 2].any()


def test_disorder_presses_as_long_as_it_lasts():
    """Arrivals count above those of 2005, whatever last year's were."""
    life = lived(varied({**HELD, "world.opinion.events": 0.0}), last=2006)
    world, setting = life.at(2006), life.setting
    more = replace(world.people, flow=world.people.flow.copy())
    more.flow[:, CLASSES.index("irregular")] *= 2.0
    world = replace(world, people=more)
    for _ in range(2):
        arrivals = disorderly_arrivals(world, setting)
        unpressed = replace(setting, base=replace(setting.base, disorderly_arrivals=arrivals))
        pressed, calm = (form_opinion(world, each).opinions for each in (setting, unpressed))
        above = arrivals > setting.base.disorderly_arrivals
        assert above.sum() > 15
        assert np.all(pressed.anti[above] > calm.anti[above])
        world = replace(world, opinions=pressed)
