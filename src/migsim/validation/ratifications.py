"""Ratifications: the counts that were fitted, and the migrant workers' convention, which was not.

*Model* is the expected number at central parameters, without misjudgement; *5-95 %* are single worlds with
parameters and chance drawn. A count passes if it is as near as chance leaves it, ``1.645 sqrt(figure)``. By
state, the score is the chance that a state that ratified was ranked above one that did not: ½ is a coin's.
What instruments mean to states is that of 2005 in all years, and all states of today may ratify from the
opening on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np

from migsim.calibration.calm import HISTORY, calm_world
from migsim.calibration.fits import INTERVAL
from migsim.calibration.ratification import (
    COUNTED_BY,
    GROUP,
    PALERMO,
    PALERMO_YEARS,
    instruments_in,
)
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.facts import recorded_parties
from migsim.forum.instruments import joining, opening
from migsim.forum.ratification import Instruments, Stakes, expected, stakes
from migsim.provenance.claims import claim
from migsim.scenario.load import load
from migsim.start import begin
from migsim.validation.checks import Check, against_figure, told, wins
from migsim.validation.runs import Reading
from migsim.validation.scores import ranking
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.vocabulary import BASE_YEAR

__all__ = [
    "INSTRUMENTS",
    "LAST",
    "MIGRANT_WORKERS",
    "SECTION",
    "Outlook",
    "by_region_and_income",
    "outlook",
    "ratification_checks",
    "record",
]

SECTION: Final = "Ratifications"
MIGRANT_WORKERS: Final = "migrant-workers-convention"
LABOUR: Final = ("ilo-c97", "ilo-c143")
SUPPORTED: Final = "palermo-protocols"
INSTRUMENTS: Final = (*LABOUR, SUPPORTED, MIGRANT_WORKERS, "refugee-convention")
LAST: Final = 2010
RECORD: Final = "facts:ratifications.csv"


@dataclass(frozen=True, eq=False)
class Outlook:
    """What instruments mean to states in a batch of worlds, and who ratifies when.

    ``joined``: for each instrument the years of ratification that were drawn, ``(..., state)``.
    """

    setting: Setting
    means: Mapping[str, Stakes]
    joined: Mapping[str, Array]

    def chances(self, name: str, years: range, start: Array | None = None) -> dict[int, Array]:
        """Chance of each state to be a party at the end of each year, ``(..., state)``."""
        p = self.setting.parameters.group(Instruments, GROUP)
        members = self.setting.members(years[-1])
        return expected(self.means[name], years, members, self.setting.states, p, start)

    def since_opening(self, name: str, year: int) -> Array:
        """Chance of each state to be a party at the end of a year, from the opening on, ``(..., state)``."""
        return self.chances(name, range(opening(name, self.setting), year + 1))[year]

    def parties(self, name: str, year: int, among: Array) -> Array:
        """Parties drawn at the end of a year among some states, ``(...,)``."""
        return (np.where(self.joined[name] <= year, 1.0, 0.0) * among).sum(axis=-1)


def outlook(worlds: int = 0) -> Outlook:
    """Central and without misjudgement, or for a number of ranged worlds."""
    processes = instruments_in(INSTRUMENTS)
    if worlds:
        drawn = {f"processes.{MIGRANT_WORKERS}.instrument.parties": "drawn"}
        changes = {"processes": processes, "shocks": {}, "years.last": BASE_YEAR + 1}
        scenario = load(HISTORY).vary("Instruments", changes).vary("Instruments drawn", drawn)
        setting, world = begin(scenario, tuple(range(worlds)), DEFAULT_SEED, "ranged")
    else:
        certain = {"actors.interests.misjudgement": 0.0, "processes": processes}
        setting, world = calm_world(BASE_YEAR + 1, certain)
    means = {name: stakes(name, world, setting) for name in INSTRUMENTS}
    joined = {name: world.treaties.joined[:, n] for n, name in enumerate(INSTRUMENTS)}
    for year in range(BASE_YEAR + 1, LAST + 1):
        members = setting.members(year)
        for name, so_far in joined.items():
            joined[name] = joining(name, year, members, so_far, means[name], setting)
    return Outlook(setting, means, joined)


def ratification_checks(worlds: int) -> list[Check]:
    """The counts that the fit has seen, and then those that it has not, by year and by state."""
    central, ranged = outlook(), outlook(worlds) if worlds else None
    states = central.setting.states
    everybody, developed = np.ones(len(states)), states.is_developed
    return [
        *(
            _count(central, ranged, name, COUNTED_BY, among, f"{name}-{claimed}", what, is_fitted=True)
            for name in LABOUR
            for among, claimed, what in (
                (everybody, "ratifications", "parties"),
                (developed, "developed", "developed parties"),
            )
        ),
        _support(central, ranged),
        replace(
            _count(central, ranged, MIGRANT_WORKERS, COUNTED_BY, everybody, "mwc-ratifications", "parties"),
            forecasts={"pace of the labour conventions": _at_pace_of_labour(central)},
        ),
        _count(central, ranged, MIGRANT_WORKERS, COUNTED_BY, developed, "mwc-developed", "developed parties"),
        *(_recorded(central, ranged, year) for year in range(COUNTED_BY + 1, LAST + 1)),
        _who_joined(central, ranged),
        *_who_joins_next(central, ranged),
    ]


def _at_pace_of_labour(central: Outlook) -> float:
    """Parties of the migrant workers' convention, had states joined at the pace of the labour conventions."""
    n = float(central.setting.members(COUNTED_BY).sum())
    parties = {name: float(claim(f"{name}-ratifications").value) for name in LABOUR}
    years = {name: COUNTED_BY - opening(name, central.setting) + 1 for name in (*LABOUR, MIGRANT_WORKERS)}
    waited = sum(n * years[name] - parties[name] * years[name] / 2.0 for name in LABOUR)
    yearly = sum(parties.values()) / waited
    return n * (1.0 - (1.0 - yearly) ** years[MIGRANT_WORKERS])


