"""The history of governance, 2001-2018: who came, what was on the agenda, and what came about when.

Every process of the library runs on one stage, over worlds with parameters drawn from their ranges: *model*
is the median or the share of these worlds, for a single course of history tells nothing of chances. Dates and
hosts of the Global Forum are given; the counts of its first four sessions were used to set how readily states
come, and the years to 2010 in which nothing came about to set how rarely it does. Nothing after was used.

An event passes if the years in which the model has it are nearer to the record than every year alike, by the
ranked probability score: the squared distance of the chance that it has come about by each year from whether
it had. What never happened passes if it happens in fewer than one world of twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.calibration.fits import INTERVAL
from migsim.facts import recorded_parties
from migsim.plots.sessions import known_counts
from migsim.validation.agenda_scores import SCORED, brier, coded_themes, forecasts, named
from migsim.validation.checks import Check, against_figure, told, wins
from migsim.validation.governed import GFMD, Governed, first_years, govern
from migsim.validation.ratifications import MIGRANT_WORKERS
from migsim.validation.runs import Reading
from migsim.world.vocabulary import THEMES

if TYPE_CHECKING:
    from migsim.world.corridors import Array

__all__ = ["ATTENDANCE", "EVENTS", "governance_checks", "ranked_score", "scored"]

ATTENDANCE: Final = "Attendance"
AGENDAS: Final = "Agendas of the Global Forum"
RATIFIED: Final = "Ratifications among all processes"
EVENTS: Final = "What comes about, and when"
RECORD: Final = "facts:forum_history.csv"
SUMMITS: Final = "summits"
CONFERENCE: Final = "un-migration-conference"
SILENT: Final = (2008, 2014)
"""Years in which a mention by the clubs is one that did not happen."""
LAST_USED: Final = 2010
RARE: Final = 0.05
DATED: Final = {
    SUMMITS: ("first mention by a club of large economies", 2015, 2001, "evidence:w-g7-ankara"),
    "second-high-level-dialogue": ("second High-level Dialogue", 2013, 2008, "evidence:w-hld-2013"),
    "high-level-meeting": ("high-level meeting", 2016, 2010, "evidence:g-hlm-2016"),
}
"""Events by process: their name, the year on record, the first year in which they can happen, the source."""


def governance_checks(worlds: int, on_year: Callable[[], object] | None = None) -> list[Check]:
    """Run the history in a number of ranged worlds (0: one central one), and check it."""
    return list(scored(govern(worlds, on_year=on_year)))


def scored(seen: Governed) -> Iterator[Check]:
    """Every check of one batch of worlds."""
    yield from _attendance(seen)
    for span, years in SCORED.items():
        yield from _agendas(seen, span, years)
    yield _never_treated(seen)
    yield _ratifiers(seen)
    yield from _silence(seen)
    for process in DATED:
        yield from _dated(seen, process)
    yield _conference(seen)


def _attendance(seen: Governed) -> Iterator[Check]:
    """Counts that were used in setting the level, and then those that were not."""
    for year, figure in sorted(known_counts().items()):
        if year > LAST_USED:
            continue
        reading = _reading(seen.attending(GFMD, year))
        check = against_figure(
            ATTENDANCE, "states at the Global Forum", year, "states", reading, figure, source=RECORD
        )
        yield replace(check, remark=f"Used in setting the level; {check.remark}")
    berne = _reading(seen.attending("berne-initiative", 2004))
    check = against_figure(
        ATTENDANCE, "states at the Berne Initiative", 2004, "states", berne, 120.0, source=RECORD
    )
    yield replace(check, remark=f'Not fitted; the record says "about 120"; {check.remark}')
    dialogue = _reading(seen.attending("high-level-dialogue", 2006))
    yield Check(
        ATTENDANCE, "states at the High-level Dialogue", "2006", "states", dialogue.model, dialogue.low,
        dialogue.high, 140.0, passed=dialogue.model > 140.0, source=RECORD,
        remark='Not fitted; the record says "over 140", so any greater number passes.',
    )  # fmt: skip


def _reading(values: Array) -> Reading:
    if not values.size:
        return Reading(float("nan"))
    low, middle, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    return Reading(middle, low, high) if values.size > 1 else Reading(middle)


def _agendas(seen: Governed, span: str, years: tuple[int, ...]) -> Iterator[Check]:
    """The themes that the survey finds, beside three forecasts."""
    found = forecasts(seen, years)
    model = found.pop("model")
    on_record = "; ".join(f"{year}: {', '.join(coded_themes(year))}" for year in years)
    for what, score, is_larger_better in (
        ("chance given to the themes on record", named, True),
        ("Brier score of the themes", brier, False),
    ):
        ours = score(model.chances, model.happened)
        rivals = {name: score(each.chances, each.happened) for name, each in found.items()}
        won, best = wins(ours, rivals, is_larger_better=is_larger_better)
        told_once = f" On record, {on_record}. In the model, {_likeliest(seen, years)}." * (score is named)
        yield Check(
            AGENDAS, what, span, "score", ours, figure=1.0 if is_larger_better else 0.0,
            forecasts=rivals, passed=won, source="evidence:w-region-agenda",
            remark=f"{'Better' if won else 'No better'} than {best} ({told(rivals[best])}).{told_once}",
        )  # fmt: skip


def _likeliest(seen: Governed, years: tuple[int, ...]) -> str:
    """The two likeliest themes of each session."""
    words = []
    for year in years:
        share = seen.themes[GFMD][:, seen.at(year)].mean(axis=0)
        first = np.argsort(-share, kind="stable")[:2]
        words.append(f"{year}: {', '.join(f'{THEMES[n]} ({share[n]:.2f})' for n in first)}")
    return "; ".join(words)


def _never_treated(seen: Governed) -> Check:
    """Themes that never come up in any world; those that the documents tell of are named."""
    until = [n for n, year in enumerate(seen.years) if year <= max(max(years) for years in SCORED.values())]
    ever = seen.themes[GFMD][:, until].any(axis=(0, 1))
    absent = [theme for theme, is_treated in zip(THEMES, ever, strict=True) if not is_treated]
    missed = [t for t in absent if any(t in coded_themes(y) for years in SCORED.values() for y in years)]
    said = f"Never: {', '.join(absent)}." if absent else "Every theme comes up."
    if missed:
        said += f" On record, {', '.join(missed)} stood on one; the survey admits only what both sides wish."
    return Check(
        AGENDAS, "themes that never come up in any world", "2007-2015", "themes", float(len(absent)),
        remark=said, source="evidence:n-theme-criteria", figure=0.0, passed=not missed,
    )  # fmt: skip


def _ratifiers(seen: Governed) -> Check:
    """Parties to the migrant workers' convention in the last year that is on record."""
    figure = float(sum(year <= LAST_USED for year in recorded_parties(MIGRANT_WORKERS).values()))
    before = sum(year < seen.first for year in recorded_parties(MIGRANT_WORKERS).values())
    reading = _reading(seen.parties[MIGRANT_WORKERS][:, seen.at(LAST_USED)])
    check = against_figure(
        RATIFIED, f"parties of {MIGRANT_WORKERS}, starting from those on record", LAST_USED, "states",
        reading, figure, source="facts:ratifications.csv", slack=INTERVAL * sqrt(figure),
    )  # fmt: skip
    said = f"The run begins with the {before} parties on record; who joins after that is the model's; "
    return replace(check, remark=said + check.remark)


