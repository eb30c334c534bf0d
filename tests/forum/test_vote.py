"""The vote on a text."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.ensemble.columns import vote_columns
from migsim.forum.plenary import meet_in_plenary, seat
from migsim.forum.report import publish
from migsim.forum.settlement import ProtocolParameters
from migsim.forum.vote import NO_VOTE, cast_votes, loss_and_tolerance, losses, vote, worst_loss
from migsim.negotiation.text import objectors
from migsim.world.vocabulary import VOTES
from tests.forum.rooms import everybody, on_agenda, open_room
from tests.lives import lived, small, varied

MANY = (0, 1, 2, 3)
YES, NO, ABSTAIN, ABSENT = (float(VOTES.index(name)) for name in ("yes", "no", "abstain", "absent"))
MAJORITY = {"processes.gfmd.protocol.name": "compromise"}
"""A protocol under which nobody can block, so that some have much to lose."""


def after_plenary(replicates=MANY, spread="ranged", absent=0, **changes):
    """The world, the session after its plenary, and the setting."""
    taken = {"processes.gfmd.vote.is_taken": True, **MAJORITY}
    varying = {name.replace("__", "."): value for name, value in changes.items()}
    life = lived(varied(taken | varying), replicates, spread)
    here = everybody(life)
    here[:, :absent] = 0.0
    world, session, setting = open_room(life, attended=here, on_agenda=on_agenda(life, 3, 6, 7))
    return meet_in_plenary(world, session, setting)[0], meet_in_plenary(world, session, setting)[1], setting


def harsh(session):
    """The same session with a text that asks for everything and leaves nothing open."""
    asked = np.where(session.text.adopted > 0.0, 1.0, session.text.position)
    text = replace(session.text, position=asked, ambiguity=np.zeros_like(asked))
    return replace(session, text=text)


def voted(is_harsh=False, **changes):
    world, session, setting = after_plenary(**changes)
    return vote(world, harsh(session) if is_harsh else session, setting)[1]


def test_without_a_vote_nothing_happens():
    world, session, setting = after_plenary(processes__gfmd__vote__is_taken=False)
    after, same = vote(world, session, setting)
    assert after is world
    assert same is session
    assert np.all(same.votes == NO_VOTE)


def test_who_has_come_votes_and_who_has_not_is_absent():
    votes = voted(absent=5).votes
    assert np.all(votes[:, :5] == ABSENT)
    assert set(np.unique(votes[:, 5:])) <= {YES, NO, ABSTAIN}


def test_who_could_not_have_come_is_not_even_absent():
    world, session, setting = after_plenary(absent=3)
    eligible = np.ones_like(session.attended)
    eligible[:, 0] = 0.0
    votes = vote(world, replace(session, eligible=eligible), setting)[1].votes
    assert np.all(votes[:, 0] == NO_VOTE)
    assert np.all(votes[:, 1:3] == ABSENT)


def test_where_no_session_was_held_or_nothing_written_nobody_votes():
    world, session, setting = after_plenary()
    held = np.ones((4, 1))
    held[1] = 0.0
    adopted = session.text.adopted.copy()
    adopted[2] = 0.0
    session = replace(session, held=held, text=replace(session.text, adopted=adopted))
    votes = vote(world, session, setting)[1].votes
    assert np.all(votes[1:3] == NO_VOTE)
    assert np.all(votes[[0, 3]] != NO_VOTE)


def test_votes_by_hand():
    loss, bears = np.array([[0.0, 0.1, 0.11, 0.2, 0.21, np.inf]]), np.full((1, 6), 0.1)
    votes = cast_votes(loss, bears, np.array([[2.0]]))
    assert votes[0].tolist() == [YES, YES, ABSTAIN, ABSTAIN, NO, NO]


def test_loss_is_the_mean_over_what_was_written():
    world, session, setting = after_plenary()
    table = seat(
        world, session, setting, setting.parameters.group(ProtocolParameters, session.path("protocol"))
    )
    text, written = session.text, session.text.adopted
    assert written.any()
    assert not written.all()
    loss, bears = loss_and_tolerance(table, text, written)
    on = np.flatnonzero(written[1])
    far = np.maximum(np.abs(text.position[1, on] - table.position[1][:, on]) - text.ambiguity[1, on], 0.0)
    np.testing.assert_allclose(loss[1], (far * table.salience[1][:, on]).mean(axis=-1))
    np.testing.assert_allclose(bears[1], table.tolerance[1][:, on].mean(axis=-1))
    # On a text of one paragraph, those who do not vote yes are those who would object to it.
    single = np.zeros_like(written)
    single[:, on[0]] = 1.0
    loss, bears = loss_and_tolerance(table, text, single)
    against = objectors(table, text.position, text.ambiguity)[:, on[0]]
    np.testing.assert_array_equal(cast_votes(loss, bears, np.array([[2.0]])) != YES, against)


def test_judged_by_the_worst_paragraph_fewer_vote_yes():
    whole, worst = (
        voted(is_harsh=True, processes__gfmd__vote__judged_by=by).votes for by in ("whole", "worst")
    )
    assert np.all(whole[worst == YES] == YES)
    assert (worst == YES).sum() < (whole == YES).sum()
    world, session, setting = after_plenary()
    table = seat(
        world, session, setting, setting.parameters.group(ProtocolParameters, session.path("protocol"))
    )
    on = np.flatnonzero(session.text.adopted[1])
    by_hand = (losses(table, session.text) / table.tolerance)[1][:, on].max(axis=-1)
    np.testing.assert_array_equal(worst_loss(table, session.text, session.text.adopted)[1], by_hand)


def test_who_bears_more_votes_yes_more_often():
    least, most = (
        voted(is_harsh=True, spread="central", processes__gfmd__protocol__tolerance=tolerance).votes
        for tolerance in (0.05, 0.3)
    )
    assert (most == YES).sum() > (least == YES).sum()
    assert np.all(most[least == YES] == YES)
    assert {YES, NO} <= set(np.unique(least))


def test_a_farther_threshold_turns_no_into_abstaining_and_touches_nobody_else():
    near, far = (
        voted(
            is_harsh=True,
            spread="central",
            processes__gfmd__protocol__tolerance=0.1,
            processes__gfmd__vote__no_beyond=beyond,
        ).votes
        for beyond in (1.5, 3.0)
    )
    np.testing.assert_array_equal(near == YES, far == YES)
    assert (far == NO).sum() < (near == NO).sum()
    assert np.all(near[far == NO] == NO)


def test_only_those_who_vote_yes_are_pledged():
    world, session, setting = after_plenary(
        processes__gfmd__protocol__tolerance=0.15, processes__gfmd__vote__judged_by="whole"
    )
    before = harsh(session)
    after = vote(world, before, setting)[1]
    yes = after.votes == YES
    passed = yes.sum(axis=-1) > (after.votes == NO).sum(axis=-1)
    assert passed.any()
    assert np.any(~yes & passed[:, None])
    np.testing.assert_array_equal(after.text.joined, before.text.joined * (yes & passed[:, None])[..., None])
    np.testing.assert_array_equal(after.text.adopted, before.text.adopted * passed[:, None])
    pledged = publish(world, after, setting)[0].commitments.pledged
    assert not pledged[~yes].any()
    assert pledged[yes & passed[:, None]].any(axis=-1).all()


def test_a_text_that_more_oppose_than_support_falls():
    world, session, setting = after_plenary(processes__gfmd__protocol__tolerance=0.02)
    session = harsh(session)
    fell = vote(world, replace(session, proposals=np.zeros_like(session.proposals)), setting)[1]
    stood = vote(world, replace(session, proposals=np.ones_like(session.proposals)), setting)[1]
    assert np.all((fell.votes == NO).sum(axis=-1) > (fell.votes == YES).sum(axis=-1))
    for name in ("adopted", "strength", "joined"):
        assert not getattr(fell.text, name).any()
    assert np.all(stood.votes == YES)
    assert stood.text.adopted.any()
    np.testing.assert_array_equal(stood.text.adopted, session.text.adopted)


def test_who_objects_whatever_the_text_votes_no():
    world, session, setting = after_plenary()
    table = seat(
        world, session, setting, setting.parameters.group(ProtocolParameters, session.path("protocol"))
    )
    objects = np.zeros_like(table.objects)
    objects[:, 0], objects[:, 1] = 1.0, -1.0
    loss, bears = loss_and_tolerance(replace(table, objects=objects), session.text, session.text.adopted)
    votes = cast_votes(loss, bears, np.array([[2.0]]))
    assert np.all(votes[:, 0] == NO)
    assert np.all(votes[:, 1] == YES)


def test_what_one_world_votes_does_not_depend_on_the_others():
    together, alone = voted(), voted(replicates=(2,))
    np.testing.assert_array_equal(together.votes[2], alone.votes[0])
    np.testing.assert_array_equal(together.text.joined[2], alone.text.joined[0])


@pytest.mark.parametrize("taken", [True, False])
def test_the_table_has_a_row_for_each_who_might_have_voted(taken):
    world, session, setting = after_plenary(absent=2, processes__gfmd__vote__is_taken=taken)
    world, session = publish(*vote(world, session, setting), setting)
    columns = vote_columns(world, setting)
    if not taken:
        assert columns == []
        return
    (found,) = columns
    assert list(found) == ["replicate", "year", "instrument", "state", "vote"]
    assert found["state"].size == 4 * 24
    assert set(found["instrument"]) == {"gfmd"}
    assert set(found["vote"]) <= set(VOTES)
    assert (found["vote"] == "absent").sum() == 4 * 2
    said = [VOTES[int(each)] for each in session.votes[1]]
    assert found["vote"][found["replicate"] == 1].tolist() == said


def test_a_forum_without_votes_has_none():
    life = lived(small())
    assert all(np.all(session.votes == NO_VOTE) for world in life.worlds for session in world.minutes)
