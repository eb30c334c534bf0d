"""Who had ratified a binding instrument, and in which year: the migrant workers' convention to 2010."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from migsim.facts.checks import check_small
from migsim.facts.codes import iso3_codes
from migsim.facts.reading import Table, read_small

__all__ = ["LAST_YEAR_RECORDED", "recorded_parties"]

LAST_YEAR_RECORDED: Final = 2010
"""Later ratifications are left out on purpose: they are the test outside the sample."""
FIRST_YEAR_RECORDED: Final = 1900


@cache
def recorded_parties(instrument: str, folder: Path | None = None) -> Mapping[str, int]:
    """States on record as parties to an instrument, and the year in which each joined.

    Parameters
    ----------
    instrument
        Name of the process in the library, such as ``migrant-workers-convention``.
    folder
        Where ``ratifications.csv`` is, if not the shipped one.

    Returns
    -------
    mapping of str to int
        ISO3 code to year, in order of date; empty where nothing is on record.

    Raises
    ------
    migsim.errors.InputError
        If the table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> recorded_parties("migrant-workers-convention")["MEX"]
    1999
    >>> len(recorded_parties("some-other-treaty"))
    0
    """
    table = read_small("ratifications.csv", folder)
    check_small(table, iso3_codes(), _odd_days)
    rows = zip(table["iso3"], table["instrument"], table["date"], strict=True)
    found = sorted((day, code) for code, name, day in rows if name == instrument)
    return MappingProxyType({code: datetime.date.fromisoformat(day).year for day, code in found})


def _odd_days(table: Table) -> Iterator[str]:
    for row, text in table.located("date"):
        try:
            year = datetime.date.fromisoformat(text).year
        except ValueError:
            yield f"{table.at(row)}: date is {text!r}; it must be a day, as 2003-03-14"
            continue
        if not FIRST_YEAR_RECORDED <= year <= LAST_YEAR_RECORDED:
            span = f"{FIRST_YEAR_RECORDED} to {LAST_YEAR_RECORDED}"
            yield f"{table.at(row)}: date is {text}; it must lie in {span}"
