"""Opinion, attention and perceived control."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.world.opinion import OpinionParameters, attend, form_opinion, message, shift_shares
from migsim.world.policy import put_in_force
from migsim.world.state import Opinions
from migsim.world.vocabulary import THEMES
from tests.lives import lived, small, varied


def one(number):
    return np.array([[float(number)]])


def parameters(**changes):
    named = {name: one(0) for name in OpinionParameters.__dataclass_fields__}
    usual = {"habituation": one(20), "largest_swing": one(0.15)}
    return OpinionParameters(**named | usual | {name: one(value) for name, value in changes.items()})


def public(pro, anti):
    return Opinions(one(pro), one(1.0 - pro - anti), one(anti), np.zeros((1, 1, 12)), one(0.5))


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
    def hostile(strength):
        life = lived(varied({"world.opinion.economy": strength}))
        return life.at(2009).opinions.anti, life.at(
            2009
        ).economies.unemployment - life.setting.base.unemployment

    (weak, slump), (strong, _) = hostile(0.0), hostile(0.02)
    assert np.all(strong[slump > 0.005] > weak[slump > 0.005])


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
    np.testing.assert_allclose(message(in_line, p), 0.3)
    np.testing.assert_allclose(message(far_off, p), 0.0, atol=1e-9)


def test_a_message_relieves_and_events_move_both_ways():
    life = lived(small(), tuple(range(20)))
    calm = lived(varied({"world.opinion.events": 0.0}), tuple(range(20)))
    difference = life.at(2006).opinions.anti - calm.at(2006).opinions.anti
    assert difference.min() < 0.0 < difference.max()
    start = replace(put_in_force(calm.worlds[0], calm.setting), year=2006)
    host = start.conditions.host + 0.3
    reassured = replace(start, conditions=replace(start.conditions, host=host))
    with_message = form_opinion(reassured, calm.setting).opinions.anti
    assert np.all(with_message <= form_opinion(start, calm.setting).opinions.anti)
