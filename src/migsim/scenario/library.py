"""The library of processes: what each is composed of, in words, and which row of the documents it stands for.

A process of the library is a shipped scenario file with one process in it. What is told here is read from
those files, so that the command line, the documentation and Python say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from migsim.errors import InputError, shown
from migsim.provenance.claims import rows
from migsim.provenance.parameters import registry
from migsim.scenario import composition
from migsim.scenario.files import library_files
from migsim.scenario.load import load

if TYPE_CHECKING:
    import pandas as pd

    from migsim.scenario.definition import Scenario

__all__ = ["COLUMNS", "Entry", "entries", "entry", "processes"]

COLUMNS: Final = (
    "name",
    "title",
    "participants",
    "convener",
    "chair",
    "when",
    "agenda",
    "rule",
    "output",
    "binds",
    "links",
    "evidence",
    "silent_on",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One process of the library, in words.

    Attributes
    ----------
    rule
        How a text comes about, and who can block it.
    output, binds
        Where what comes out stands on the ladder of cooperation, and whom it binds.
    settings
        The parameters of the process that the file sets, by their path inside the process.
    row
        The process of the documents that it stands for, or is part of.
    silent_on
        What the documents leave open about that process.
    """

    name: str
    title: str
    description: str
    participants: str
    convener: str
    facilitator: str
    chair: str
    when: str
    agenda: str
    rule: str
    output: str
    binds: str
    links: str
    settings: dict[str, object]
    evidence: tuple[str, ...]
    row: str
    silent_on: str


def processes() -> pd.DataFrame:
    """The processes of the library, one row each.

    Returns
    -------
    DataFrame
        Name, title, who takes part, who convenes and presides, when it meets, what its agenda is, by which
        rule a text comes about, where its output stands on the ladder, whom it binds, what it gives to other
        processes, the claims of the documents it rests on, and what the documents leave open.

    Examples
    --------
    >>> told = processes().set_index("name")
    >>> told.loc["puebla", "participants"], told.loc["puebla", "output"]
    ('11 states of a region', 'common understanding')
    """
    import pandas as pd

    told = [{column: getattr(each, column) for column in COLUMNS} for each in entries().values()]
    return pd.DataFrame(told, columns=list(COLUMNS))


@cache
def entries() -> dict[str, Entry]:
    """The processes of the library by name, in the order of the documents' table and then of the alphabet.

    Examples
    --------
    >>> next(iter(entries()))
    'gfmd'
    """
    known = library_files()
    listed = [name for row in rows("processes.csv") for name in row["library"].split() if name in known]
    return {name: entry(name) for name in (*listed, *(name for name in known if name not in listed))}


@cache
def entry(name: str) -> Entry:
    """One process of the library.

    Raises
    ------
    InputError
        If the library has none of that name.

    Examples
    --------
    >>> entry("bilateral-agreements").rule
    'consent of the two states'
    """
    files = library_files()
    if name not in files:
        from difflib import get_close_matches

        near = get_close_matches(name, list(files), n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else "`migsim processes` lists them"
        raise InputError(f"there is no process {shown(name)} in the library; {hint}")
    scenario = load(str(files[name]))
    process = scenario.spec.processes[name]
    row = next((row for row in rows("processes.csv") if name in row["library"].split()), None)
    return Entry(
        name=name,
        title=process.title,
        description=" ".join(scenario.description.split()),
        participants=composition.participants(process),
        convener=process.convener,
        facilitator=process.facilitator,
        chair=composition.chair(process),
        when=composition.when(process),
        agenda=composition.agenda(process),
        rule=composition.rule(process),
        output=composition.output(process),
        binds=composition.binds(process),
        links=composition.links(process),
        settings=dict(_settings(scenario, name)),
        evidence=process.evidence,
        row=row["process"] if row else "",
        silent_on=row["documents_silent_on"].strip("-") if row else "",
    )


def _settings(scenario: Scenario, name: str) -> Iterator[tuple[str, object]]:
    """The parameters that the file sets, below the process."""
    start = f"processes.{name}."
    for path in scenario.tree.paths():
        if path.startswith(start) and registry().match(path) is not None:
            yield path.removeprefix(start), scenario.value(path)
