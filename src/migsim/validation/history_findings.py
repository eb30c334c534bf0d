"""What the history of governance shows, in tables and sentences for `docs/history.md`.

Numbers come from tables that `record` and `vary` made; the page reads them from files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.provenance.parameters import registry
from migsim.results.interest_findings import table
from migsim.validation.checks import told
from migsim.validation.governance import DATED, LAST_USED, scored
from migsim.validation.governed import Governed, first_years, govern

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VARIATIONS", "HistoryFindings", "record", "vary"]

LEFT_OPEN: Final = tuple(DATED)
"""Processes whose year is the worlds' to find."""


def _end(path: str, which: str) -> float:
    """An end of a parameter's range in the registry."""
    found = getattr(registry()[path], which)
    assert found is not None, path
    return float(found)


def _convening(name: str, which: str) -> Mapping[str, object]:
    """One parameter of convening, pinned at an end of its range for all that is left open."""
    value = _end(f"processes.*.convening.{name}", which)
    return {f"processes.{process}.convening.{name}": value for process in LEFT_OPEN}


def _trust(which: str) -> Mapping[str, object]:
    """What trust counts for a second Dialogue, the one of them that it brings about."""
    value = _end("processes.*.convening.trust", which)
    return {"processes.second-high-level-dialogue.convening.trust": value}


def _unnoticed() -> Mapping[str, object]:
    """No session is in the news, and what comes about is not either."""
    heard_of = ("gfmd", "high-level-dialogue", *LEFT_OPEN, "compact-migration", "compact-refugees")
    return {f"processes.{process}.report.attention": 0.0 for process in heard_of} | {"uptake.lift": 0.0}


VARIATIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "no displacement from Syria": {"shocks.syria": None},
    "trust counts least": _trust("low"),
    "trust counts most": _trust("high"),
    "meeting builds no trust": {"trust.meeting": 0.0},
    "attention counts least": _convening("attention", "low"),
    "attention counts most": _convening("attention", "high"),
    "rarest in an ordinary year": _convening("level", "low"),
    "most often in an ordinary year": _convening("level", "high"),
    "sessions draw no attention": _unnoticed(),
    "arrivals draw least attention": {
        "world.opinion.attention_to_arrivals": _end("world.opinion.attention_to_arrivals", "low")
    },
}
"""What is pinned, one thing at a time; all else is drawn as ever, and from the same random numbers."""


def record(seen: Governed) -> pd.DataFrame:
    """The checks of a batch of worlds as a table."""
    import pandas as pd

    return pd.DataFrame(
        {
            "section": check.section, "quantity": check.what, "year": check.year, "unit": check.unit,
            "model": check.model, "p05": check.low, "p95": check.high, "figure": check.figure,
            "forecasts": "; ".join(f"{name} {told(value)}" for name, value in check.forecasts.items()),
            "verdict": check.verdict, "worlds": seen.worlds, "remark": check.remark,
        }
        for check in scored(seen)
    )  # fmt: skip


def vary(seen: Governed, worlds: int) -> pd.DataFrame:
    """When what is left open comes about, as shipped and under each variation, on the same worlds."""
    import pandas as pd

    base = {process: first_years(seen.held[process], seen.first)[:worlds] for process in LEFT_OPEN}
    rows = [_row("as shipped", process, base[process], base[process]) for process in LEFT_OPEN]
    for name, settings in VARIATIONS.items():
        other = govern(worlds, settings)
        for process in LEFT_OPEN:
            rows.append(_row(name, process, first_years(other.held[process], other.first), base[process]))
    return pd.DataFrame(rows)


def _row(name: str, process: str, years: np.ndarray[Any, Any], base: np.ndarray[Any, Any]) -> dict[str, Any]:
    """One variation: how often it came about by 2010 and ever, the median year, and how it moved."""
    middle = float(np.quantile(years, 0.5, method="lower"))
    return {
        "variation": name, "process": process, "worlds": len(years),
        "by_2010": float((years <= LAST_USED).mean()), "ever": float(np.isfinite(years).mean()),
        "median": middle if isfinite(middle) else nan,
        "sooner": float((years < base).mean()), "later": float((years > base).mean()),
    }  # fmt: skip


@dataclass(frozen=True)
class HistoryFindings:
    """What to tell of a history whose numbers are in two files.

    Attributes
    ----------
    checks, variations
        CSV files as `record` and `vary` make them.
    """

    checks: Path
    variations: Path

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The checks."""
        import pandas as pd

        return pd.read_csv(self.checks, keep_default_na=True)

    def _rows(self) -> list[Any]:
        return self.frame.to_dict("records")

    def scores(self) -> str:
        """Every check in one table, with what a simple forecast gives."""
        head = ("check", "year", "unit", "model", "5–95 %", "figure", "simple forecasts", "verdict")
        return table(head, [self._cells(row) for row in self._rows()])

    @staticmethod
    def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
        ends = f"{told(row['p05'])} to {told(row['p95'])}" if told(row["p05"]) else ""
        simple = row["forecasts"] if isinstance(row["forecasts"], str) else ""
        verdict = f"**{row['verdict']}**" if row["verdict"] == "falls short" else row["verdict"]
        return (
            row["quantity"], str(row["year"]), row["unit"], told(row["model"]), ends, told(row["figure"]),
            simple, verdict,
        )  # fmt: skip

    def sentences(self) -> str:
        """How many checks pass, and what falls short, as a list."""
        return "\n".join(f"- {sentence}" for sentence in self._sentences())

    def _sentences(self) -> Iterator[str]:
        rows = self._rows()
        n = {word: sum(row["verdict"] == word for row in rows) for word in ("passes", "falls short")}
        yield f"Over {rows[0]['worlds']} worlds {n['passes']} checks pass and {n['falls short']} fall short."
        for row in rows:
            if row["verdict"] == "falls short":
                yield f"Falls short, *{row['quantity']}, {row['year']}*: {row['remark']}"

    def sensitivities(self) -> str:
        """When what is left open comes about if one assumption is pinned."""
        import pandas as pd

        known = pd.read_csv(self.variations)
        named = {process: DATED[process][0] for process in LEFT_OPEN}
        head = ("pinned", *(f"{name}: by 2010; median year; sooner, later" for name in named.values()))
        rows = []
        for variation, of_it in known.groupby("variation", sort=False):
            by = of_it.set_index("process")
            rows.append((str(variation), *(self._moved(by.loc[process]) for process in LEFT_OPEN)))
        return table(head, rows)

    @staticmethod
    def _moved(row: Any) -> str:
        middle = f"{row['median']:.0f}" if isfinite(row["median"]) else "never"
        moved = "" if row["variation"] == "as shipped" else f"; {row['sooner']:.0%}, {row['later']:.0%}"
        return f"{row['by_2010']:.0%}; {middle}{moved}".replace("%", " %")
