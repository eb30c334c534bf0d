"""A contract whose issues depend on each other, settled by a mediator who knows nobody's utility.

Each of ``m`` issues is in the contract ``z`` or not, and what one is worth depends on the others::

    U_a = z' H_a z,  H_a symmetric

At each step the mediator flips one issue ``i`` drawn at random and asks all; with ``d = +1`` for putting it
in and ``-1`` for taking it out, actor ``a`` gains ``dU_a = 2 d (H_a z)_i + H_a,ii``. A hill-climber accepts
iff ``dU_a >= 0``, an annealer also with probability ``exp(dU_a / T)``, ``T = max(1e-9, T0 (1 - t / (.9
steps)))``; the flip stands iff all accept. Welfare is the sum of utilities; it is compared with that of a
contract found by annealing on this sum, which a dictator who knew all utilities would do.

Two hill-climbers soon stop at a contract that each single flip makes worse for one of them. Two annealers
let small losses pass and find a contract better for both. But an annealer across from a hill-climber ends
worse than if it had not given way: a prisoner's dilemma. The ordering of the publication is what is asked of
this module, not its digits.

Reference: Klein, Faratin, Sayama and Bar-Yam 2003, *Negotiating complex contracts*, Group Decision and
Negotiation 12, 111-125.

Examples
--------
Two who agree on every dependence find what both want:

>>> import numpy as np
>>> from migsim.negotiation.chance import Chance
>>> wishes = np.array([[1.0, -2.0], [-2.0, 3.0]])
>>> both = np.stack([wishes, wishes])
>>> kinds = ("annealer", "annealer")
>>> contract, welfare = mediate_contract(both, kinds, 500, 3.0, Chance.alone(1, ["A", "B"]))
>>> contract.tolist(), float(welfare)
([0.0, 1.0], 1.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from migsim.negotiation.chance import Chance
from migsim.negotiation.single_text import cooling, lets_pass
from migsim.negotiation.table import Array

__all__ = ["KINDS", "mediate_contract"]

KINDS: Final = ("hill_climber", "annealer")

BLOCK: Final = 1000
"""Steps drawn at a time."""


def mediate_contract(
    interdependence: Array, kinds: Sequence[str], steps: int, start_temperature: float, chance: Chance
) -> tuple[Array, Array]:
    """The contract that a mediator finds, and its welfare.

    Parameters
    ----------
    interdependence : array, shape ``(..., actor, issue, issue)``
        ``H``, symmetric in its issues; with a leading axis if chance has one.
    kinds : sequence of str
        Of each actor, one of `KINDS`.
    steps : int
    start_temperature : float
    chance : Chance
        The same contract to begin with, and the same proposals, whatever the kinds.

    Returns
    -------
    contract : array, shape ``(..., issue)``, in {0, 1}
    welfare : array, shape ``(...)``
        Over that found by annealing on the sum of utilities; nan where the latter is not positive.
    """
    lead, (n, m) = interdependence.shape[:-3], interdependence.shape[-3:-1]
    rooms = interdependence.reshape(-1, n, m, m)
    one_wants_all = np.zeros_like(rooms)
    one_wants_all[:, 0] = rooms.sum(axis=1)
    anneals = np.array([[kind == "annealer" for kind in kinds], [True] * n])
    search = _Search(np.concatenate((rooms, one_wants_all)), np.repeat(anneals, len(rooms), axis=0))
    contracts = np.tile(np.floor(2.0 * chance.uniform(m).reshape(-1, m)), (2, 1))
    search.flip(contracts, steps, start_temperature, chance)
    found, best = (np.einsum("pi,pij,pj->p", z, one_wants_all[:, 0], z) for z in np.split(contracts, 2))
    welfare = np.where(best > 0.0, found / np.where(best > 0.0, best, 1.0), np.nan)
    return contracts[: len(rooms)].reshape(*lead, m), welfare.reshape(lead)


@dataclass(frozen=True, eq=False)
class _Search:
    """Rooms that search for a contract, then as many in which one actor wants what all want together.

    ``interdependence`` ``(room, actor, issue, issue)``, ``anneals`` ``(room, actor)``.
    """

    interdependence: Array
    anneals: NDArray[np.bool_]

    def flip(self, contracts: Array, steps: int, start_temperature: float, chance: Chance) -> None:
        """Flip issues of the contracts ``(room, issue)`` one by one, keeping ``H z`` up to date."""
        pull = np.einsum("raij,rj->rai", self.interdependence, contracts)
        own = np.ascontiguousarray(np.diagonal(self.interdependence, axis1=-2, axis2=-1))
        rooms = np.arange(len(contracts))
        for begin in range(0, steps, BLOCK):
            issues, lots = self._draws(min(BLOCK, steps - begin), contracts.shape[1], chance)
            for number_of_step, (issue, lot) in enumerate(zip(issues, lots, strict=True), start=begin):
                put = 1.0 - 2.0 * contracts[rooms, issue]
                gain = 2.0 * put[:, None] * pull[rooms, :, issue] + own[rooms, :, issue]
                warm = np.array(start_temperature * cooling(number_of_step, steps))
                (hit,) = np.nonzero(lets_pass(gain, self.anneals, warm, lot).all(axis=-1))
                contracts[hit, issue[hit]] += put[hit]
                pull[hit] += put[hit, None, None] * self.interdependence[hit, :, issue[hit]]

    def _draws(self, n_steps: int, n_issues: int, chance: Chance) -> tuple[NDArray[np.intp], Array]:
        """The issue proposed in each room at each step, and each actor's lot; one lot for who is alone."""
        n_actors = self.anneals.shape[1]
        drawn = chance.uniform(n_steps, 2).reshape(-1, n_steps, 2)
        lots = chance.uniform_by_actor(n_steps).reshape(-1, n_steps, n_actors)
        issues = np.tile((drawn[..., 0] * n_issues).astype(np.intp), (2, 1))
        both = np.concatenate((lots, np.broadcast_to(drawn[..., 1:], lots.shape)))
        return np.ascontiguousarray(issues.T), np.ascontiguousarray(np.swapaxes(both, 0, 1))