def _reading(central: float, ranged: Outlook | None, measure: Callable[[Outlook], Array]) -> Reading:
    if ranged is None:
        return Reading(central)
    low, high = np.quantile(measure(ranged), (0.05, 0.95))
    return Reading(central, float(low), float(high))


def _near(reading: Reading, what: str, year: int | str, figure: float, source: str, told_first: str) -> Check:
    slack = INTERVAL * sqrt(max(figure, 1.0))
    check = against_figure(SECTION, what, year, "states", reading, figure, source=source, slack=slack)
    return _retold(check, f"{told_first}; {check.remark}")


def _retold(check: Check, remark: str) -> Check:
    return replace(check, remark=remark)


def _count(
    central: Outlook,
    ranged: Outlook | None,
    name: str,
    year: int,
    among: Array,
    claimed: str,
    what: str,
    *,
    is_fitted: bool = False,
) -> Check:
    """Parties at the end of a year beside a claim of the documents."""
    ours = float((central.since_opening(name, year)[0] * among).sum())
    reading = _reading(ours, ranged, lambda seen: seen.parties(name, year, among))
    figure, source = float(claim(claimed).value), f"evidence:{claimed}"
    said = "Fitted" if is_fitted else "Predicted, not fitted"
    return _near(reading, f"{what} of {name}", year, figure, source, said)


def _support(central: Outlook, ranged: Outlook | None) -> Check:
    year = opening(SUPPORTED, central.setting) + PALERMO_YEARS - 1
    members = central.setting.members(year)
    ours = float(central.since_opening(SUPPORTED, year)[0].sum() / members.sum())
    reading = _reading(ours, ranged, lambda seen: seen.parties(SUPPORTED, year, members) / members.sum())
    low, middle, high = PALERMO
    return Check(
        SECTION, f"parties of {SUPPORTED} ten years after", str(year), "share of members", reading.model,
        reading.low, reading.high, middle, passed=low <= reading.model <= high,
        source="evidence:i-govts-palermo assumption",
        remark=f'Fitted to a range of our own, {low:g} to {high:g}: the documents say "strong support" only.',
    )  # fmt: skip


def record(year: int, setting: Setting) -> Array:
    """Parties on record to the migrant workers' convention at the end of a year, ``(state,)`` in {0, 1}."""
    record = recorded_parties(MIGRANT_WORKERS)
    return np.array([1.0 if record.get(code, LAST + 1) <= year else 0.0 for code in setting.states.iso3])


