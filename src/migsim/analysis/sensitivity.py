"""The whole analysis of a scenario: every question asked of its own worlds, and what came of it in words."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.analysis.attribution import phase_attribution, theme_attribution
from migsim.analysis.bench import Bench
from migsim.analysis.discovery import MISSING, discovery, is_installed, settings_table
from migsim.analysis.findings import findings
from migsim.analysis.identifiability import identifiability
from migsim.analysis.indices import apart, indices
from migsim.analysis.plans import Plans, parts_asked
from migsim.analysis.saving import claim, refuse_taken, write_analysis
from migsim.analysis.screening import screening
from migsim.analysis.sizes import DEFAULT_SIZE, size_of
from migsim.analysis.structures import structures
from migsim.analysis.tornado import tornado, tornado_paths
from migsim.analysis.weights import components, weights
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.ensemble.executors import executor
from migsim.errors import EnvironmentProblem, InputError
from migsim.results.simulation import defined

if TYPE_CHECKING:
    import pandas as pd

    from migsim.plots.sensitivity import SensitivityFigures
    from migsim.scenario.definition import Scenario

__all__ = ["Sensitivity", "sensitivity"]


def sensitivity(
    scenario: Scenario | str | os.PathLike[str],
    *,
    size: str = DEFAULT_SIZE,
    only: Iterable[str] | None = None,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> Sensitivity:
    """Ask of a scenario what its gains depend on.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a file; a process must meet in it.
    size
        ``quick``, ``default`` or ``large``.
    only
        Some of ``screening``, ``indices``, ``apart``, ``attribution``, ``identifiability``, ``discovery``,
        ``tornado`` (which runs the screening too) and ``weights``; by default all.
    seed
        Seed of the random numbers and of the designs.
    workers, cluster
        As for `migsim.run`.
    out
        Folder for the results; by default they stay in memory. What was finished there before is not run
        again.
    progress
        Whether to show progress: always, never, or (None) on a terminal only.

    Raises
    ------
    InputError
        If an argument is not allowed, nobody meets in the scenario, or ``out`` holds something else.
    EnvironmentProblem
        If the folder cannot be written, or discovery is asked for by name and its library is missing.
    """
    definition = defined(scenario)
    parts = _possible(parts_asked(only), is_named=only is not None)
    plans = Plans(definition, size_of(size), seed)
    folder = None if out is None else Path(out)
    if folder is not None:
        refuse_taken(folder, definition, size, seed)
    with executor(workers, cluster) as executing:
        if folder is not None:
            claim(folder, definition, size, seed)
        bench = Bench(executing, None if folder is None else folder / "runs", progress)
        found = dict(_worlds(plans, parts, bench))
    done = Sensitivity(definition, size, seed, parts, plans, found, bench.worlds, bench.failures)
    if folder is not None:
        done.save(folder)
    return done


def _possible(parts: tuple[str, ...], *, is_named: bool) -> tuple[str, ...]:
    """The parts without discovery if its library is missing and nobody asked for it by name."""
    if "discovery" not in parts or is_installed():
        return parts
    if is_named:
        raise EnvironmentProblem(f"{MISSING}, or leave it out")
    warnings.warn(f"{MISSING}; it is left out", stacklevel=3)
    return tuple(part for part in parts if part != "discovery")


def _worlds(plans: Plans, parts: tuple[str, ...], bench: Bench) -> Iterator[tuple[str, Any]]:
    """The outcomes of every design that the parts need, by its name."""
    for name in plans.runs(parts):
        if name == "themes":
            yield name, bench.run_each(name, plans.themes)
        elif name == "tornado":
            continue
        else:
            yield name, (found := bench.run(name, plans.plan(name)))
            if name == "screening" and "tornado" in parts:
                screened = screening(found, plans.walks, plans.seed)
                ends = tornado_paths(screened, plans.space)
                yield "tornado", bench.run("tornado", plans.tornado(ends))


class Sensitivity:
    """What the gains of a scenario depend on.

    Made by `migsim.sensitivity`. Each frame explains ``gain_migrants``, ``gain_hosts``, ``gain_departures``
    (in their units) and ``weakest`` (standard deviations of 2005) in the last year.

    Attributes
    ----------
    scenario
        What was analysed.
    size, seed
        How.
    parts
        What was asked.
    worlds, failures
        By design how many worlds were run, and how many of them failed.
    """

    def __init__(
        self,
        scenario: Scenario,
        size: str,
        seed: int,
        parts: tuple[str, ...],
        plans: Plans,
        found: Mapping[str, Any],
        worlds: Mapping[str, int],
        failures: Mapping[str, int],
    ) -> None:
        self.scenario: Final = scenario
        self.size: Final = size
        self.seed: Final = seed
        self.parts: Final = parts
        self.worlds: Final = dict(worlds)
        self.failures: Final = dict(failures)
        self._plans: Final = plans
        self._found: Final = found

    @cached_property
    def screening(self) -> pd.DataFrame:
        """How much each parameter moves each gain (Morris); see `migsim.analysis.screening`."""
        plans = self._plans
        return screening(self._of("screening"), plans.walks, self.seed)

    @cached_property
    def indices(self) -> pd.DataFrame:
        """The share of each group of settings in the variance of each gain (Sobol)."""
        return indices(self._of("indices"), self._plans.space, self.seed)

    @cached_property
    def apart(self) -> pd.DataFrame:
        """The shares of luck, parameters and structure in the variance of each gain."""
        return apart(self._of("apart"), self._plans.space, self.seed)

    @cached_property
    def attribution(self) -> pd.DataFrame:
        """What each phase and each theme adds to each gain (Shapley)."""
        import pandas as pd

        size = self._plans.size
        parts = [phase_attribution(self._of("phases"), self.scenario, size.worlds)]
        if "themes" in self._found:
            parts.append(theme_attribution(self._found["themes"], self.scenario, size.orders, self.seed))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def identifiability(self) -> pd.DataFrame:
        """The share of triple wins against strength, pace, lever size, and all together."""
        plan, worlds = self._plans.plan("identifiability"), self._plans.size.scaled
        return identifiability(self._of("identifiability"), plan, worlds, self.margin)

    @cached_property
    def discovery(self) -> pd.DataFrame:
        """The region of the settings in which all three gain, or each one (PRIM)."""
        settings = settings_table(self._plans.plan("hypercube"), self._plans.space)
        return discovery(self._of("hypercube"), settings, self.margin)

    @cached_property
    def structures(self) -> pd.DataFrame:
        """How often all three gain under each option of the structural settings."""
        settings = settings_table(self._plans.plan("hypercube"), self._plans.space)
        return structures(self._of("hypercube"), settings, self.margin)

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """The gains with one parameter at either end of its range."""
        ends = tornado_paths(self.screening, self._plans.space)
        return tornado(self._of("tornado"), self.screening, ends, self._plans.size.lucks)

    @cached_property
    def weights(self) -> pd.DataFrame:
        """The share of worlds won over all weights of the components."""
        return weights(self._of("hypercube"), self.seed, self.margin)

    @cached_property
    def components(self) -> pd.DataFrame:
        """Principal components of the three gains."""
        return components(self._of("hypercube"))

    @property
    def margin(self) -> float:
        """What a gain must exceed to count as a win, standard deviations of 2005."""
        return float(self.scenario.value("triple_win.margin"))

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The frames of all parts that were asked for, by name."""
        asked = (*self.parts, *(("components",) if "weights" in self.parts else ()))
        asked += ("structures",) if "hypercube" in self._found else ()
        return {name: getattr(self, name) for name in asked}

    @cached_property
    def findings(self) -> str:
        """What the frames say, in words."""
        return findings(self)

    @cached_property
    def plot(self) -> SensitivityFigures:
        """The figures: ``plot.screening()``, ``plot.indices()`` and so on."""
        from migsim.plots.sensitivity import SensitivityFigures

        return SensitivityFigures(self.frames, self.scenario.spec.years.last)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write every frame as CSV, the findings, the figures and a manifest into a folder.

        Raises
        ------
        InputError
            If it holds something else.
        EnvironmentProblem
            If it cannot be written.
        """
        return write_analysis(self, Path(folder))

    def _of(self, name: str) -> pd.DataFrame:
        if name not in self._found:
            raise InputError(f"this analysis did not ask for that; its parts are {', '.join(self.parts)}")
        found: pd.DataFrame = self._found[name]
        return found

    def __repr__(self) -> str:
        failed = sum(self.failures.values())
        lines = [
            f"Sensitivity of {self.scenario.name}: {self.scenario.title}",
            f"  size {self.size}, seed {self.seed}, {sum(self.worlds.values()):,} worlds"
            + (f", {failed} failed" if failed else ""),
            f"  frames: {', '.join(self.frames)}",
        ]
        lines += [f"  {line}" for line in self.findings.splitlines() if line.startswith("In short")]
        return "\n".join(lines)
