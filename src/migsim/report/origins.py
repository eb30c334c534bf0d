"""Where the numbers of a report come from, and how to get them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.plots.wording import several_words
from migsim.provenance.claims import documents
from migsim.provenance.sources import FIGURES
from migsim.results.manifest import ranges
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    from migsim.results.run import Run

__all__ = ["Origin", "by_hand", "commands", "needed_files", "origin_of", "shared_facts", "sources"]

PROGRAMS: Final = ("python", "numpy", "pandas", "scipy", "mesa", "matplotlib")
NOT_SOURCES: Final = ("literature.csv", "forum_history.csv", "borders.csv")
"""Tables that cite row by row."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What made one run.

    Attributes
    ----------
    facts
        Names and values, in the order in which they are shown.
    tables
        Name and SHA-256 of each table.
    yaml
        The scenario as a file.
    """

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, str], ...]
    yaml: str


def origin_of(run: Run, title: str) -> Origin:
    """What made a run, from its own manifest."""
    held, programs = run.manifest, run.manifest.get("versions", {})
    facts = {
        "Worlds asked for": str(held["replicates"]["asked"]),
        "Worlds finished": f"{run.n_replicates:,} of {len(run.replicates):,}",
        "Seed": str(run.seed),
        "Random numbers": str(held.get("seed_rule", "")),
        "Parameters": run.parameters,
        "Run on": str(held.get("finished_at", ""))[:10],
        "migsim": f"{programs.get('migsim', '?')}",
        "Its modules, SHA-256": f"{programs.get('migsim_code', '?')}",
        "Programs": ", ".join(f"{name} {programs[name]}" for name in PROGRAMS if name in programs),
        "Own figures": _own_figures(run),
        "Scenario SHA-256": str(held["scenario_hash"]),
        "Sample SHA-256": str((held.get("sample") or {}).get("sha256") or ""),
    }
    told = tuple((name, value) for name, value in facts.items() if value)
    return Origin(title, run.name, told, tuple(held["tables_sha256"].items()), run.scenario.to_yaml())


def _own_figures(run: Run) -> str:
    """How many figures the scenario lays over ours, of which states and by whom; empty if none."""
    from migsim.scenario.own_facts import facts_record

    held: Any = facts_record(run.scenario)
    if held is None:
        return ""
    return f"{held['figures']} of {several_words(held['states'])}; sources: {'; '.join(held['sources'])}"


def shared_facts(origins: Sequence[Origin]) -> tuple[tuple[str, str], ...]:
    """The facts that are the same for every run, if there are several."""
    if len(origins) < 2:
        return ()
    return tuple(fact for fact in origins[0].facts if all(fact in each.facts for each in origins))


def sources() -> tuple[list[str], list[str]]:
    """The originals of the figures, and the documents that the interests and processes are read from."""
    figures = dict.fromkeys(text for name, text in FIGURES.items() if name not in NOT_SOURCES)
    read = [
        f"{key}: {each.author}, “{each.title}”{f', {each.date}' if each.date else ''}"
        for key, each in documents().items()
    ]
    return list(figures), read


def commands(runs: list[Run], figures: Sequence[str] | None = None) -> list[str]:
    """What to type to run the same again and write the same page; empty where the command line cannot."""
    files = [_file(run) for run in runs]
    if any(run.sample is not None or run.manifest.get("behaviours") for run in runs):
        return []
    options = [_options(run) for run in runs]
    if any(option is None for option in options):
        return []
    chosen = "" if figures is None else f" --figures {','.join(figures)}" if figures else ' --figures ""'
    if len(set(options)) == 1 and len(runs) > 1 and len(set(files)) == len(files):
        return [
            f"migsim compare {' '.join(files)} {options[0]} --out runs/again",
            f"migsim report runs/again{chosen}",
        ]
    folders = [f"runs/again-{n}" for n in range(1, len(runs) + 1)]
    made = zip(files, options, folders, strict=True)
    told = [f"migsim run {file} {option} --out {folder}" for file, option, folder in made]
    return [*told, f"migsim report {' '.join(folders)}{chosen}"]


def _options(run: Run) -> str | None:
    """How many worlds and which; None if the command line cannot ask for these."""
    draws = sorted({number % DRAWS for number in run.replicates})
    inner = len(run.replicates) // max(len(draws), 1)
    whole = [luck * DRAWS + draw for luck in range(inner) for draw in range(len(draws))]
    if sorted(run.replicates) != whole:
        return None
    parts = [f"--replicates {len(draws)}", f"--seed {run.seed}"]
    parts += [f"--inner {inner}"] if inner > 1 else []
    parts += ["--parameters central"] if run.parameters == "central" else []
    return " ".join(parts)


def _file(run: Run) -> str:
    """The name of the shipped scenario that a run is of; else that of a file that the page holds."""
    from migsim.scenario.load import load, shipped

    if run.name in shipped():
        try:
            if load(run.name).hash == run.manifest["scenario_hash"]:
                return run.name
        except InputError:
            pass
    return f"{run.name}.yaml"


def needed_files(runs: list[Run]) -> list[str]:
    """Scenario files that must be saved from the page before its commands work."""
    return list(dict.fromkeys(name for run in runs if (name := _file(run)).endswith(".yaml")))


def by_hand(runs: list[Run]) -> Iterator[str]:
    """What the command line alone cannot do again, and why."""
    for run in runs:
        if run.sample is not None:
            yield f"{run.name} is a sweep: `migsim rerun` on its folder runs it again at the same points."
        if held := run.manifest.get("behaviours"):
            named = ", ".join(f"{each['state']} ({each['class']})" for each in held)
            yield f"{run.name} was run with behaviours of its author's own, which no file holds: {named}."
        if _options(run) is None and run.sample is None:
            yield f"{run.name} is of the worlds {ranges(run.replicates)}, which only Python can ask for."
