"""The figures of one run or of several: each hands tables to the function of its name in `migsim.plots`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.results.depths import depths
from migsim.results.differences import pairing
from migsim.results.figures_of_groups import VIEWS, FiguresOfGroups
from migsim.results.figures_of_world import LIVES, MARKET, FiguresOfWorld
from migsim.results.figures_of_world import draws as _draw
from migsim.results.figures_of_world import rows_of as _table
from migsim.results.manifest import numbers_of
from migsim.results.points import GAINS, last_years
from migsim.results.regimes import is_null
from migsim.results.tallies import (
    MEASURES,
    ROLES,
    meetings,
    parties,
    processes,
    refuse_unknown,
    standpoints,
    text_points,
    theme_counts,
    themes_by_world,
)
from migsim.results.texts import of_process, written
from migsim.themes import THEMES
from migsim.triple_win import GROUPS
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.groups import By
    from migsim.results.run import Run

__all__ = ["Figures"]

OF_ONE: Final = (
    "winners", "by_group", "breadth_depth", "agenda", "positions", "implementation", "world_map",
)  # fmt: skip
OF_SEVERAL: Final = ("differences", "regimes", "texts")
"""Figures of sessions and gains that are saved of one run, and of several."""
OUTCOMES: Final = (*GAINS, "triple_win")
"""What a sweep is drawn for."""
MOST_SWEPT: Final = 6
"""Settings of a sweep that figures are saved of."""
GAIN_COLUMNS: Final = tuple(f"{kind}_{group}" for kind in ("gain", "gain_sd") for group in GROUPS)
WORLD: Final[Mapping[str, tuple[str, ...]]] = {
    "triple_win": GAIN_COLUMNS,
    "plane": (*GAIN_COLUMNS, "weakest"),
    "weakest": ("weakest",),
    "differences": GAIN_COLUMNS,
    "regimes": (*GAIN_COLUMNS, "weakest"),
    "opinion": VIEWS,
    "remittances": ("remittances", "baseline_remittances"),
    "marketplace": MARKET,
    "wellbeing": LIVES,
}
"""Columns of table ``world`` that each figure shows."""


class Figures(FiguresOfGroups, FiguresOfWorld):
    """Draws runs; every method takes ``ax=`` and returns what it drew on.

    Several runs are overlaid where that can be read; figures that show one run take its label as
    ``scenario=``, by default the first. Several runs are drawn up to the last year that all of
    them have.
    """

    def __init__(self, runs: Mapping[str, Run], last_year: int | None = None) -> None:
        self._runs = runs
        self._last = last_year
        titles = [run.title for run in runs.values()]
        self._labels: Final = {
            label: f"{run.title if titles.count(run.title) == 1 else label}{self._cut(run)}{_lost(run)}"
            for label, run in runs.items()
        }
        spreads = {run.parameters for run in runs.values()}
        self._spread: Final = spreads.pop() if len(spreads) == 1 else None

    def triple_win(self, **options: Any) -> Any:
        """Gains of migrants, host and departure countries over the years."""
        return self._overlaid("triple_win", margin=self._margin(), **options)

    def fan(self, quantity: str = "triple_win", **options: Any) -> Any:
        """The same as `triple_win`: medians over the years with the range of nine worlds in ten."""
        if quantity != "triple_win":
            raise InputError(f"no fan of {quantity}; allowed is triple_win")
        return self.triple_win(**options)

    def plane(self, **options: Any) -> Any:
        """Hosts against departure countries in the last year, a dot a world, migrants as its colour."""
        return self._overlaid("plane", margin=self._margin(), **options)

    def breadth_depth(self, scenario: str | None = None, **options: Any) -> Any:
        """How many states pledged, ratified or took part, against how deep texts and instruments are."""
        run = self._one(scenario)
        titles = {name: process.title for name, process in run.scenario.spec.processes.items()}
        given = {"titles": titles, "spread": run.parameters, "year": run.scenario.spec.years.last}
        return _draw("breadth_depth")(depths(run), **(given | options))

    def weakest(self, **options: Any) -> Any:
        """How often all three gain in the last year, and how much the one that gains least does."""
        return self._overlaid("weakest", margin=self._margin(), **options)

    def differences(self, reference: str | None = None, **options: Any) -> Any:
        """How the gains of each run differ from those of the reference, by default the first run."""
        base = self._one(reference)
        apart = [label for label, run in self._runs.items() if not pairing(run, base).is_paired]
        # Worlds are paired: where runs have other numbers of lucks, means are over those of all.
        lucks = [
            {n // DRAWS for n in run.replicates}
            for label, run in self._runs.items()
            if label not in apart and run.n_replicates
        ]
        shared = set.intersection(*lucks) if lucks else set()
        frames = {
            label: _world(run, WORLD["differences"], None if label in apart else shared)
            for label, run in self._runs.items()
        }
        return self._drawn("differences", frames, **({"reference": reference, "apart": apart} | options))

    def regimes(self, **options: Any) -> Any:
        """What each run yields to the three groups in the last year, a row each, nulls below a rule."""
        nulls = [label for label, run in self._runs.items() if is_null(run.name)]
        return self._overlaid("regimes", **({"nulls": nulls, "margin": self._margin()} | options))

    def agenda(self, scenario: str | None = None, **options: Any) -> Any:
        """Themes by year: what was on the agenda, what was adopted, how strongly and how vaguely."""
        run = self._one(scenario)
        process = options.pop("process", None)
        held = _held(run)
        chosen = _names(written(held) if process is None else of_process(held, process))
        columns = ("replicate", "year", "process", "theme", "on_agenda", "adopted", "strength", "ambiguity")
        rows = _table(run, "texts", columns, lambda texts: themes_by_world(_only(texts, chosen)))
        return _draw("agenda")(rows, **({"processes": chosen} | options))

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
            "year": self._last_of_all(),
        }
        return _draw("texts")(frames, **(given | options))

    def positions(
        self, theme: str | None = None, scenario: str | None = None, *, by: By = None, **options: Any
    ) -> Any:
        """Where states stand on a theme, with the texts; by default the theme most often on the agenda.

        Shown are host and departure states, or the groups that ``by`` names.
        """
        run = self._one(scenario)
        process = options.pop("process", None)
        chosen = theme or _most_discussed(run)
        refuse_unknown(chosen)
        held = None if process is None else _names(of_process(_held(run), process))
        columns = ("replicate", "year", "process", "theme", "paragraph", "on_agenda", *MEASURES)
        texts = _table(run, "texts", columns, lambda rows: text_points(_only(rows, held), chosen))
        wanted = ("replicate", "year", "state", *ROLES, f"position_{chosen}")
        groups = None if by is None else run.groups(by).members
        states = _table(run, "states", wanted, partial(standpoints, theme=chosen, groups=groups))
        return _draw("positions")(states, texts, chosen, **options)

    def history(self, scenario: str | None = None, **options: Any) -> Any:
        """Which processes met when, in how many worlds, and how many states had ratified what."""
        run = self._one(scenario)
        spec = run.scenario.spec
        given = {
            "years": range(spec.years.first, min(spec.years.last, self._last or spec.years.last) + 1),
            "worlds": numbers_of(str(run.manifest["replicates"]["finished"])),
            "open_processes": [name for name in spec.processes if not _is_by_calendar(run, name)],
            "spread": run.parameters,
            "titles": {name: process.title for name, process in spec.processes.items()},
        }
        tables = (
            _table(run, "attendance", ("replicate", "year", "process"), meetings),
            _table(run, "ratifications", ("replicate", "year", "instrument"), parties),
        )
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
        options = {"year": last_years(run)[-1]} | options
        paths = over or run.sample.paths[: 2 if _is_map(run) else 1]
        if len(paths) == 2:
            return _draw("heat_map")(frame, *paths, outcome, **options)
        kind = "course" if frame[paths[0]].dtype.kind in "iuf" else "boxes"
        return _draw(kind)(frame, paths[0], outcome, **options)

    def save_all(self, folder: Path, *, by: By = None, workers: int = 1) -> list[Path]:
        """Draw the figures of a run, or those of a comparison if there are several; gives the files.

        Without a process in any scenario there are no figures of sessions and gains, which would be empty.

        Parameters
        ----------
        folder
        by
            Groups of states by which those of states are told, as for `Run.groups`.
        workers
            In how many processes to draw those of runs that are in folders.
        """
        from migsim.results.figure_files import save_figures

        if self._one(None).sample is not None:
            return self._save_sweep(folder)
        return save_figures(self._runs, self._last, self._names_of_all(), folder, workers, by)

    def _names_of_all(self) -> list[str]:
        """The figures that `save_all` draws: all that these runs have something for, each once."""
        is_one = len(self._runs) == 1
        names = ["opinion", "remittances", "wellbeing"]
        if is_one:
            names += ["corridors", "migrations"]
        if any(run.scenario.spec.processes for run in self._runs.values()):
            names += ["triple_win", "plane", "weakest", "attendance", "marketplace"]
            names += OF_ONE if is_one else OF_SEVERAL
        if is_one and _has_history(self._one(None)):
            names.append("history")
        return [name for name in names if self._is_kept(name)]

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

    def _overlaid(self, name: str, **options: Any) -> Any:
        """A figure of all runs whose worlds it shows."""
        frames = {label: _world(run, WORLD[name]) for label, run in self._runs.items()}
        return self._drawn(name, frames, **options)

    def _drawn(self, name: str, frames: Mapping[str, pd.DataFrame], **options: Any) -> Any:
        """A figure of all runs, up to the last year that they have in common."""
        given = {"scenarios": list(frames), "labels": self._labels, "spread": self._spread} | options
        return _draw(name)({label: self._to_last(frame) for label, frame in frames.items()}, **given)

    def _last_of_all(self) -> int:
        """The last year that all runs have."""
        return min(run.scenario.spec.years.last for run in self._runs.values())

    def _to_last(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows up to the last year of all runs."""
        return table if self._last is None or table.empty else table[table["year"] <= self._last]

    def _cut(self, run: Run) -> str:
        """What a run's name is followed by if its last years are left out."""
        is_cut = self._last is not None and run.scenario.spec.years.last > self._last
        return f" (shown to {self._last})" if is_cut else ""

    def _called(self, run: Run) -> str:
        """The name of one of these runs, as in the figures of several."""
        return next(self._labels[label] for label, each in self._runs.items() if each is run)

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


