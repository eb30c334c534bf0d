"""How readily states ratify: fitted to the parties of the two labour conventions and of Palermo.

Known are, for early 2004, how many states had ratified the ILO's conventions 97 and 143 and how many of them
were developed (document 002), and that the rules of Palermo have wide support, which we read as a range.
That is five figures; three coefficients are fitted to them: the level, the weight of equality clauses, and
that of rules against crime. The counts alone leave the weight of equality clauses open, so it is drawn to an
assumed one. What else draws states or holds them back is assumed, and the range of the three
holds what comes out at either end of each assumption. The migrant workers' convention is not looked at: its
parties are predicted (`migsim.validation.ratifications`).

Expected parties follow from the chances of `migsim.forum.ratification`, year by year, with the expected share
of neighbours in place of the actual one: ``P' = P + (1 - P) h(share of peers)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.calibration.calm import calm_world
from migsim.calibration.fits import INTERVAL, Array, Fit, interval
from migsim.facts.codes import BASE_YEAR
from migsim.forum.ratification import Instruments, Stakes, expected, stakes
from migsim.provenance.claims import claim
from migsim.provenance.parameters import registry

if TYPE_CHECKING:
    from migsim.world.setting import Setting, States

__all__ = ["FITTED", "PALERMO", "Counted", "Target", "fit_ratification", "solve", "targets"]

GROUP: Final = "instruments"
FITTED: Final = ("level", "equality", "security")
ASSUMED: Final = ("benefit", "depth", "sovereignty", "peers")
COUNTED_BY: Final = 2003
"""The document counts parties on 16 January 2004: those of the end of the year before."""
PALERMO: Final = (0.5, 0.65, 0.8)
"""Share of members that are parties ten years after the opening, low, central, high: our own reading of the
document's "strong support from a large number of Governments", an assumption."""
PALERMO_YEARS: Final = 10
EQUALITY: Final = (0.0, 4.0, 8.0)
"""Weight of equality clauses that the fit is drawn to, and its range: an assumption. Two conventions alone do
not tell it from chance."""
CONVENTIONS: Final = {"ilo-c97": "ilo-c97", "ilo-c143": "ilo-c143"}
SUPPORTED: Final = "palermo-protocols"
LARGEST: Final = 60.0
START: Final = (-5.0, 2.0, 2.0)
TARGET: Final = (
    "parties of ILO conventions 97 (42, of which 10 developed) and 143 (18, of which 3) in early 2004;"
    f" parties of the Palermo protocols within ten years, {PALERMO[1]:g} of members ({PALERMO[0]:g} to"
    f" {PALERMO[2]:g}, assumption)"
)
METHOD: Final = (
    "least squares of counts over their chance errors (scipy least_squares), equality drawn to"
    f" {EQUALITY[1]:g} ({EQUALITY[0]:g} to {EQUALITY[2]:g}, assumption); range: interval of 90 % and the fits"
    f" at either end of what is assumed of {', '.join(ASSUMED)} together"
)


@dataclass(frozen=True, eq=False)
class Target:
    """One instrument whose parties are known, and what it means to each state.

    ``depth`` and ``equality`` after reservations are in ``means``; ``years``: those in which states could
    ratify; ``known``: figures, and ``error``: how far each may be off by chance, standard deviation.
    """

    name: str
    means: Stakes
    years: range
    known: Array
    error: Array


@dataclass(frozen=True, eq=False)
class Counted:
    """All targets, with the states that they are about."""

    targets: tuple[Target, ...]
    states: States
    members: Array
    assumed: Instruments

    def misses(self, fitted: Array, assumed: Instruments) -> Array:
        """Model less figures, in units of their chance errors."""
        p = replace(assumed, **dict(zip(FITTED, np.reshape(fitted, (-1, 1, 1)), strict=True)))
        found = [(self.seen(each, p) - each.known) / each.error for each in self.targets]
        return np.concatenate(found)

    def seen(self, target: Target, p: Instruments) -> Array:
        """What the model has for the figures of a target."""
        parties = expected(target.means, target.years, self.members, self.states, p)[target.years[-1]][0]
        if target.name == SUPPORTED:
            return np.array([parties.sum() / self.members.sum()])
        developed = (parties * self.states.is_developed).sum()
        return np.array([parties.sum() - developed, developed])


def instruments_in(names: tuple[str, ...]) -> dict[str, object]:
    """The processes of the library that have these instruments, as a scenario writes them."""
    from migsim.scenario.load import load

    return {name: load(name).content["processes"][name] for name in names}


