"""Score how states voted, from files that a user brings, beside what their region and income would say.

A file has one row per state and vote, with the columns ``year,instrument,iso3,vote``; the instrument is a
process of `OF_GOVERNANCE` or of the library, by its name, its title or the end of a claim it rests on; the
vote is yes, no, abstain or absent, or Y, N, A or X as in the records of the United Nations.

The model's forecast for a state is the share of worlds in which it votes so, over the worlds in which there
is a vote at all, in whatever year: whether and when there is one is the model's to say, and not scored here.
Its rivals are the shares of states that voted so in the same region, in the same income group, and
everywhere. They have seen the outcome and the model has not: to come near them is a finding, to beat them a
strong one.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.columns import vote_columns
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, shown
from migsim.facts import load
from migsim.facts.codes import iso3_codes
from migsim.scenario.files import library_files
from migsim.scenario.load import load as load_scenario
from migsim.scenario.wording import did_you_mean
from migsim.start import begin
from migsim.validation.checks import Check, told, wins
from migsim.validation.scores import ranking
from migsim.world.vocabulary import VOTES
from migsim.year import live

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.world.corridors import Array

__all__ = [
    "COLUMNS",
    "OF_GOVERNANCE",
    "Ballot",
    "VoteOnRecord",
    "brier",
    "has_votes",
    "read_votes",
    "score",
    "vote_checks",
]

COLUMNS: Final = ("year", "instrument", "iso3", "vote")
OF_GOVERNANCE: Final = "governance-2001-2018"
"""The scenario in which processes vote."""
YES: Final = VOTES.index("yes")
ALIASES: Final[Mapping[str, str]] = {
    "y": "yes", "n": "no", "a": "abstain", "abstention": "abstain", "abstained": "abstain", "x": "absent",
    "non-voting": "absent", "not voting": "absent",
}  # fmt: skip
FEWEST: Final = 10
"""States without which a vote is not scored."""

type Ballot = Mapping[str, int]
"""How states voted: ISO3 code to a position in `VOTES`."""


@dataclass(frozen=True)
class VoteOnRecord:
    """A vote on record: on what, in which year, in which file, and how each state voted."""

    instrument: str
    year: int
    file: str
    votes: Ballot


def has_votes(path: Path | str) -> bool:
    """Whether a file is one of votes; what cannot be read is not, and is left for others to complain of."""
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            return "vote" in _header(next(csv.reader(file), []))
    except (OSError, UnicodeDecodeError):
        return False


def _header(cells: Iterable[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    return ["iso3" if name == "state" else name for name in names]


def read_votes(paths: Sequence[Path | str]) -> tuple[VoteOnRecord, ...]:
    """Read files of votes.

    Raises
    ------
    InputError
        With one line per fault: where, what was found, what is allowed.
    """
    found: dict[tuple[str, int], VoteOnRecord] = {}
    faults: list[str] = []
    for path in map(Path, paths):
        rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
        header = _header(next(rows, []))
        if missing := [name for name in COLUMNS if name not in header]:
            faults.append(f"{path}:1: a file of votes also needs {' and '.join(missing)}")
            continue
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            try:
                _add(found, f"{path}:{rows.line_num}", path.name, dict(zip(header, row, strict=False)))
            except InputError as fault:
                faults.append(str(fault))
    if faults:
        raise InputError("\n".join(faults[:25]))
    return tuple(found.values())


def _add(found: dict[tuple[str, int], VoteOnRecord], where: str, file: str, row: Mapping[str, str]) -> None:
    """Put one row where it belongs."""
    cells = {name: row.get(name, "").strip() for name in COLUMNS}
    if not cells["year"].isdecimal():
        raise InputError(f"{where}: year is {shown(cells['year'])}; it must be a year")
    if cells["iso3"] not in iso3_codes():
        meant = did_you_mean(cells["iso3"].upper(), iso3_codes())
        raise InputError(f"{where}: iso3 is {shown(cells['iso3'])}; {meant or 'it must be an ISO3 code'}")
    vote = ALIASES.get(cells["vote"].lower(), cells["vote"].lower())
    if vote not in VOTES:
        raise InputError(f"{where}: vote is {shown(cells['vote'])}; it must be one of {', '.join(VOTES)}")
    instrument = _instrument(where, cells["instrument"])
    key = instrument, int(cells["year"])
    cast = found.get(key) or VoteOnRecord(instrument, key[1], file, {})
    if cells["iso3"] in cast.votes:
        raise InputError(f"{where}: the vote of {cells['iso3']} on {instrument} stands twice; keep one")
    found[key] = replace(cast, votes={**cast.votes, cells["iso3"]: VOTES.index(vote)})


def _instrument(where: str, said: str) -> str:
    known = _known()
    key = said.lower().replace("_", "-")
    if key in known:
        return known[key]
    names = sorted(set(known.values()))
    meant = did_you_mean(key, tuple(known))
    raise InputError(f"{where}: instrument is {shown(said)}; {meant or 'votes are on: ' + ', '.join(names)}")


@cache
def _known() -> Mapping[str, str]:
    """Processes that vote, by their names, titles and the ends of the claims that they alone rest on."""
    called: dict[str, set[str]] = {}
    for definition in (load_scenario(OF_GOVERNANCE), *map(load_scenario, library_files())):
        for name, process in definition.spec.processes.items():
            if definition.value(f"processes.{name}.vote.is_taken"):
                ends = (claim.partition("-")[2] for claim in process.evidence)
                for each in (name, process.title.lower(), *ends):
                    called.setdefault(each, set()).add(name)
    return {each: min(names) for each, names in called.items() if len(names) == 1}


def vote_checks(
    given: Sequence[VoteOnRecord], worlds: int, on_year: Callable[[], object] | None = None
) -> Iterator[Check]:
    """The scores of every vote that was brought along.

    Parameters
    ----------
    given
    worlds : int
        Ranged worlds to run; 0: the central one alone.
    on_year : callable, optional
        Told each finished year.
    """
    together: list[dict[str, Any]] = []
    if given:
        governed = load_scenario(OF_GOVERNANCE)
        wanted = {cast.instrument for cast in given}
        inside = wanted & set(governed.spec.processes)
        definitions = [governed] if inside else []
        definitions += [load_scenario(name) for name in sorted(wanted - inside)]
        for definition in definitions:
            together += _run(definition, worlds, on_year)
    for cast in given:
        yield from score(
            cast, [part for part in together if part["instrument"][0] == cast.instrument], worlds
        )


def _run(definition: Scenario, worlds: int, on_year: Callable[[], object] | None) -> list[dict[str, Any]]:
    """The votes of a scenario, as columns of each session."""
    replicates = tuple(range(max(worlds, 1)))
    setting, world = begin(definition, replicates, DEFAULT_SEED, "ranged" if worlds else "central")
    parts: list[dict[str, Any]] = []
    while world.year < definition.spec.years.last:
        world = live(world, setting)
        parts += vote_columns(world, setting)
        if on_year is not None:
            on_year()
    return parts


def score(cast: VoteOnRecord, parts: Sequence[Mapping[str, Any]], worlds: int) -> Iterator[Check]:
    """The two scores of one vote: of all four ways to vote, and of who is likelier to vote yes.

    Parameters
    ----------
    cast
        What is on record.
    parts
        Votes of the model on the same instrument, as `migsim.ensemble.columns.vote_columns` gives them.
    worlds
        How many worlds were run.
    """
    section, year = f"Votes on {cast.instrument}", str(cast.year)
    forecast = _shares(parts)
    states = sorted(set(cast.votes) & set(forecast))
    if len(states) < FEWEST:
        held = f"in no world of {max(worlds, 1)}" if not parts else f"on {len(states)} of these states only"
        remark = f"The model votes {held}: nothing to score."
        yield Check(section, "Brier score", year, "score", np.nan, source=cast.file, remark=remark)
        return
    actual = np.array([cast.votes[iso3] for iso3 in states])
    model = np.stack([forecast[iso3] for iso3 in states])
    n_held = len({(part["year"][0], replicate) for part in parts for replicate in part["replicate"]})
    about = (
        f"{len(states)} states; {n_held} of {max(worlds, 1)} worlds vote. On record"
        f" {_counts(np.eye(len(VOTES))[actual].sum(axis=0))}; the model {_counts(model.sum(axis=0))}."
    )
    for what, of, is_larger_better in _measures(actual):
        ours, theirs = of(model), {name: of(rival) for name, rival in _rivals(states, actual).items()}
        won, best = wins(ours, theirs, is_larger_better=is_larger_better)
        better = f"{'Better' if won else 'No better'} than {best} ({told(theirs[best])})"
        yield Check(
            section, what, year, "score", ours, figure=1.0 if is_larger_better else 0.0, forecasts=theirs,
            passed=won, source=cast.file, remark=f"{about} {better}, which has seen the votes.",
        )  # fmt: skip


def _measures(actual: Array) -> Iterator[tuple[str, Callable[[Array], float], bool]]:
    """What forecasts ``(state, way)`` are scored by, and whether a larger score is better."""
    is_yes = actual == YES
    yield "Brier score", partial(brier, actual=actual), False
    if is_yes.any() and not is_yes.all():
        happened = is_yes.astype(np.float64)
        yield "who votes yes, ranked", lambda forecast: float(ranking(forecast[:, YES], happened)), True


def brier(forecast: Array, actual: Array) -> float:
    """Mean over states of the squared distance of the forecast from what happened; 0 is perfect, 2 the worst.

    Parameters
    ----------
    forecast : array, shape ``(state, way)``
        Chances that sum to one.
    actual : array of int, shape ``(state,)``

    Examples
    --------
    >>> brier(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0, 1]))
    0.25
    """
    happened = np.eye(forecast.shape[-1])[actual]
    return float(((forecast - happened) ** 2).sum(axis=-1).mean())


def _shares(parts: Iterable[Mapping[str, Any]]) -> dict[str, Array]:
    """Share of its votes that each state casts in each way, over all worlds."""
    counts: dict[str, Array] = {}
    for part in parts:
        for state, vote in zip(part["state"], part["vote"], strict=True):
            counts.setdefault(str(state), np.zeros(len(VOTES)))[VOTES.index(str(vote))] += 1.0
    return {state: each / each.sum() for state, each in counts.items()}


def _rivals(states: Sequence[str], actual: Array) -> dict[str, Array]:
    """Forecasts by those who have seen the votes: shares by region, by income group, and of all states."""
    facts = load()
    happened = np.eye(len(VOTES))[actual]
    groups = {
        "region": facts.region,
        "income group": facts.income_group,
        "all alike": ("",) * len(facts.iso3),
    }
    found = {}
    for name, labels in groups.items():
        mine = np.array([labels[facts.index(iso3)] for iso3 in states])
        found[name] = np.stack([happened[mine == label].mean(axis=0) for label in mine])
    return found


def _counts(numbers: Array) -> str:
    return ", ".join(f"{told(float(np.round(n)))} {way}" for n, way in zip(numbers, VOTES, strict=True))
