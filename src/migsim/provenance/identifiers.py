"""The ids of the claims and the names of the paragraphs, for those who need to know whether one exists."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["N_ORGANISATIONS", "claim_ids", "organisation_names", "paragraph_names"]

N_ORGANISATIONS: Final = 14
"""Organisations that set out to bring a forum about (evidence w-igo-14); the documents name fewer."""


@cache
def claim_ids() -> tuple[str, ...]:
    """Every id, in the order of the table; a tenth of the work of reading the claims themselves.

    Examples
    --------
    >>> "n-max-themes" in claim_ids()
    True
    """
    with (Path(__file__).parent / "claims.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.reader(table)
        next(rows)
        return tuple(row[0] for row in rows)


@cache
def paragraph_names() -> tuple[str, ...]:
    """Every paragraph that a text may have, in the order of the lever table.

    Examples
    --------
    >>> "transfer_cost" in paragraph_names()
    True
    """
    with (Path(__file__).parent / "levers.csv").open(encoding="utf-8", newline="") as table:
        return tuple(row["paragraph"] for row in csv.DictReader(table))


@cache
def organisation_names() -> tuple[str, ...]:
    """The intergovernmental organisations: those that the documents name, then the others by number.

    Examples
    --------
    >>> organisation_names()[0], len(organisation_names())
    ('UNHCR', 14)
    """
    with (Path(__file__).parent / "mandates.csv").open(encoding="utf-8", newline="") as table:
        named = [row["organisation"] for row in csv.DictReader(table)]
    return (*named, *(f"Organisation {n}" for n in range(len(named) + 1, N_ORGANISATIONS + 1)))
