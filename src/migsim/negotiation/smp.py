"""The spatial model of politics: delegations challenge each other, strike bargains, and move, turn by turn.

Themes are settled together, as the dimensions of one space. In each turn

1. every delegation looks how far the others stand, finds its taste for risk, and challenges the one from whom
   it expects to gain most, if anything (`migsim.negotiation.spatial_contest`);
2. each challenge makes a bargain or two (`migsim.negotiation.spatial_bargain`), which both sides put on their
   list beside the status quo;
3. all delegations, by capability, elect among the options on each list (`migsim.negotiation.voting`): to
   ``a`` a bargain of ``i`` and ``j`` is worth the mean of its utilities of all positions, ``i`` and ``j``
   standing where the bargain puts them;
4. all move at once to their own part of the likeliest option on their list, the status quo or else the
   earliest on ties. Under ``state_transition=Stochastic`` each list is drawn from by these probabilities
   instead; this is our reading of the program and has not been compared with it.

The turns end after turn ``t >= min_turns`` when
``D(t - 1, t) / (D(0, 1) + min_sig_delta) < min_delta_ratio``, ``D`` being the sum of the distances moved;
after ``max_turns``; or when all positions fare alike in an election, so that nobody has a taste for risk (the
program fails there; we stop).

``win_probability`` is what each position has in an election among positions more than a tenth of a point
apart, voters weighing by capability; those who hold the same position have the same, so they may sum to more
than one. ``winner`` is the likeliest position, the first on ties, ``expected`` the mean of all by their
probabilities. The text is the winner of the last turn: a position that somebody holds on all themes at once,
where the mean of several would be a package that nobody proposed. Nobody can block.

One actor gets its position. Two bargain by the same equations, though the program asks for three; if neither
is likelier to win, they stay where they are. A theme to which some attach no salience is fine, but an actor
must care for one at least, and its saliences must not sum to more than one. Oddities of the program are kept,
and told in the modules named; one may carry positions outside the scale, and then the text is cut to it.

Reference: Bueno de Mesquita (1997), as in the KAPSARC Toolkit for the Analysis of Behavior (KTAB), whose
words the options are.

Examples
--------
>>> from migsim.negotiation.alone import negotiate as ask
>>> rows = {"actor": ["A", "B", "C"], "position": [0, 40, 100], "salience": [0.9, 0.5, 0.7]}
>>> ask(rows, protocol="smp").text["position"].round(6).tolist()
[38.42]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.errors import InputError
from migsim.negotiation.chance import Chance
from migsim.negotiation.options import choice, number, whole
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.spatial_bargain import BARGAIN_MODELS, INTER_VEC_BARGAIN, Bargains, proposed
from migsim.negotiation.spatial_contest import (
    BIG_R_ADJUST,
    BIG_R_RANGE,
    THIRD_PARTY_COMMIT,
    Contestants,
    distances,
    risks,
    utility,
)
from migsim.negotiation.table import Array, Table, weighted_mean, weighted_median, weights
from migsim.negotiation.text import Course, unblocked
from migsim.negotiation.voting import PCE_MODELS, VICTORY_PROB_MODELS, VOTING_RULES, Election, in_order

__all__ = ["PROTOCOL", "STATE_TRANSITIONS", "Options", "negotiate"]

STATE_TRANSITIONS: Final = ("Deterministic", "Stochastic")

SAME: Final = 1e-3
"""Positions no further apart than this count as one when win probabilities are reported."""

ALIKE: Final = 1e-12
"""Relative difference of probabilities that is nothing but rounding."""

ROUNDING: Final = 1e-9
"""How far saliences may sum beyond one."""


@dataclass(frozen=True)
class Options:
    """Options of the protocol, by the names and words of KTAB."""

    victory_prob_model: str = choice(
        "Linear", VICTORY_PROB_MODELS, "how a coalition's strength makes it win elections"
    )
    pce_model: str = choice(
        "Conditional", PCE_MODELS, "how an election comes to a probability for each option"
    )
    state_transition: str = choice(
        "Deterministic",
        STATE_TRANSITIONS,
        "whether the likeliest bargain is taken, or one drawn by probability",
    )
    voting_rule: str = choice("Prop", VOTING_RULES, "how a gain makes a vote")
    big_r_adjust: str = choice(
        "OneThird", tuple(BIG_R_ADJUST), "share of an actor's own risk in how others see it"
    )
    big_r_range: str = choice("Mid", BIG_R_RANGE, "whether tastes for risk run from 0, -1/2 or -1 to 1")
    third_party_commit: str = choice(
        "SemiCommit", THIRD_PARTY_COMMIT, "how far third parties bind themselves"
    )
    inter_vec_bargain: str = choice("S2P2", INTER_VEC_BARGAIN, "where two delegations meet")
    bargain_model: str = choice("InitOnlyInterp", BARGAIN_MODELS, "who proposes a bargain")
    min_turns: int = whole(2, 1, 1000, "turns after which the negotiation may end")
    max_turns: int = whole(100, 0, 1000, "turns after which it ends", "rounds")
    min_delta_ratio: float = number(
        0.02, 0.0, 1.0, "movement, relative to the first turn's, below which it ends"
    )
    min_sig_delta: float = number(1e-4, 0.0, 1.0, "added to the movement of the first turn")

    @property
    def election(self) -> Election:
        """How options are elected."""
        return Election(self.voting_rule, self.victory_prob_model, self.pce_model)


@dataclass(frozen=True, eq=False)
class Standing:
    """Where everybody stands at the end of a turn, and how everybody sees it.

    ``position`` and ``salience`` are ``(actor, issue)``, ``capability`` and ``risk`` ``(actor,)``,
    ``distance`` and ``worth``, to an actor of each position, ``(actor, actor)``. ``is_over``: nobody has a
    taste for risk.
    """

    position: Array
    salience: Array
    capability: Array
    distance: Array
    risk: Array
    worth: Array
    is_over: bool

    @classmethod
    def of(cls, position: Array, table: Table, options: Options) -> Standing:
        """See the positions."""
        distance = distances(table.salience, position, position)
        risk = risks(options.election, table.weight, distance, options.big_r_range)
        tastes = np.zeros(table.weight.shape) if risk is None else risk
        worth = utility(distance, tastes[:, None])
        return cls(position, table.salience, table.weight, distance, tastes, worth, risk is None)

    def bargains(self, options: Options) -> Bargains:
        """The bargains that these positions give rise to."""
        contestants = Contestants(
            self.capability,
            self.salience.sum(axis=-1),
            self.risk,
            self.distance,
            options.voting_rule,
            options.third_party_commit,
            options.big_r_adjust,
        )
        return proposed(
            contestants, self.position, self.salience, options.bargain_model, options.inter_vec_bargain
        )

    def scores(self, bargains: Bargains, involved: NDArray[np.bool_]) -> tuple[Array, Array]:
        """What the status quo is worth to each actor, ``(actor,)``, and each bargain, ``(actor, bargain)``.

        The terms of the two who bargain are summed first and the others in their order, so that identical
        bargains are worth exactly the same.
        """
        n = self.capability.size
        ends = (bargains.of_initiator, bargains.of_receiver)
        to_i, to_j = (
            utility(distances(self.salience, self.position, end), self.risk[:, None]) for end in ends
        )
        others = np.where(involved[:, None, :], 0.0, self.worth.T[:, :, None])
        return in_order(self.worth.T) / n, in_order(others, to_i + to_j) / n


def moved(standing: Standing, options: Options, draws: Array | None) -> Array:
    """Positions after one turn, ``(actor, issue)``."""
    bargains = standing.bargains(options)
    everybody = np.arange(standing.capability.size)[:, None]
    involved = (bargains.initiator == everybody) | (bargains.receiver == everybody)
    status_quo, scores = standing.scores(bargains, involved)
    position, on_list = standing.position.copy(), involved.sum(axis=1)
    for length in np.unique(on_list[on_list > 0]):
        who = np.flatnonzero(on_list == length)
        listed = np.nonzero(involved[who])[1].reshape(who.size, length)
        worth = np.concatenate(
            [np.broadcast_to(status_quo[:, None, None], (*scores.shape[:1], who.size, 1)), scores[:, listed]],
            axis=-1,
        )
        p = options.election.probabilities(standing.capability, np.moveaxis(worth, 0, 1))
        pick = _likeliest(p) if draws is None else _drawn(p, draws[who])
        strikes = pick > 0
        actor, bargain = who[strikes], listed[strikes, pick[strikes] - 1]
        initiates = (bargains.initiator[bargain] == actor)[:, None]
        position[actor] = np.where(initiates, bargains.of_initiator[bargain], bargains.of_receiver[bargain])
    return position


def _likeliest(p: Array) -> NDArray[np.intp]:
    """The likeliest option of each list, ``(list,)``; the first of those that differ by rounding only."""
    nearly = p >= p.max(axis=1, keepdims=True) * (1.0 - ALIKE)
    return np.asarray(nearly.argmax(axis=1), dtype=np.intp)


def _drawn(p: Array, draws: Array) -> NDArray[np.intp]:
    """The option on which each draw falls."""
    beyond = (draws[:, None] >= np.cumsum(p, axis=1)).sum(axis=1)
    return np.asarray(np.minimum(beyond, p.shape[1] - 1), dtype=np.intp)


def win_probabilities(standing: Standing, election: Election) -> tuple[Array, Array]:
    """Each actor's probability that its position wins, and the mean position by these, ``(issue,)``."""
    apart = standing.position[:, None, :] - standing.position[None, :, :]
    same = np.sqrt((apart * apart).sum(axis=-1)) <= SAME
    held: list[int] = []
    for actor in range(standing.capability.size):
        if not same[actor, held].any():
            held.append(actor)
    p = election.probabilities(standing.capability, standing.worth[:, held])
    # An actor near several of the positions counts with the last of them.
    last = len(held) - 1 - same[:, held][:, ::-1].argmax(axis=1)
    return p[last], np.asarray((p[:, None] * standing.position[held]).sum(axis=0))


