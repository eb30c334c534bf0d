"""Trades between themes before the plenary."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.forum.linkage import equal_gain, link_themes, pairs, trades
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

care = st.floats(0.05, 1)


@settings(max_examples=300, deadline=None)
@given(gap_p=st.floats(0.01, 1), gap_q=st.floats(0.01, 1), s=st.tuples(care, care, care, care))
def test_both_sides_gain_equally_and_nobody_passes_the_other(gap_p, gap_q, s):
    """The first side moves on ``p``, the second on ``q``."""
    mover_p, met_p, mover_q, met_q = s
    if mover_p * mover_q > met_p * met_q:
        mover_p, met_q = min(mover_p, met_q), max(mover_p, met_q)
        mover_q, met_p = min(mover_q, met_p), max(mover_q, met_p)
    share_p, share_q, gain = (
        each.item()
        for each in equal_gain(
            *(np.array([v]) for v in (gap_p, gap_q)),
            (np.array([mover_p]), np.array([met_p])),
            (np.array([mover_q]), np.array([met_q])),
        )
    )
    assert 0.0 <= share_p <= 1.0 + 1e-12
    assert 0.0 <= share_q <= 1.0 + 1e-12
    assert max(share_p, share_q) == pytest.approx(1.0)
    shift_p = share_p * gap_p * mover_p / (mover_p + met_p)
    shift_q = share_q * gap_q * mover_q / (mover_q + met_q)
    first = shift_q * met_q - shift_p * mover_p
    second = shift_p * met_p - shift_q * mover_q
    assert first == pytest.approx(second, abs=1e-12)
    assert first == pytest.approx(gain, abs=1e-12)
    assert gain >= -1e-12


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_where_nobody_cares_there_is_nothing_to_gain():
    nought, some = np.zeros(1), np.ones(1)
    for moves_p, moves_q in (((nought, nought), (some, some)), ((nought, nought), (nought, nought))):
        share_p, share_q, gain = equal_gain(some, some, moves_p, moves_q)
        assert max(share_p.item(), share_q.item()) <= 1.0
        assert gain.item() <= 1e-12


def worth_of(gap, host_care, departure_care):
    """What each side gains from each trade, by the `pairs` of themes."""
    p, q = pairs(12)
    moves_p, moves_q = (host_care[p], departure_care[p]), (departure_care[q], host_care[q])
    return equal_gain(gap[p], gap[q], moves_p, moves_q)[2]


def disjoint_trades(agenda, gap, host_care, departure_care):
    """Pair after pair, the most worth first, each theme at most once."""
    worth, hosts, departures = worth_of(gap, host_care, departure_care), np.zeros(12), np.zeros(12)
    free = {n for n in range(12) if agenda[n] > 0.0}
    for n in sorted(range(worth.size), key=lambda n: -worth[n]):
        p, q = pairs(12)[:, n]
        if worth[n] > 0.0 and {p, q} <= free:
            moves_p, moves_q = (host_care[[p]], departure_care[[p]]), (departure_care[[q]], host_care[[q]])
            share_p, share_q, _ = equal_gain(gap[[p]], gap[[q]], moves_p, moves_q)
            hosts[p], departures[q] = share_p.item(), share_q.item()
            free -= {p, q}
    return hosts, departures


shares = st.lists(st.floats(0, 1), min_size=12, max_size=12).map(np.array)
agendas = st.lists(st.sampled_from((0.0, 1.0)), min_size=12, max_size=12).map(np.array)


@settings(max_examples=100, deadline=None)
@given(agenda=agendas, gap=shares, host_care=shares, departure_care=shares)
def test_each_theme_is_traded_at_most_once_and_the_best_trade_comes_first(
    agenda, gap, host_care, departure_care
):
    hosts, departures = (
        each[0] for each in trades(*(each[None] for each in (agenda, gap, host_care, departure_care)))
    )
    assert not np.any((hosts > 0.0) & (departures > 0.0))
    assert not np.any((hosts + departures)[agenda == 0.0])
    assert max(hosts.max(), departures.max()) <= 1.0 + 1e-12
    assert min(hosts.min(), departures.min()) >= 0.0
    expected = disjoint_trades(agenda, gap, host_care, departure_care)
    np.testing.assert_allclose((hosts, departures), expected, atol=1e-12)


def test_each_row_of_trades_is_what_it_would_be_alone():
    chance = np.random.Generator(np.random.PCG64(4))
    figures = [np.round(chance.random((20, 12))), *(chance.random((20, 12)) for _ in range(3))]
    among = trades(*figures)
    for row in range(20):
        alone = trades(*(each[row : row + 1] for each in figures))
        for one, other in zip(alone, among, strict=True):
            np.testing.assert_array_equal(one[0], other[row])


def test_pairs_are_all_ordered_pairs_of_themes():
    assert len({tuple(pair) for pair in pairs(12).T}) == pairs(12).shape[1] == 12 * 11
    assert np.all(pairs(12)[0] != pairs(12)[1])


@pytest.fixture(scope="module")
def life():
    return lived(varied({"processes.gfmd.linkage.strength": 1.0}), (0, 1))


def two_sided(life, themes, hosts_want, departures_want):
    """A room in which each state is wholly of one side, and each side wants one thing on each theme."""
    is_host = np.arange(24) % 2 == 0
    states = replace(
        life.setting.states,
        host=is_host.astype(float),
        departure=1.0 - is_host,
        transit=np.zeros(24),
    )
    wants = np.where(is_host[:, None], np.array(hosts_want), np.array(departures_want))
    proposals = np.broadcast_to(wants[:, life.setting.levers.theme], (2, 24, len(life.setting.levers))).copy()
    world, session, setting = open_room(
        life, attended=everybody(life), on_agenda=on_agenda(life, *themes), proposals=proposals
    )
    return world, session, replace(setting, states=states), is_host


def wants_after(life, themes, hosts_want, departures_want):
    """What each side asks for after the trade, ``(side, theme)``."""
    world, session, setting, is_host = two_sided(life, themes, hosts_want, departures_want)
    after = link_themes(world, session, setting)[1].proposals[0]
    theme = life.setting.levers.theme
    sides = [[after[side][:, theme == n].mean() for n in range(12)] for side in (is_host, ~is_host)]
    return np.array(sides), session, setting, is_host


def test_a_trade_moves_one_side_on_each_theme(life):
    hosts_want, departures_want = [0.2] * 12, [0.8] * 12
    sides, *_ = wants_after(life, (0, 3), hosts_want, departures_want)
    moved = np.abs(sides - np.array([hosts_want, departures_want])) > 1e-9
    assert moved[:, [0, 3]].sum() == 2
    assert moved[:, 0].sum() == moved[:, 3].sum() == 1
    assert not np.delete(moved, [0, 3], axis=1).any()
    assert np.all(sides[0] <= sides[1] + 1e-9)


def test_without_two_themes_there_is_no_trade(life):
    world, session, setting, _ = two_sided(life, (3,), [0.2] * 12, [0.8] * 12)
    np.testing.assert_array_equal(link_themes(world, session, setting)[1].proposals, session.proposals)


def test_sides_that_agree_have_nothing_to_trade(life):
    world, session, setting, _ = two_sided(life, (0, 3), [0.5] * 12, [0.5] * 12)
    np.testing.assert_allclose(
        link_themes(world, session, setting)[1].proposals, session.proposals, atol=1e-12
    )


def test_on_a_long_agenda_no_side_passes_the_other(life):
    chance = np.random.Generator(np.random.PCG64(5))
    for _ in range(20):
        hosts_want, departures_want = chance.random(12), chance.random(12)
        sides, *_ = wants_after(life, range(12), hosts_want, departures_want)
        before = departures_want - hosts_want
        assert np.all((sides[1] - sides[0]) * np.sign(before) >= -1e-9)
        moved = np.abs(sides - np.array([hosts_want, departures_want])) > 1e-9
        assert np.all(moved.sum(axis=0) <= 1)
        assert moved[0].sum() == moved[1].sum() > 1


def test_a_replicate_trades_the_same_beside_one_with_another_agenda(life):
    agenda = on_agenda(life)
    agenda[0, [2, 5]] = 1.0
    agenda[1, [2, 7, 5]] = 1.0
    world, session, setting, _ = two_sided(life, (2, 5), [0.2] * 12, [0.8] * 12)
    among = link_themes(world, replace(session, on_agenda=agenda), setting)[1].proposals[0]
    alone = link_themes(world, session, setting)[1].proposals[0]
    np.testing.assert_array_equal(among, alone)


def test_a_trade_of_nought_changes_nothing():
    life = lived(varied({"processes.gfmd.linkage.strength": 0.0}), (0, 1))
    world, session, setting = open_room(life, attended=everybody(life), on_agenda=on_agenda(life, 0, 3, 5))
    np.testing.assert_array_equal(link_themes(world, session, setting)[1].proposals, session.proposals)
    trading = lived(small(), (0, 1))
    world, session, setting = open_room(
        trading, attended=everybody(trading), on_agenda=on_agenda(trading, 0, 3, 5)
    )
    moved = link_themes(world, session, setting)[1].proposals
    assert not np.array_equal(moved, session.proposals)
    assert moved.min() >= 0.0
    assert moved.max() <= 1.0