def _silence(seen: Governed) -> Iterator[Check]:
    """Mentions by the clubs where the record has none."""
    n = seen.at(LAST_USED) + 1
    rate = float(seen.held[SUMMITS][:, :n].mean())
    for first, last in ((seen.first, LAST_USED), SILENT):
        share = seen.share_by(SUMMITS, last, since=first)
        later = "" if last <= LAST_USED else " False uptake: the years after 2010 are reported, not fitted."
        yield Check(
            EVENTS, "worlds in which a club mentions the subject", f"{first}-{last}", "share of worlds",
            share, figure=0.0, passed=share < 0.5, source="evidence:w-g8-g20-absent",
            remark="Passes if silence is likelier than not."
            f" Silence until {LAST_USED} was used in setting the level. Until then a mention comes about in"
            f" {100.0 * rate:.0f} % of years.{later}",
        )  # fmt: skip


def _dated(seen: Governed, process: str) -> Iterator[Check]:
    """The year of an event: its median and interval, and the score of the whole distribution."""
    name, year, opens, source = DATED[process]
    first = first_years(seen.held[process], seen.first)
    finite = np.where(np.isfinite(first), first, seen.last + 1.0)
    whole_years = np.quantile(finite, (0.05, 0.5, 0.95), method="inverted_cdf")
    low, middle, high = (float(value) for value in whole_years)
    never = float(np.isinf(first).mean())
    by = float((first <= LAST_USED).mean())
    words = (
        f"By {LAST_USED} in {100.0 * by:.0f} % of worlds, in {year} or a year beside it in"
        f" {100.0 * float((np.abs(first - year) <= 1.0).mean()):.0f} %, never in {100.0 * never:.0f} %"
        f" (counted as {seen.last + 1})."
    )
    yield Check(
        EVENTS, f"{name}: later than on record", str(year), "years", middle - year, low - year,
        high - year, 0.0, source=source, remark=words,
    )  # fmt: skip
    years = range(opens, seen.last + 1)
    chances = np.array([float((first <= until).mean()) for until in years])
    alike = np.arange(1, len(years) + 1) / (len(years) + 1.0)
    score, rival = ranked_score(chances, years, year), ranked_score(alike, years, year)
    yield Check(
        EVENTS, f"when: {name}", f"{opens}-{seen.last}", "score", score, figure=0.0,
        forecasts={"every year alike": rival}, passed=score < rival, source=source,
        remark=f"Ranked probability score; {'better' if score < rival else 'no better'} than every year alike"
        f" ({told(rival)}), from the first year that the calendar allows. {words}",
    )  # fmt: skip


def ranked_score(chances: Array, years: range, happened: int) -> float:
    """Ranked probability score: mean squared distance of the chance to have happened by each year.

    Parameters
    ----------
    chances
        That it has happened by the end of each year, ``(year,)``.
    years
        These years.
    happened
        The year in which it did.

    Examples
    --------
    >>> ranked_score(np.array([0.0, 1.0]), range(2012, 2014), 2013)
    0.0
    >>> ranked_score(np.array([0.5, 1.0]), range(2012, 2014), 2013)
    0.125
    """
    was = np.array([1.0 if year >= happened else 0.0 for year in years])
    return float(((chances - was) ** 2).mean())


def _conference(seen: Governed) -> Check:
    share = seen.share_by(CONFERENCE, seen.last)
    return Check(
        EVENTS, "worlds in which the United Nations conference is held", f"{seen.first}-{seen.last}",
        "share of worlds", share, figure=0.0, passed=share < RARE and isfinite(share),
        source="evidence:w-no-un-conf", remark="It was never held; passes below one world in twenty.",
    )  # fmt: skip
