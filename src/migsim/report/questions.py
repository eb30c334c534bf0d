"""What was asked: each scenario in words, and what it sets otherwise than the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.facts.codes import iso3_codes, state_names
from migsim.plots.wording import theme_words
from migsim.scenario import composition
from migsim.scenario.diff import differences
from migsim.themes import THEMES

if TYPE_CHECKING:
    from migsim.results.run import Run

__all__ = ["Question", "question_of"]

MOST_PROCESSES: Final = 4
MOST_SETTINGS: Final = 12
DRAWN: Final = {
    "ranged": "each draws its parameters from their ranges",
    "central": "all keep the parameters at their central values, so that they differ in chance alone",
}
_PARTS: Final = (
    ("Who", composition.participants),
    ("When", composition.when),
    ("Chair", composition.chair),
    ("Agenda", composition.agenda),
    ("Rule", composition.rule),
    ("What comes out", composition.output),
    ("Binds", composition.binds),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One scenario in words.

    Attributes
    ----------
    summary
        Years, states, worlds and seed; empty where they are those of the first scenario.
    is_empty
        Whether nobody meets in it.
    processes
        Title and composition of each process that is told at length: those that the first scenario lacks.
    others
        Titles of further such processes.
    settings
        What it sets otherwise than the first scenario: path, value there, value here, unit.
    n_settings
        How many settings that are in all.
    """

    title: str
    name: str
    description: str
    summary: str
    shocks: str
    is_empty: bool
    processes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    others: str
    settings: tuple[tuple[str, str, str, str], ...]
    n_settings: int
    behaviours: str


def question_of(run: Run, title: str, first: Run) -> Question:
    """A run's scenario in words.

    Parameters
    ----------
    run
    title
        What the report calls it.
    first
        The run with which it is compared.
    """
    scenario, spec = run.scenario, run.scenario.spec
    there = first.scenario.spec.processes if run is not first else {}
    named = [(name, process) for name, process in spec.processes.items() if name not in there]
    told = (
        [] if run is first else [row for row in differences(first.scenario, scenario) if not row.is_wording]
    )
    changed = tuple((row.path, row.a.text, row.b.text, row.unit) for row in told)
    return Question(
        title=title,
        name=scenario.name,
        description=" ".join(scenario.description.split()),
        summary="" if run is not first and _summary(run) == _summary(first) else _summary(run),
        shocks="; ".join(_shock(name, shock) for name, shock in spec.shocks.items()),
        is_empty=not spec.processes,
        processes=tuple(
            (process.title or name, tuple(_parts(process))) for name, process in named[:MOST_PROCESSES]
        ),
        others=", ".join(process.title or name for name, process in named[MOST_PROCESSES:]),
        settings=changed[:MOST_SETTINGS],
        n_settings=len(changed),
        behaviours=", ".join(
            f"{each['state']} ({each['class']})" for each in run.manifest.get("behaviours", ())
        ),
    )


def _summary(run: Run) -> str:
    spec, n = run.scenario.spec, len(run.replicates)
    n_states = len(iso3_codes()) if spec.states == "all" else len(spec.states)
    which = (
        f"all {n_states} member states of the United Nations"
        if spec.states == "all"
        else f"{n_states} states"
    )
    worlds = "One world was asked for" if n == 1 else f"{n:,} worlds were asked for"
    drawn = "" if n == 1 and run.parameters == "ranged" else f"; {DRAWN[run.parameters]}"
    beside = "beside the same world in which nobody meets"
    points = "" if run.sample is None else f" at {len(run.sample):,} points of {', '.join(run.sample.paths)}"
    return (
        f"{spec.years.first} to {spec.years.last}, {which}. {worlds}{points}, "
        f"{'it stands' if n == 1 else 'each'} {beside}{drawn}. Seed {run.seed}."
    )


def _shock(name: str, shock: Any) -> str:
    kind = str(shock.kind).replace("_", " ")
    origin = getattr(shock, "origin", None)
    told = f"{kind} from {state_names().get(origin, origin)}" if origin else kind
    return told if told == name else f"{name}: {told}"


def _parts(process: Any) -> Iterator[tuple[str, str]]:
    for name, words in _PARTS:
        if told := words(process):
            yield name, _spelt(told)


def _spelt(told: str) -> str:
    """Codes of states as their names, and themes and the rest in words.

    Examples
    --------
    >>> _spelt("BEL PHL"), _spelt("given: decent_work, dev_coherence")
    ('Belgium, Philippines', 'given: decent work, development coherence')
    """
    codes = told.split()
    if all(code in state_names() for code in codes):
        return ", ".join(state_names()[code] for code in codes)
    for theme in THEMES:
        told = told.replace(theme, theme_words(theme).lower())
    return told.replace("_", " ")
