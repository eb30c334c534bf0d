"""The assumptions that matter: found by a sensitivity analysis if there is one, else only what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.folders import MANIFEST, read_manifest
from migsim.ensemble.versions import code_sha256
from migsim.errors import InputError
from migsim.provenance.parameters import Parameter, registry
from migsim.quantities import plain
from migsim.report.pictures import Picture, picture_of
from migsim.results.manifest import STUDY_FORMAT

if TYPE_CHECKING:
    from migsim.results.run import Run

__all__ = ["Assumed", "Known", "assumed", "known"]

type Paragraph = tuple[str, tuple[str, ...]]

ANALYSIS: Final = "migsim sensitivity"
FINDINGS: Final = "findings.txt"
DRAWN: Final = ("tornado", "screening")
"""Parts of an analysis that are drawn, the first that was done."""
MOST_ASSUMED: Final = 15


@dataclass(frozen=True, slots=True)
class Known:
    """What a sensitivity analysis found.

    Attributes
    ----------
    title
        Of the scenario that was analysed.
    about
        Size, seed, worlds and whether the program was another one.
    picture
        Its tornado or screening; None if neither was done.
    findings, more
        Paragraphs, each a heading and its sentences: on what settings do, and on all else.
    """

    title: str
    about: str
    picture: Picture | None
    findings: tuple[Paragraph, ...]
    more: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """The registry's assumptions that some scenarios use.

    Attributes
    ----------
    rows
        Title, central value, range with unit, what is cited beside, and path.
    n_assumed, n_used
        How many assumptions there are, and how many parameters.
    passed_over
        Why an analysis that lies there was not used; empty if there is none.
    """

    rows: tuple[tuple[str, str, str, str, str], ...]
    n_assumed: int
    n_used: int
    passed_over: str


def known(runs: list[Run]) -> Known | None:
    """What the largest sensitivity analysis of a scenario found, of those in or beside the runs' folders."""
    found = [(folder, held) for folder, held in _analyses(runs) if held.get("scenario_hash") in _hashes(runs)]
    finished = [
        (folder, held) for folder, held in found if held.get("parts") and (folder / FINDINGS).is_file()
    ]
    if not finished:
        return None
    folder, held = max(finished, key=lambda each: (_n_worlds(each[1]), each[0].name))
    told = list(_paragraphs((folder / FINDINGS).read_text(encoding="utf-8")))
    first = tuple(each for each in told if each[0].lower() in ("", *DRAWN))
    more = tuple(each for each in told if each not in first)
    return Known(str(held.get("title", "")), _about(held), _drawn(folder), first, more)


def assumed(runs: list[Run]) -> Assumed:
    """The assumptions that the scenarios leave to be drawn, those with most sources beside them first."""
    has_process = any(run.scenario.spec.processes for run in runs)
    used = [row for row in registry().rows if has_process or not row.path.startswith("processes.")]
    free = [row for row in used if row.is_drawn and "assumption" in row.sources and not _is_set(row, runs)]
    ordered = sorted(free, key=lambda row: -len(row.sources))
    passed = [held for _, held in _analyses(runs) if held.get("name") in {run.name for run in runs}]
    said = ""
    if passed:
        said = (
            f"An analysis of {passed[0].get('name')} lies beside the runs, but the scenario was set "
            "otherwise then, or it was not finished; it is not shown."
        )
    return Assumed(tuple(_told(row) for row in ordered[:MOST_ASSUMED]), len(free), len(used), said)


def _told(row: Parameter) -> tuple[str, str, str, str, str]:
    cited = ", ".join(token.replace(":", ": ", 1) for token in row.sources if token != "assumption")
    central = row.default if isinstance(row.default, str) else plain(float(row.default))
    unit = "" if row.kind == "choice" else row.quantity.text
    return (
        row.title,
        str(central).replace("_", " "),
        f"{row.range_text} {unit}".strip(),
        cited or "nothing",
        row.path,
    )


def _is_set(row: Parameter, runs: list[Run]) -> bool:
    """Whether every scenario sets the parameter itself, for each of its processes."""
    return all(
        run.scenario.is_pinned(path)
        for run in runs
        for path in (
            [row.path.replace("*", name, 1) for name in run.scenario.spec.processes]
            if "*" in row.path
            else [row.path]
        )
    )


def _hashes(runs: list[Run]) -> set[Any]:
    return {run.manifest.get("scenario_hash") for run in runs}


def _analyses(runs: list[Run]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The folders of analyses in the folders of runs, beside them, and beside the study that holds them."""
    places: dict[Path, None] = {}
    for run in runs:
        if run.folder is None:
            continue
        folder = run.folder.resolve()
        places |= dict.fromkeys((folder, folder.parent))
        study = folder.parent.parent
        if _manifest(study).get("format") == STUDY_FORMAT:
            places |= dict.fromkeys((study, study.parent))
    seen = dict.fromkeys(path.parent for place in places for path in sorted(place.glob(f"*/{MANIFEST}")))
    for folder in seen:
        held = _manifest(folder)
        if held.get("format") == ANALYSIS:
            yield folder, held


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        return read_manifest(folder)
    except InputError:
        return {}


def _n_worlds(held: Mapping[str, Any]) -> int:
    return sum(int(n) for n in held.get("worlds", {}).values())


def _about(held: Mapping[str, Any]) -> str:
    told = f"{_n_worlds(held):,} worlds, size {held.get('size')}, seed {held.get('seed')}"
    if held.get("versions", {}).get("migsim_code") != code_sha256():
        told += "; made with another version of migsim than the one that wrote this page"
    return told


def _drawn(folder: Path) -> Picture | None:
    """The tornado or the screening of an analysis, drawn from its tables."""
    import pandas as pd

    from migsim.plots.sensitivity import SensitivityFigures

    for name in DRAWN:
        path = folder / f"{name}.csv"
        if path.is_file():
            try:
                return picture_of(
                    getattr(
                        SensitivityFigures({name: pd.read_csv(path)}, _manifest(folder).get("year")), name
                    )(),
                    name,
                )
            except (OSError, ValueError, KeyError) as error:
                raise InputError(f"{path}: cannot be read ({error}); run the analysis again") from None
    return None


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of ``findings.txt``: the first has a title in the place of a heading."""
    for n, block in enumerate(text.strip().split("\n\n")):
        head, *lines = [line.strip() for line in block.splitlines()]
        if lines:
            yield "" if n == 0 else head, tuple(lines)
