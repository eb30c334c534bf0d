"""What is measured: figures with their bars, one table of them, and the file they are kept in."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["Figure", "table", "write"]


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes
    ----------
    key, title
        Its name in the file, and in the table.
    value, unit
        What was measured.
    how
        How it was measured, in a sentence.
    at_most, at_least
        Its bar, if it has one.
    raw
        What it was made of: seconds, unless the name says otherwise.
    """

    key: str
    title: str
    value: float
    unit: str
    how: str
    at_most: float | None = None
    at_least: float | None = None
    raw: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    @property
    def bar(self) -> str:
        """The bar in words."""
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return "" if self.at_least is None else f"at least {self.at_least:g}"

    def entry(self) -> dict[str, Any]:
        """The figure as the file holds it."""
        bar = self.at_most if self.at_most is not None else self.at_least
        side = None if bar is None else "at most" if self.at_most is not None else "at least"
        return {
            "value": _short(self.value),
            "unit": self.unit,
            "bar": bar,
            "bar_is": side,
            "met": self.is_met,
            "title": self.title,
            "how": self.how,
            "raw": {name: _short(value) for name, value in self.raw.items()},
        }


def _short(value: float) -> float:
    """Five digits: no timing is better."""
    return float(f"{value:.5g}")


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: what, how much, the bar, and whether it is met."""
    words = {True: "met", False: "MISSED", None: ""}
    rows = [
        (f.title, f"{f.value:.3g}" if f.value < 1000 else f"{f.value:.0f}", f.unit, f.bar, words[f.is_met])
        for f in figures
    ]
    head = ("figure", "value", "unit", "bar", "")
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = [
        f"{row[0]:{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:{widths[2]}}  {row[3]:{widths[3]}}  {row[4]}"
        for row in (head, tuple("-" * width for width in widths), *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def write(path: Path, figures: Sequence[Figure], seconds: Mapping[str, float], *, quick: bool) -> None:
    """Write every figure, under its key, with the machine it was measured on and the seconds of each part."""
    document = {
        "measured": {
            "on": datetime.now(UTC).date().isoformat(),
            "quick": quick,
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "cpu": _cpu(),
            "system": platform.system(),
            "python": platform.python_version(),
            "versions": {name: version(name) for name in ("mesa", "numpy", "pandas", "pyarrow", "scipy")},
            "seconds_of_parts": {name: round(spent, 1) for name, spent in seconds.items()},
        },
        **{figure.key: figure.entry() for figure in figures},
    }
    path.write_text(
        f"{json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)}\n", encoding="utf-8"
    )


def _cpu() -> str:
    """The processor's model, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()