def _turns(table: Table, options: Options, chance: Chance) -> list[Standing]:
    """The standing after each turn, from turn 0 on."""
    turns = [Standing.of(table.position, table, options)]
    moves: list[float] = []
    while not turns[-1].is_over and len(moves) < options.max_turns:
        draws = chance.uniform_by_actor() if options.state_transition == "Stochastic" else None
        position = moved(turns[-1], options, draws)
        step = position - turns[-1].position
        moves.append(float(in_order(np.sqrt((step * step).sum(axis=-1)))))
        turns.append(Standing.of(position, table, options))
        first = moves[0] + options.min_sig_delta
        is_still = first <= 0.0 or moves[-1] / first < options.min_delta_ratio
        if len(moves) >= options.min_turns and is_still:
            break
    return turns


def _check(table: Table) -> None:
    """Refuse saliences with which there is no distance, or more than the whole attention of an actor."""
    care = table.salience.sum(axis=-1)
    bad = np.flatnonzero(~((care > 0.0) & (care <= 1.0 + ROUNDING)))
    if bad.size:
        said = "; ".join(f"actor {k + 1} of {care.size}: {care[k]:.6g}" for k in bad)
        raise InputError(
            f"saliences over all themes sum to {said}; allowed: more than 0, at most 1; "
            "divide each actor's saliences by their sum or by the number of themes"
        )


