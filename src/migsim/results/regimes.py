"""Regimes side by side: what each yields to whom, against no forum and against the first, one row a scenario.

Gains are against the same world in which nobody meets; differences are world by world where runs share their
draws. A *null* is a comparison that takes one thing out of a regime, to show what rests on that thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from migsim.results.additionality import additionality_table
from migsim.results.differences import difference_table, pairing
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["ENDS", "REGIME_COLUMNS", "is_null", "regime_table"]

NULLS: Final = ("ecosystem-without-forum",)
"""Nulls whose names do not begin with `PREFIX`."""
PREFIX: Final = "null-"
ENDS: Final = ("median", "p05", "p95")
REGIME_COLUMNS: Final = (
    "scenario", "title", "is_null", "year", "n",
    *(f"gain_{group}_{end}" for group in GROUPS for end in ENDS),
    *(f"share_{group}" for group in GROUPS),
    "share_triple_win", "reference", "is_paired",
    *(f"difference_{group}_{end}" for group in GROUPS for end in ENDS),
    *(f"difference_weakest_sd_{end}" for end in ENDS),
    *(f"ratio_{end}" for end in ENDS),
)  # fmt: skip


def is_null(name: str) -> bool:
    """Whether a scenario of this name is a null: a comparison that nobody would propose.

    Examples
    --------
    >>> is_null("null-no-text"), is_null("gfmd-2007-2015")
    (True, False)
    """
    return name.startswith(PREFIX) or name in NULLS


def regime_table(runs: Mapping[str, Run], reference: str, year: int) -> pd.DataFrame:
    """One row a run, with the columns of `REGIME_COLUMNS`.

    Parameters
    ----------
    runs
        By label.
    reference
        Label of the run that the others are held against.
    year
        The year in which they are compared.

    Returns
    -------
    DataFrame
        ``gain_`` and ``difference_`` in natural units (migrants in points of well-being, hosts and departure
        countries in percent of income), the difference of whoever gains least in standard deviations of the
        base year, ``share_`` as shares of worlds, ``ratio_`` the policy added in percent of the drift.
    """
    import pandas as pd

    base = runs[reference]
    rows = []
    for label, run in runs.items():
        wins = run.triple_win[run.triple_win["year"] == year].set_index("group")
        gains = run.gains[run.gains["year"] == year].set_index("quantity")
        row: dict[str, Any] = {
            "scenario": label, "title": run.title, "is_null": is_null(run.name), "year": year,
            "n": wins["n"]["weakest"], "reference": reference, "is_paired": pairing(run, base).is_paired,
        }  # fmt: skip
        for group in GROUPS:
            row |= _ends(f"gain_{group}", tuple(gains[end][f"gain_{group}"] for end in ENDS))
            row |= _against(f"difference_{group}", label, run, reference, base, f"gain_{group}", year)
        row |= _against("difference_weakest_sd", label, run, reference, base, "weakest", year)
        shares = wins["share_positive"]
        row |= {f"share_{group}": shares[group] for group in GROUPS} | {"share_triple_win": shares["weakest"]}
        moved = additionality_table(run)
        now = moved[(moved["year"] == year) & (moved["quantity"] == "ratio")]
        rows.append(row | _ends("ratio", tuple(now[list(ENDS)].iloc[0]) if len(now) else _none()))
    return pd.DataFrame(rows)[list(REGIME_COLUMNS)]


def _none() -> tuple[float, float, float]:
    """No numbers."""
    return float("nan"), float("nan"), float("nan")


def _ends(name: str, values: tuple[float, ...]) -> dict[str, float]:
    return {f"{name}_{end}": value for end, value in zip(ENDS, values, strict=True)}


def _against(
    name: str, label: str, run: Run, reference: str, base: Run, column: str, year: int
) -> dict[str, float]:
    """The difference from the reference; nothing where a run is missing or is the reference itself."""
    if label == reference or not (run.n_replicates and base.n_replicates):
        return _ends(name, _none())
    row = difference_table(label, run, reference, base, column, year).iloc[0]
    return _ends(name, tuple(row[f"difference_{end}"] for end in ENDS))