def _recorded(central: Outlook, ranged: Outlook | None, year: int) -> Check:
    everybody = np.ones(len(central.setting.states))
    ours = float(central.since_opening(MIGRANT_WORKERS, year)[0].sum())
    reading = _reading(ours, ranged, lambda seen: seen.parties(MIGRANT_WORKERS, year, everybody))
    figure = float(record(year, central.setting).sum())
    what = f"parties of {MIGRANT_WORKERS}"
    return _near(reading, what, year, figure, RECORD, "Predicted from the opening on, not fitted")


def _who_joined(central: Outlook, ranged: Outlook | None) -> Check:
    """Whether those who joined by 2005 are ranked above the others, from nothing but the text and 2005."""
    setting, joined = central.setting, record(BASE_YEAR, central.setting)

    def area(seen: Outlook) -> Array:
        return ranking(seen.since_opening(MIGRANT_WORKERS, BASE_YEAR), joined)

    forecasts = {
        "by departure role": float(ranking(setting.states.departure, joined)),
        "by income": float(ranking(-setting.base.income.reshape(-1, len(setting.states))[0], joined)),
    }
    return _ranked(
        _reading(float(area(central)[0]), ranged, area), "ranking of parties", f"1990-{BASE_YEAR}", forecasts,
        f"{joined.sum():.0f} parties; the model knows the text and the states of 2005 only",
    )  # fmt: skip


def _ranked(reading: Reading, what: str, years: str, forecasts: Mapping[str, float], said: str) -> Check:
    won, best = wins(reading.model, forecasts, is_larger_better=True)
    remark = (
        f"{said}; {'better' if won else 'no better'} than {best} ({told(forecasts[best])}), ½ is a coin's."
    )
    return Check(
        SECTION, f"{what} of {MIGRANT_WORKERS} (area under ROC)", years, "score", reading.model, reading.low,
        reading.high, 1.0, forecasts, won, RECORD, remark,
    )  # fmt: skip


def _who_joins_next(central: Outlook, ranged: Outlook | None) -> list[Check]:
    """From the record of 2005 on: how many join by 2010, and who."""
    setting, first = central.setting, BASE_YEAR + 1
    before, after = (record(year, setting) for year in (BASE_YEAR, LAST))
    open_to = np.flatnonzero((before == 0.0) & (setting.members(LAST) > 0.0))
    new = (after - before)[open_to]

    def chances(seen: Outlook) -> Array:
        return seen.chances(MIGRANT_WORKERS, range(first, LAST + 1), before)[LAST][:, open_to]

    pace = before.sum() / (first - opening(MIGRANT_WORKERS, setting))
    ours = float(chances(central)[0].sum())
    number = _near(
        _reading(ours, ranged, lambda seen: chances(seen).sum(axis=-1)),
        f"new parties of {MIGRANT_WORKERS}", f"{first}-{LAST}", float(new.sum()), RECORD,
        "Predicted from the parties of 2005 on; the pace since the opening would give"
        f" {told(pace * (LAST - BASE_YEAR))}; intervals are over parameters only",
    )  # fmt: skip
    rates = by_region_and_income(MIGRANT_WORKERS, BASE_YEAR, setting)
    forecasts = {"region and income": float(ranking(rates[open_to], new))}
    area = _reading(
        float(ranking(chances(central), new)[0]), ranged, lambda seen: ranking(chances(seen), new)
    )
    said = f"{new.sum():.0f} new parties among {open_to.size} states, ranked by their chances from 2005 on"
    return [number, _ranked(area, "ranking of new parties", f"{first}-{LAST}", forecasts, said)]


def by_region_and_income(name: str, year: int, setting: Setting) -> Array:
    """Yearly rate of ratifying by region and income group up to a year, ``(state,)``: the simple forecast.

    Ratifications over years in which states of the group could ratify. Each group counts one state more,
    which ratified at the rate of all, so that no rate is zero.
    """
    states, opened = setting.states, opening(name, setting)
    record = recorded_parties(name)
    joined = np.array([min(record.get(code, year + 1), year + 1) for code in states.iso3])
    did = np.where(joined <= year, 1.0, 0.0)
    waited = np.minimum(joined, year) - opened + 1.0
    usual = did.sum() / waited.sum()
    groups = np.array(
        [f"{region}|{income}" for region, income in zip(states.region, states.income_group, strict=True)]
    )
    same = groups[:, None] == groups[None, :]
    span = year - opened + 1.0
    rate: Array = ((same * did).sum(axis=1) + usual * span) / ((same * waited).sum(axis=1) + span)
    return rate
