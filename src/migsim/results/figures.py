"""The figures of one run or of several: each hands tables to the function of its name in `migsim.plots`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.results.differences import pairing
from migsim.results.regimes import is_null
from migsim.results.summary import over_lucks

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["Figures"]

OUTCOMES: Final = ("gain_migrants", "gain_hosts", "gain_departures", "triple_win")
"""What a sweep is drawn for."""
MOST_SWEPT: Final = 6
"""Settings of a sweep that figures are saved of."""


class Figures:
    """Draws runs; every method takes ``ax=`` and returns what it drew on.

    Several runs are overlaid where that can be read; figures that show one run take its label as
    ``scenario=``, by default the first. Several runs are drawn up to the last year that all of
    them have.
    """

    def __init__(self, runs: Mapping[str, Run], last_year: int | None = None) -> None:
        self._runs: Final = runs
        self._last: Final = last_year
        titles = [run.title for run in runs.values()]
        self._labels: Final = {
            label: f"{run.title if titles.count(run.title) == 1 else label}{self._cut(run)}"
            for label, run in runs.items()
        }
        spreads = {run.parameters for run in runs.values()}
        self._spread: Final = spreads.pop() if len(spreads) == 1 else None

    def triple_win(self, **options: Any) -> Any:
        """Gains of migrants, host and departure countries over the years."""
        return self._overlaid("triple_win", "world", margin=self._margin(), **options)

    def fan(self, quantity: str = "triple_win", **options: Any) -> Any:
        """The same as `triple_win`: medians over the years with the range of nine worlds in ten."""
        if quantity != "triple_win":
            raise InputError(f"no fan of {quantity}; allowed is triple_win")
        return self.triple_win(**options)

    def weakest(self, **options: Any) -> Any:
        """How often all three gain in the last year, and how much the one that gains least does."""
        return self._overlaid("weakest", "world", margin=self._margin(), **options)

    def differences(self, reference: str | None = None, **options: Any) -> Any:
        """How the gains of each run differ from those of the reference, by default the first run."""
        base = self._one(reference)
        apart = [label for label, run in self._runs.items() if not pairing(run, base).is_paired]
        given = {"reference": reference, "apart": apart} | options
        return self._overlaid("differences", "world", **given)

    def regimes(self, **options: Any) -> Any:
        """What each run yields to the three groups in the last year, a row each, nulls below a rule."""
        nulls = [label for label, run in self._runs.items() if is_null(run.name)]
        return self._overlaid("regimes", "world", **({"nulls": nulls, "margin": self._margin()} | options))

    def opinion(self, **options: Any) -> Any:
        """Shares of the public for migration, ambivalent and against it."""
        return self._overlaid("opinion", "world", **options)

    def remittances(self, **options: Any) -> Any:
        """The world's remittances, beside what the documents say."""
        is_whole = all(run.scenario.spec.states == "all" for run in self._runs.values())
        return self._overlaid("remittances", "world", **({"is_whole": is_whole} | options))

    def attendance(self, **options: Any) -> Any:
        """States that attend each session, beside what is known of the Global Forum."""
        titles = {
            name: process.title
            for run in self._runs.values()
            for name, process in run.scenario.spec.processes.items()
        }
        return self._overlaid("attendance", "attendance", **({"titles": titles} | options))

    def agenda(self, scenario: str | None = None, **options: Any) -> Any:
        """Themes by year: what was on the agenda, what was adopted, how strongly and how vaguely."""
        return _draw("agenda")(_table(self._one(scenario), "texts"), **options)

    def texts(self, **options: Any) -> Any:
        """How much is adopted, how clearly, against how many, and how far from the compromise mean."""
        from migsim.results.texts import by_world, most_against

        frames = {label: by_world(run) for label, run in self._runs.items()}
        named = {label: [state for state, _ in most_against(run)] for label, run in self._runs.items()}
        given = {
            "scenarios": list(frames),
            "labels": self._labels,
            "spread": self._spread,
            "objectors": named,
        }
        return _draw("texts")(frames, **(given | options))

    def positions(self, theme: str | None = None, scenario: str | None = None, **options: Any) -> Any:
        """Where states stand on a theme, with the texts; by default the theme most often on the agenda."""
        run = self._one(scenario)
        texts = _table(run, "texts")
        chosen = theme or _most_discussed(texts)
        wanted = ("replicate", "year", "state", "role_host", "role_departure", f"position_{chosen}")
        states = _table(run, "states", wanted)
        return _draw("positions")(states, texts, chosen, **options)

    def history(self, scenario: str | None = None, **options: Any) -> Any:
        """Which processes met when, in how many worlds, and how many states had ratified what."""
        run = self._one(scenario)
        spec = run.scenario.spec
        given = {
            "years": range(spec.years.first, min(spec.years.last, self._last or spec.years.last) + 1),
            "n_worlds": run.n_replicates,
            "open_processes": [name for name in spec.processes if not _is_by_calendar(run, name)],
            "spread": run.parameters,
            "titles": {name: process.title for name, process in spec.processes.items()},
        }
        tables = (_table(run, "attendance"), _table(run, "ratifications"))
        return _draw("history")(*tables, **(given | options))

    def sweep(
        self, outcome: str = "gain_migrants", *over: str, scenario: str | None = None, **options: Any
    ) -> Any:
        """An outcome against one or two of the settings that a sweep varies, by default the first or all.

        Two settings are drawn as a map, one that is a number as a course, and options as boxes.
        """
        run = self._one(scenario)
        if run.sample is None:
            raise InputError(f"{run.name}: is no sweep; make one with migsim.sweep")
        frame = run.outcomes()
        paths = over or run.sample.paths[: 2 if _is_map(run) else 1]
        if len(paths) == 2:
            return _draw("heat_map")(frame, *paths, outcome, **options)
        kind = "course" if frame[paths[0]].dtype.kind in "iuf" else "boxes"
        return _draw(kind)(frame, paths[0], outcome, **options)

    def state_story(self, iso3: str, scenario: str | None = None, **options: Any) -> Any:
        """What happens in one state, against the median state of its region."""
        return _draw("state_story")(
            _table(self._one(scenario), "states"), iso3, spread=self._spread, **options
        )

    def save_all(self, folder: Path) -> list[Path]:
        """Draw the figures of every run, or those of a comparison if there are several; gives the files.

        Without a process in any scenario there are no figures of sessions and gains, which would be empty.
        """
        if self._one(None).sample is not None:
            return self._save_sweep(folder)
        names = ["opinion", "remittances"]
        if any(run.scenario.spec.processes for run in self._runs.values()):
            names += ["triple_win", "weakest", "attendance"]
            several = ["differences", "regimes", "texts"]
            names += several if len(self._runs) > 1 else ["agenda", "positions"]
        if len(self._runs) == 1 and _has_history(self._one(None)):
            names.append("history")
        save = _draw("save")
        return [path for name in names for path in save(getattr(self, name)(), folder / f"{name}.png")]

    def _save_sweep(self, folder: Path) -> list[Path]:
        """A figure for each outcome, and unless it is a map for each of the first settings."""
        run, save, written = self._one(None), _draw("save"), []
        paths = run.sample.paths if run.sample else ()
        drawn = [paths] if _is_map(run) else [(path,) for path in paths[:MOST_SWEPT]]
        for over in drawn:
            for outcome in OUTCOMES:
                name = "-by-".join([outcome, *(path.replace(".", "_") for path in over)])
                written += save(self.sweep(outcome, *over), folder / f"{name}.png")
        return written

    def _overlaid(self, name: str, table: str, **options: Any) -> Any:
        frames = {label: self._to_last(_table(run, table)) for label, run in self._runs.items()}
        given = {"scenarios": list(frames), "labels": self._labels, "spread": self._spread} | options
        return _draw(name)(frames, **given)

    def _to_last(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows up to the last year of all runs."""
        return table if self._last is None or table.empty else table[table["year"] <= self._last]

    def _cut(self, run: Run) -> str:
        """What a run's name is followed by if its last years are left out."""
        is_cut = self._last is not None and run.scenario.spec.years.last > self._last
        return f" (shown to {self._last})" if is_cut else ""

    def _one(self, scenario: str | None) -> Run:
        if scenario is None:
            return next(iter(self._runs.values()))
        if scenario not in self._runs:
            raise InputError(f"no run {scenario!r} here; there are {', '.join(self._runs)}")
        return self._runs[scenario]

    def _margin(self) -> float:
        first = next(iter(self._runs.values()))
        return float(first.scenario.value("triple_win.margin"))

    def __repr__(self) -> str:
        known = [name for name in dir(self) if not name.startswith("_")]
        return f"Figures of {', '.join(self._runs)}: {', '.join(known)}"


def _is_map(run: Run) -> bool:
    """Whether two settings were varied in all combinations."""
    return run.sample is not None and run.sample.kind == "grid" and len(run.sample.paths) == 2


def _is_by_calendar(run: Run, name: str) -> bool:
    """Whether a process meets whenever its calendar says so."""
    process = run.scenario.spec.processes[name]
    rule = run.scenario.value(f"processes.{name}.convening.rule")
    return bool(rule == "calendar" and not process.convening.after)


def _has_history(run: Run) -> bool:
    """Whether something is left to the worlds: a meeting, a vote or a ratification."""
    spec = run.scenario.spec
    return any(
        not _is_by_calendar(run, name)
        or process.instrument.opened is not None
        or run.scenario.value(f"processes.{name}.vote.is_taken")
        for name, process in spec.processes.items()
    )


def _draw(name: str) -> Callable[..., Any]:
    import migsim.plots

    found: Callable[..., Any] = getattr(migsim.plots, name)
    return found


def _table(run: Run, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table of a run, or those columns that it has; without rows if no replicate was finished."""
    import pandas as pd

    if name == "world":
        return over_lucks(run.world) if run.sample is None else run.world
    if name not in run.tables:
        return pd.DataFrame()
    known = run.columns(name)
    return run.table(name, [column for column in columns if column in known] if columns else None)


def _most_discussed(texts: pd.DataFrame) -> str:
    from migsim.themes import THEMES

    on = texts[texts["on_agenda"]] if len(texts) else texts
    return str(on.groupby("theme")["replicate"].count().idxmax()) if len(on) else THEMES[0]
