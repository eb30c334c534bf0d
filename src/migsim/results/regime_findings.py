"""What the comparison of regimes shows, in tables and sentences for `docs/regimes.md`.

Numbers come from a table that `migsim.results.regimes.regime_table` made, words from the scenarios' own
files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.results.interest_findings import listed, table
from migsim.results.rounding import NOTHING, percent
from migsim.results.wording import interval
from migsim.scenario.load import load
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ECOSYSTEM", "FORUM", "REGIMES", "RegimeFindings"]

FORUM: Final = "gfmd-2007-2015"
ECOSYSTEM: Final = ("ecosystem", "ecosystem-without-forum")
"""A regime, and the same without the forum."""
REGIMES: Final = (
    FORUM, "chair-summary", "no-civil-society", "open-forum", "no-forum", "berne-style-agenda",
    "regional-only", "binding-convention", "bretton-woods", *ECOSYSTEM, "null-no-text", "null-permuted-texts",
    "null-random-agenda", "null-aid-instead", "null-even-drift",
)  # fmt: skip
"""The scenarios of the page: the forum, what is held against it, and the nulls."""
WHO: Final = {"migrants": "Migrants", "hosts": "Host countries", "departures": "Departure countries"}
DIGITS: Final = {"migrants": 3, "hosts": 4, "departures": 4}
UNITS: Final = {"migrants": "points", "hosts": "% of income", "departures": "% of income"}


@dataclass(frozen=True)
class RegimeFindings:
    """What to tell of a comparison whose numbers are in a file.

    Attributes
    ----------
    path
        A CSV with the columns of `migsim.results.regimes.REGIME_COLUMNS`: rows held against the forum, and
        the ecosystem held against the ecosystem without it.
    """

    path: Path

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table."""
        import pandas as pd

        return pd.read_csv(self.path)

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows held against the forum, by scenario."""
        return {row["scenario"]: row for row in self._records() if row["reference"] == FORUM}

    def _records(self) -> list[Any]:
        return self.frame.to_dict("records")

    def descriptions(self) -> str:
        """What each scenario is, in its file's words; nulls last."""
        told = {name: load(name).spec for name in REGIMES}
        lines = [(n, f"- **{spec.title}** (`{n}`): {spec.description.strip()}") for n, spec in told.items()]
        parts = [
            [line for name, line in lines if self.rows[name]["is_null"] is is_null]
            for is_null in (False, True)
        ]
        return "Regimes:\n\n" + "\n".join(parts[0]) + "\n\nNulls:\n\n" + "\n".join(parts[1])

    def gains(self) -> str:
        """Gains against the same world in which nobody meets."""
        units = [f"{WHO[g].lower()}, {UNITS[g]}" for g in GROUPS]
        head = ("regime", *units, "all three gain", "policy added, % of drift")
        rows = [
            (
                self._name(name),
                *(self._gain(row, group) for group in GROUPS),
                percent(row["share_triple_win"]) if self._is_moved(row) else "",
                self._cell(row, "ratio", 0) if self._is_moved(row) else "0",
            )
            for name, row in self.rows.items()
        ]
        forum = self.rows[FORUM]
        return (
            f"The middle of {forum['n']} worlds in {forum['year']}, in brackets the range that holds nine in "
            f"ten, then the share of worlds in which the group is better off.\n\n{table(head, rows)}"
        )

    def differences(self) -> str:
        """Differences from the forum, world by world; bold where the interval excludes zero."""
        head = ("regime", *(f"{WHO[g].lower()}, {UNITS[g]}" for g in GROUPS), "least gain, SD of 2005")
        rows = [
            (
                self._name(name),
                *(self._difference(row, group, DIGITS[group]) for group in GROUPS),
                self._difference(row, "weakest_sd", 5),
            )
            for name, row in self.rows.items()
            if name != FORUM
        ]
        return table(head, rows)

    def sentences(self) -> str:
        """What holds in nine worlds of ten and what does not, as a list."""
        return "\n".join(f"- {sentence}" for sentence in self._sentences())

    def _sentences(self) -> Iterator[str]:
        regimes = {name: row for name, row in self.rows.items() if not row["is_null"] and self._is_moved(row)}
        for group in GROUPS:
            yield f"{WHO[group]}, against no forum: {_split(regimes, f'gain_{group}')}."
        wins = {name: row["share_triple_win"] for name, row in regimes.items()}
        best = max(wins, key=lambda name: wins[name])
        often, forum = percent(wins[best]), percent(wins[FORUM])
        yield (
            f"A triple win comes about most often under *{_title(best)}*: in {often} of "
            f"{self.rows[FORUM]['n']} worlds; under the forum, in {forum}."
        )
        others = {name: row for name, row in regimes.items() if name != FORUM}
        for group in GROUPS:
            yield f"{WHO[group]}, against the forum: {_split(others, f'difference_{group}')}."
        nulls = {name: row for name, row in self.rows.items() if row["is_null"] and name not in ECOSYSTEM}
        for group in GROUPS:
            yield f"{WHO[group]}, nulls against the forum: {_split(nulls, f'difference_{group}')}."
        yield self._in_the_ecosystem()

    def _in_the_ecosystem(self) -> str:
        """What the forum adds where everything else is on."""
        rows = [row for row in self._records() if row["reference"] == ECOSYSTEM[1]]
        cells = [
            f"{WHO[g].lower()} {self._cell(row, f'difference_{g}', DIGITS[g])} {UNITS[g]}"
            for row in rows
            for g in GROUPS
        ]
        return f"What the forum adds where all other processes are on: {'; '.join(cells)}."

    def _name(self, name: str) -> str:
        return f"*{_title(name)}*" if self.rows[name]["is_null"] else _title(name)

    @staticmethod
    def _is_moved(row: Mapping[str, Any]) -> bool:
        """Whether anybody gains or loses anything."""
        ends = (row[f"gain_{group}_{end}"] for group in GROUPS for end in ("p05", "p95"))
        return any(abs(end) > NOTHING for end in ends)

    def _gain(self, row: Mapping[str, Any], group: str) -> str:
        if not self._is_moved(row):
            return "0"
        share = percent(row[f"share_{group}"])
        return f"{self._cell(row, f'gain_{group}', DIGITS[group])}, {share}"

    def _difference(self, row: Mapping[str, Any], what: str, digits: int) -> str:
        cell = self._cell(row, f"difference_{what}", digits)
        return cell if _spans_zero(row, f"difference_{what}") else f"**{cell}**"

    @staticmethod
    def _cell(row: Mapping[str, Any], name: str, digits: int) -> str:
        ends = (row[f"{name}_{end}"] for end in ("median", "p05", "p95"))
        middle, low, high = (0.0 if abs(end) <= NOTHING else float(end) for end in ends)
        return interval(middle, low, high, int(row["n"]), digits).replace("-", "−")


def _title(name: str) -> str:
    return load(name).spec.title


def _spans_zero(row: Mapping[str, Any], name: str) -> bool:
    return not (row[f"{name}_p05"] > NOTHING or row[f"{name}_p95"] < -NOTHING)


def _split(rows: Mapping[str, Mapping[str, Any]], column: str) -> str:
    """Scenarios by whether an interval lies above zero, below it, or includes it."""
    up = [name for name, row in rows.items() if row[f"{column}_p05"] > NOTHING]
    down = [name for name, row in rows.items() if row[f"{column}_p95"] < -NOTHING]
    rest = [name for name in rows if name not in (*up, *down)]
    parts = {"more under": up, "less under": down, "the interval includes zero under": rest}
    return "; ".join(
        f"{words} {listed(f'*{_title(name)}*' for name in names)}" for words, names in parts.items() if names
    )