def targets(values: Mapping[str, float] | None = None) -> Counted:
    """The figures, and what the three instruments mean to states in the base year, without misjudgement.

    Parameters
    ----------
    values
        Values of other parameters, by path, instead of their defaults.
    """
    names = (*CONVENTIONS, SUPPORTED)
    certain = {"actors.interests.misjudgement": 0.0, "processes": instruments_in(names)}
    setting, world = calm_world(BASE_YEAR + 1, {**(values or {}), **certain})
    means = {name: stakes(name, world, setting) for name in names}
    found = [_counted(name, means[name], setting) for name in CONVENTIONS]
    low, central, high = PALERMO
    opened = _opened(SUPPORTED, setting)
    spread = (high - low) / 2.0 / INTERVAL
    palermo = Target(
        SUPPORTED,
        means[SUPPORTED],
        range(opened, opened + PALERMO_YEARS),
        np.array([central]),
        np.array([spread]),
    )
    assumed = setting.parameters.group(Instruments, GROUP)
    return Counted((*found, palermo), setting.states, setting.members(BASE_YEAR), assumed)


def _counted(name: str, means: Stakes, setting: Setting) -> Target:
    """Parties among other and among developed states, which may be off as counts of rare events are."""
    parties = float(claim(f"{CONVENTIONS[name]}-ratifications").value)
    developed = float(claim(f"{CONVENTIONS[name]}-developed").value)
    known = np.array([parties - developed, developed])
    return Target(name, means, range(_opened(name, setting), COUNTED_BY + 1), known, np.sqrt(known))


def _opened(name: str, setting: Setting) -> int:
    opened = setting.definition.spec.processes[name].instrument.opened
    assert opened is not None, "the library's instruments are open"
    return opened


def solve(counted: Counted, assumed: Instruments, start: tuple[float, ...] = START) -> tuple[Array, Array]:
    """The fitted coefficients, and how the misses change with each, ``(figure, coefficient)``.

    The last figure is the assumed weight of equality clauses.
    """
    from scipy import optimize

    low, usual, high = EQUALITY
    place, spread = FITTED.index("equality"), (high - low) / 2.0 / INTERVAL

    def all_misses(fitted: Array) -> Array:
        return np.append(counted.misses(fitted, assumed), (fitted[place] - usual) / spread)

    ends = ([-LARGEST, 0.0, 0.0], [LARGEST] * len(FITTED))
    found = optimize.least_squares(all_misses, start, bounds=ends, xtol=1e-9, ftol=1e-12)
    return np.asarray(found.x), np.asarray(found.jac)


def _at_ends(counted: Counted, start: tuple[float, ...]) -> Iterator[Array]:
    """The fit at either end of each assumption."""
    for name in ASSUMED:
        row = registry()[f"{GROUP}.{name}"]
        for end in (row.low, row.high):
            assert end is not None, "what is assumed has a range"
            yield solve(counted, replace(counted.assumed, **{name: np.full((1, 1), end)}), start)[0]


def fit_ratification(values: Mapping[str, float]) -> tuple[Fit, ...]:
    """The level, and the weights of equality clauses and of rules against crime, given other fits."""
    counted = targets(values)
    found, slopes = solve(counted, counted.assumed)
    errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))
    ends = np.array(list(_at_ends(counted, tuple(found))))
    misses = counted.misses(found, counted.assumed)
    before = counted.misses(np.array([found[0], 0.0, 0.0]), counted.assumed)
    lowest = {"level": -np.inf, "equality": 0.0, "security": 0.0}
    fits = []
    for n, name in enumerate(FITTED):
        low, high = interval(found[n], errors[n])
        fits.append(
            Fit(
                id=f"ratification_{name}",
                path=f"{GROUP}.{name}",
                value=float(found[n]),
                standard_error=float(errors[n]),
                low=max(min(low, float(ends[:, n].min())), lowest[name]),
                high=max(high, float(ends[:, n].max())),
                target=TARGET,
                figures="forum_history.csv (document 002, 2004); the world of 2005",
                n=len(misses),
                error_before=float(np.sqrt((before**2).mean())),
                error=float(np.sqrt((misses**2).mean())),
                error_unit="root mean square, chance errors of the counts",
                method=METHOD,
                notes=_notes(counted, found) if n == 0 else (),
            )
        )
    return tuple(fits)


def _notes(counted: Counted, found: Array) -> tuple[str, ...]:
    p = replace(counted.assumed, **dict(zip(FITTED, np.reshape(found, (-1, 1, 1)), strict=True)))
    told = []
    for target in counted.targets:
        seen = counted.seen(target, p)
        pairs = ", ".join(
            f"{ours:.3g} for {known:.3g}" for ours, known in zip(seen, target.known, strict=True)
        )
        told.append(f"{target.name}: {pairs}")
    return (
        f"others and developed, or share: {'; '.join(told)}",
        "all states of today could ratify from the opening on: that many became independent later is left"
        " out, so rates of states of departure come out too low",
    )
