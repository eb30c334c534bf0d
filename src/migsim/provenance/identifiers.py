"""The ids of the claims, for those who only need to know whether a claim exists."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

__all__ = ["claim_ids"]


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