def negotiate(table: Table, options: Options, chance: Chance) -> Course:
    """Let the delegations challenge and bargain until they hardly move; see the module's account."""
    if not table.weight.size:
        return Course(unblocked(table, weighted_mean(table.position, weights(table))), table.position[None])
    _check(table)
    turns = _turns(table, options, chance)
    positions = np.stack([turn.position for turn in turns])
    wins, expected = (
        np.stack(each)
        for each in zip(*(win_probabilities(turn, options.election) for turn in turns), strict=True)
    )
    winner = positions[np.arange(len(turns)), wins.argmax(axis=1)]
    weigh = np.broadcast_to(weights(table), positions.shape)
    outcomes = {
        "winner": winner,
        "expected": expected,
        "weighted_mean": weighted_mean(positions, weigh),
        "weighted_median": weighted_median(positions, weigh),
    }
    text = unblocked(table, np.clip(winner[-1], 0.0, 1.0), positions[-1])
    return Course(text, positions, outcomes, {"win_probability": wins})


PROTOCOL: Final = Protocol(
    name="smp",
    title="Spatial model of politics",
    reference="Bueno de Mesquita 1997; KAPSARC Toolkit for the Analysis of Behavior",
    summary="Delegations challenge each other over all themes at once and move to the bargains elected.",
    negotiate=negotiate,
    options=Options,
    themes="together",
    needs_salience=True,
    needs_capability=True,
    who_may_block="nobody",
    is_random=lambda options: options.state_transition == "Stochastic",
    is_costly=lambda options: True,
    shares_salience=True,
    is_vectorised=False,
)
