"""A negotiation of its own, outside any forum: from an input and a protocol to tables of what happened.

Positions are written from 0 to 100 here, and held from 0 to 1 inside. Before the protocol the actors may
persuade each other, if the options of persuasion say so; turn 0 is the input, turns of persuasion come next,
and those of the protocol last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import Fault, InputError, ScenarioError
from migsim.negotiation.alone.outcome import Settlement, settled
from migsim.negotiation.alone.seating import drafted, seat
from migsim.negotiation.chance import Chance
from migsim.negotiation.options import chosen, number, options_of, whole
from migsim.negotiation.persuasion import Persuasion, persuade
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.registry import protocol as named
from migsim.scenario.wording import did_you_mean

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["DEFAULT_PROTOCOL", "MOST_COSTLY", "Setup", "negotiate", "options_for", "settlement"]

DEFAULT_PROTOCOL: Final = "no_objection"
MOST_COSTLY: Final = 250
"""Actors among whom a protocol negotiates alone whose cost grows faster than their number squared."""
MOST_POSITIONS: Final = 2_500
"""Positions, actors times themes, if it also settles all themes together."""
_LARGEST_SEED: Final = 2**32 - 1


@dataclass(frozen=True)
class Setup:
    """Options that every protocol takes when it negotiates alone."""

    tolerance: float = number(0.15, 0.0, float("inf"), "loss an actor bears before it objects", "tau")
    max_ambiguity: float = number(
        0.3, 0.0, 1.0, "ambiguity at which a text says nothing; no_objection adopts none vaguer", "a_max"
    )
    observer_weight: float = number(
        0.1, 0.0, 1.0, "share of the draft open to those who are not states", "omega"
    )
    seed: int = whole(2026, 0, _LARGEST_SEED, "seed of the random numbers")


def negotiate(
    frame: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str],
    protocol: str = DEFAULT_PROTOCOL,
    **options: object,
) -> Settlement:
    """Let actors negotiate by a protocol: `migsim.negotiate`, which has the arguments, without its figure.

    Examples
    --------
    >>> rows = {"actor": ["A", "B"], "position": [20, 60], "capability": [3, 1]}
    >>> print(negotiate(rows, protocol="compromise"))
    Compromise mean: 2 actors, 1 theme, nobody moves
      text: 30.0 ± 15.0 of 100, adopted, nobody against; compromise 30.0
      Tables: positions, outcome, text
    """
    return settlement(frame, protocol, options, "option")


def settlement(
    given: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str],
    name: str,
    options: Mapping[str, object],
    where: str,
) -> Settlement:
    """As `negotiate`, with options by name and where they were given."""
    rules = named(name)
    setup, persuasion, own = options_for(rules, options, where)
    sitting = seat(
        given,
        rules,
        tolerance=setup.tolerance,
        max_ambiguity=setup.max_ambiguity,
        observer_weight=setup.observer_weight,
    )
    if rules.is_costly(own):
        _refuse_too_many(rules, len(sitting.actors), len(sitting.themes))
    chance = Chance.alone(setup.seed, sitting.actors)
    table, before = persuade(sitting.table, persuasion, chance)
    course = rules.negotiate(drafted(table, setup.observer_weight), own, chance)
    used = {
        **asdict(setup),
        **asdict(persuasion),
        **{each.name: getattr(own, each.name) for each in fields(own)},
    }
    return settled(rules, used, sitting, before, course)


def _refuse_too_many(rules: Protocol, n_actors: int, n_themes: int) -> None:
    """Refuse what a protocol whose cost grows fast would not finish."""
    said = f"under protocol {rules.name}, whose cost grows fast"
    if n_actors > MOST_COSTLY:
        found = f"{n_actors} actors; allowed: at most {MOST_COSTLY} {said}"
        raise InputError(f"{found}; let groups speak for their members, or choose another protocol")
    if rules.themes == "together" and n_actors * n_themes > MOST_POSITIONS:
        found = (
            f"{n_actors} actors on {n_themes} themes; allowed: at most {MOST_POSITIONS:,} positions {said}"
        )
        raise InputError(f"{found}; negotiate over fewer themes, or choose another protocol")


def options_for(rules: Protocol, given: Mapping[str, object], where: str) -> tuple[Setup, Persuasion, Any]:
    """The options of a negotiation alone, of persuasion and of the protocol, from what was given.

    Raises
    ------
    ScenarioError
        Naming every option that is unknown or not allowed.
    """
    kinds: tuple[type[Any], ...] = (Setup, Persuasion, rules.options)
    shares: dict[type[Any], dict[str, object]] = {kind: {} for kind in kinds}
    known = {kind: options_of(kind) for kind in kinds}
    faults: list[Fault] = []
    for name, value in given.items():
        owner = next((kind for kind in reversed(kinds) if _knows(known[kind], name)), None)
        if owner is None:
            listed = [option for kind in reversed(kinds) for option in known[kind]]
            allowed = f"options: {', '.join(listed)}"
            found = f"unknown option of {rules.name}"
            faults.append(Fault(where, 0, 0, name, found, allowed, did_you_mean(name, tuple(listed))))
        else:
            shares[owner][name] = value
    taken = []
    for kind, share in shares.items():
        try:
            taken.append(chosen(kind, share, where, rules.name))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return taken[0], taken[1], taken[2]


def _knows(options: Mapping[str, Any], name: str) -> bool:
    return name.lower() in options or name in {option.symbol for option in options.values() if option.symbol}
