"""The vote: where a process's rule says so, states vote on what the plenary has written.

All who attend vote; members that have not come are absent. The text is what was adopted before, paragraph by
paragraph. A state's loss is its mean over these paragraphs of salience by what lies between its proposal and
what the text says; what it tolerates is the mean of its tolerances, as in the plenary::

    loss_i = mean_a s_ia max(0, |z_a - x_ia| - a_a)        bears_i = mean_a tau_ia
    no if loss_i > nu bears_i,  abstains if loss_i > bears_i,  else yes

Judged by the worst paragraph instead, the one that it bears least decides: ``max_a loss_ia / tau_ia`` beside
one and ``nu``. Who would object whatever the text votes no. Reluctance to be bound and hostile opinion act
through the positions that they have moved already. The text stands if more vote yes than no (a simple
majority of those who vote; those who abstain count for neither side), and pledges only those who vote yes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migsim.forum.plenary import seat
from migsim.forum.session import Session
from migsim.forum.settlement import ProtocolParameters
from migsim.negotiation import Table, Text
from migsim.negotiation.text import CLOSE
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World
from migsim.world.vocabulary import VOTES

__all__ = ["NO_VOTE", "VoteParameters", "loss_and_tolerance", "losses", "vote", "worst_loss"]

NO_VOTE = -1.0
WHOLE = 0
YES, NO, ABSTAIN, ABSENT = (float(VOTES.index(name)) for name in ("yes", "no", "abstain", "absent"))


@dataclass(frozen=True)
class VoteParameters:
    """Registry group ``processes.*.vote``, each ``(..., 1)``."""

    is_taken: Array
    no_beyond: Array
    judged_by: Array


def vote(world: World, session: Session, setting: Setting) -> tuple[World, Session]:
    """States vote on the text, and it stands or falls.

    Where no vote is taken, or nothing was written, everything stays as it is.
    """
    p = setting.parameters.group(VoteParameters, session.path("vote"))
    written = session.text.adopted * session.on_paragraphs(setting)
    is_put = (p.is_taken > 0.0) & (session.held > 0.0) & written.any(axis=-1, keepdims=True)
    if not is_put.any():
        return world, session
    table = seat(
        world, session, setting, setting.parameters.group(ProtocolParameters, session.path("protocol"))
    )
    is_whole = p.judged_by == WHOLE
    loss, bears = loss_and_tolerance(table, session.text, written)
    worst = worst_loss(table, session.text, written)
    votes = cast_votes(np.where(is_whole, loss, worst), np.where(is_whole, bears, 1.0), p.no_beyond)
    votes = np.where(session.attended > 0.0, votes, ABSENT)
    votes = np.where(is_put & (session.eligible > 0.0), votes, NO_VOTE)
    return world, replace(session, votes=votes, text=decided(session.text, votes, is_put))


def loss_and_tolerance(table: Table, text: Text, written: Array) -> tuple[Array, Array]:
    """What each state loses by the text and how much it would bear, both ``(..., state)``.

    Means over the paragraphs written, ``(..., paragraph)`` in {0, 1}; nothing where there are none.
    """
    on = written[..., None, :] > 0.0
    n = np.maximum(written.sum(axis=-1, keepdims=True), 1.0)
    lost = np.ascontiguousarray(np.where(on, losses(table, text), 0.0)).sum(axis=-1) / n
    borne = np.ascontiguousarray(np.where(on, table.tolerance, 0.0)).sum(axis=-1) / n
    return lost, borne


def worst_loss(table: Table, text: Text, written: Array) -> Array:
    """Loss by the paragraph that a state bears least, in multiples of what it tolerates, ``(..., state)``."""
    loss, bears = losses(table, text), table.tolerance > 0.0
    share = np.where(bears, loss / np.where(bears, table.tolerance, 1.0), np.where(loss > 0.0, np.inf, 0.0))
    worst: Array = np.where(written[..., None, :] > 0.0, share, 0.0).max(axis=-1)
    return worst


def losses(table: Table, text: Text) -> Array:
    """What each state loses by each paragraph, ``(..., state, paragraph)``."""
    distance = np.abs(text.position[..., None, :] - table.position) - text.ambiguity[..., None, :]
    loss = table.salience * np.maximum(distance, 0.0)
    return np.where(table.objects > 0.0, np.inf, np.where(table.objects < 0.0, 0.0, loss))


def cast_votes(loss: Array, bears: Array, no_beyond: Array) -> Array:
    """Yes, no or abstain by state, as positions in `migsim.world.vocabulary.VOTES`."""
    abstains = np.where(loss > bears + CLOSE, ABSTAIN, YES)
    return np.where(loss > no_beyond * bears + CLOSE, NO, abstains)


def decided(text: Text, votes: Array, is_put: NDArray[np.bool_]) -> Text:
    """The text after the vote: gone where it failed, and pledging only those who voted yes."""
    n_yes, n_no = ((votes == each).sum(axis=-1, keepdims=True) for each in (YES, NO))
    stands = np.where(~is_put | (n_yes > n_no), 1.0, 0.0)
    agreed = np.where(is_put, votes == YES, True)
    return replace(
        text,
        adopted=text.adopted * stands,
        strength=text.strength * stands,
        joined=text.joined * (agreed * stands)[..., None],
    )