def _lost(run: Run) -> str:
    """What a run's name is followed by if some of its worlds failed."""
    n = len(run.failures)
    return f" ({n:,} of {n + run.n_replicates:,} worlds failed)" if n else ""


def _has_history(run: Run) -> bool:
    """Whether something is left to the worlds: a meeting, a vote or a ratification."""
    spec = run.scenario.spec
    return any(
        not _is_by_calendar(run, name)
        or process.instrument.opened is not None
        or run.scenario.value(f"processes.{name}.vote.is_taken")
        for name, process in spec.processes.items()
    )


def _world(run: Run, columns: Sequence[str], lucks: Collection[int] | None = None) -> pd.DataFrame:
    """Some columns of table ``world``, a row a draw and year, over all lucks or some.

    Without rows if no replicate was finished.
    """
    known = _table(run, "world", ("replicate", "year", *columns))
    if lucks is not None and len(known):
        known = known[(known["replicate"] // DRAWS).isin(lucks)]
    return run.over_lucks(known) if len(known) else known


def _held(run: Run) -> pd.DataFrame:
    """The processes with texts, each at least once; see `migsim.results.tallies.processes`."""
    return _table(run, "texts", ("process", "adopted"), processes)


def _names(held: pd.DataFrame) -> list[str]:
    """Names of processes, each once, in the order of the table."""
    return list(dict.fromkeys(held["process"])) if len(held) else []


def _only(texts: pd.DataFrame, held: Sequence[str] | None) -> pd.DataFrame:
    """The rows of some processes, or of all."""
    return texts if held is None else texts[texts["process"].isin(held)]


def _most_discussed(run: Run) -> str:
    counts = _table(run, "texts", ("theme", "on_agenda"), theme_counts)
    return str(counts.groupby("theme")["paragraphs"].sum().idxmax()) if len(counts) else THEMES[0]
