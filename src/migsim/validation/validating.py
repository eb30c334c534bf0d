"""Run the world alone from 2005 without refitting, and check everything that can be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from migsim.ensemble.progress import meter
from migsim.errors import InputError
from migsim.facts import load
from migsim.validation import DEFAULT_WORLDS
from migsim.validation.checks import Check, told
from migsim.validation.displacement import arrivals_checks
from migsim.validation.governance import scored
from migsim.validation.governed import govern, n_steps
from migsim.validation.later import Later, read_later
from migsim.validation.later_checks import (
    corridor_checks,
    immigrant_checks,
    later_stocks,
    refugee_checks,
)
from migsim.validation.later_money import remittance_change_checks
from migsim.validation.later_ratifications import later_ratification_checks
from migsim.validation.later_sessions import session_checks
from migsim.validation.later_votes import vote_checks
from migsim.validation.opinion import PAIRED_YEARS, opinion_checks
from migsim.validation.ratifications import ratification_checks
from migsim.validation.runs import Courses, follow, no_elasticities
from migsim.validation.stocks import Stocks, recorded_stocks, stock_checks
from migsim.validation.structure import structure_checks
from migsim.validation.totals import (
    base_year_checks,
    movement_checks,
    remittance_checks,
    world_stock_checks,
)
from migsim.world.vocabulary import BASE_YEAR

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Validation", "validate"]

WITHIN: Final = 2015
"""The last year that figures in the repository speak of."""
COUNTED: Final = 2010
NEEDS: Final = {
    "stock": "two corridors with 1,000 migrants in 2005 at least, and a year other than 2010",
    "remittances": "three receivers at least with figures of two years that follow each other",
    "refugees": "an origin with 1,000 refugees at least",
    "immigrants": "a state with figures of 2005",
    "ratification": "years after 2010, and states that were no parties before",
}
"""What a later figure needs to be scored."""


@dataclass(frozen=True, eq=False)
class Validation:
    """Everything that was checked, in the order of the report.

    Attributes
    ----------
    checks
        One record a check.
    worlds
        Ranged worlds behind the intervals; 0 if there are none.
    """

    checks: tuple[Check, ...]
    worlds: int
    courses: Courses = field(repr=False)
    later: Later = field(repr=False)

    def __repr__(self) -> str:
        n = {word: sum(check.verdict == word for check in self.checks) for word in ("passes", "falls short")}
        scores = [check for check in self.checks if check.unit == "score"][:3]
        lines = [
            f"<Validation: {len(self.checks)} checks, {n['passes']} pass, {n['falls short']} fall short>"
        ]
        lines += [f"  {check.what} {check.year}: {told(check.model)}" for check in scores]
        return "\n".join(lines)

    @cached_property
    def sections(self) -> dict[str, list[Check]]:
        """The checks by section, in order."""
        found: dict[str, list[Check]] = {}
        for check in self.checks:
            found.setdefault(check.section, []).append(check)
        return found

    @property
    def unscored(self) -> tuple[str, ...]:
        """Years of later figures that brought no check, and what each kind needs."""
        scored = {(check.source, year) for check in self.checks for year in _years_of(check.year)}
        return tuple(
            f"{quantity} {year}: {len(values)} read, none scored; {NEEDS[quantity]}"
            for quantity, years in self.later.figures.items()
            for year, values in years.items()
            if (self.later.source(quantity), str(year)) not in scored
        )

    @property
    def stocks(self) -> tuple[Stocks, ...]:
        """Corridor stocks that were scored, by year: those of 2010, and later ones brought along."""
        return (_of_2010(), *later_stocks(self.later))

    def to_frame(self) -> pd.DataFrame:
        """One row a check: the model, its interval, the figure, and a column for each simple forecast."""
        import pandas as pd

        rows = [
            {
                "section": check.section, "quantity": check.what, "year": check.year, "unit": check.unit,
                "model": check.model, "p05": check.low, "p95": check.high, "figure": check.figure,
                "verdict": check.verdict, **check.forecasts, "source": check.source, "remark": check.remark,
            }
            for check in self.checks
        ]  # fmt: skip
        table = pd.DataFrame(rows)
        last = ["source", "remark"]
        return table[[name for name in table.columns if name not in last] + last]


def validate(
    later: Later | Sequence[Path | str] | Path | str = (),
    worlds: int = DEFAULT_WORLDS,
    *,
    progress: bool | None = False,
) -> Validation:
    """Hold the world against figures that nothing was fitted to.

    The world is run alone from 2005 at central parameters without noise, without refitting; once more with
    every elasticity of the flows at zero; and ``worlds`` times with parameters drawn from their ranges.

    Parameters
    ----------
    later
        CSV file or files of later years, or what was read from them; see `migsim.validation.later` for
        their forms.
    worlds
        Ranged worlds for the intervals; 0 for none.
    progress
        Whether to show progress on standard error; None: only on a terminal.

    Raises
    ------
    migsim.errors.InputError
        If a file cannot be read, with every fault and its place.
    """
    if worlds < 0:
        raise InputError(f"worlds is {worlds}; it must be a number of worlds, 0 for none")
    paths = [later] if isinstance(later, str | Path) else later
    given = paths if isinstance(paths, Later) else read_later(paths)
    last = max(WITHIN, given.last)
    years = last - BASE_YEAR + 1
    short = (2 if worlds else 1) * (COUNTED - BASE_YEAR + 1)
    steps = (worlds + 2) * years + short + PAIRED_YEARS + n_steps(worlds)
    with meter("Validating", steps, progress) as shown:
        one_year = partial(shown.advance, 1)
        courses = Courses(
            follow(last, on_year=one_year),
            follow(last, no_elasticities(), on_year=one_year),
            follow(last, worlds=worlds, spread="ranged", on_year=partial(shown.advance, worlds))
            if worlds
            else None,
        )
        governed = govern(worlds, on_year=one_year)
        checks = [
            *base_year_checks(courses),
            *stock_checks(courses, _of_2010()),
            *structure_checks(courses),
            *movement_checks(courses),
            *world_stock_checks(courses),
            *remittance_checks(courses),
            *arrivals_checks(worlds, on_year=one_year),
            *opinion_checks(courses, on_year=one_year),
            *ratification_checks(worlds),
            *scored(governed),
            *corridor_checks(courses, given),
            *immigrant_checks(courses, given),
            *remittance_change_checks(courses, given),
            *refugee_checks(courses, given),
            *later_ratification_checks(given, worlds),
            *vote_checks(given.votes, worlds),
            *session_checks(given.sittings, worlds, governed),
        ]
    order = list(dict.fromkeys(check.section for check in checks))
    return Validation(
        tuple(sorted(checks, key=lambda check: order.index(check.section))), worlds, courses, given
    )


def _years_of(span: str) -> set[str]:
    """Every year of a span such as 2011-2018."""
    first, _, last = span.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        return {span}
    return {str(year) for year in range(int(first), int(last or first) + 1)}


def _of_2010() -> Stocks:
    facts = load()
    in_2010 = facts.corridor_stock[:, facts.stock_years.index(COUNTED)]
    return recorded_stocks(COUNTED, in_2010, "facts:corridors.csv")
