"""What a Morris or a Sobol sweep says of its settings: the effect of each, or its share of the variance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.analysis.groups import title_of
from migsim.analysis.indices import sobol_shares
from migsim.analysis.outcomes import OUTCOMES
from migsim.analysis.screening import screening
from migsim.ensemble.factors import LUCK
from migsim.ensemble.folders import on_disk
from migsim.ensemble.store import write_csv
from migsim.errors import InputError, shown
from migsim.results.manifest import add_outputs
from migsim.results.sweep_results import OUTCOMES as HEADINGS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.ensemble.samples import Sample
    from migsim.results.run import Run

__all__ = ["FILES", "save_effects", "swept_effects"]

FILES: Final = {"morris": "screening.csv", "sobol": "indices.csv"}
"""By kind of sample the file that holds what it says."""
MEASURES: Final = {"morris": "mu_star", "sobol": "ST"}
MOST_ROWS: Final = 12


def swept_effects(run: Run) -> pd.DataFrame:
    """The effects of the settings of a Morris sweep, or the shares of variance of a Sobol sweep.

    Outcomes are those of the last year, means over the worlds of a point. Of a Sobol sweep in which luck does
    not vary, the variance is that between points which all have the same luck.

    Parameters
    ----------
    run
        A sweep of kind ``morris`` or ``sobol``.

    Returns
    -------
    DataFrame
        A row an outcome and setting: ``outcome``, ``path``, ``title``, then the measures of
        `migsim.analysis.screening.screening` or of `migsim.analysis.indices.indices`. Choices and whole
        numbers have no effect in the sense of Morris and are left out there.

    Raises
    ------
    InputError
        If the run is no such sweep.
    """
    sample = run.sample
    if sample is None or sample.kind not in FILES:
        kind = None if sample is None else sample.kind
        raise InputError(f"a sweep of kind {shown(kind)}; effects are those of kind morris or sobol")
    found = _by_point(run, sample)
    return _of_walks(run, sample, found) if sample.kind == "morris" else _of_crossed(run, sample, found)


def save_effects(run: Run, folder: Path) -> str:
    """Write `swept_effects` into the folder of a sweep, and give its first rows in words."""
    assert run.sample is not None
    path = folder / FILES[run.sample.kind]
    frame = swept_effects(run)
    with on_disk(folder):
        write_csv(path, frame)
    add_outputs(folder, run.manifest, [path])
    return _words(frame, run.sample)


def _by_point(run: Run, sample: Sample) -> pd.DataFrame:
    """Mean outcomes by point; missing where a world failed."""
    by = run.outcomes().groupby("point")
    is_whole = by.size() == len(run.replicates) // len(sample)
    return by[list(OUTCOMES)].mean()[is_whole].reindex(range(len(sample)))


def _of_walks(run: Run, sample: Sample, found: pd.DataFrame) -> pd.DataFrame:
    frame = screening(found, sample, run.seed).drop(columns="group")
    return frame[~frame["path"].isin(sample.switched)].reset_index(drop=True)


def _of_crossed(run: Run, sample: Sample, found: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    names = list(sample.paths)
    shares = {outcome: sobol_shares(found[outcome].to_numpy(), names, run.seed) for outcome in OUTCOMES}
    return pd.DataFrame(
        {"outcome": outcome, "path": path, "title": title_of(path), **shares[outcome][path]}
        for outcome in OUTCOMES
        for path in names
    )


def _words(frame: pd.DataFrame, sample: Sample) -> str:
    """The settings that move a gain most, held against what moves that gain most."""
    if frame.empty:
        return "No effects: no setting takes any number of a range, or a world of every walk failed."
    kind, n = sample.kind, int(frame["n"].min())
    measure = MEASURES[kind]
    rows = frame.set_index(["path", "outcome"])
    sizes = rows[measure].unstack("outcome")[list(HEADINGS)]
    order = (sizes / sizes.max()).max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    table = [["", *HEADINGS.values()]]
    table += [[path, *(_cell(rows.loc[(path, outcome)], measure) for outcome in HEADINGS)] for path in order]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, cells, widths)).rstrip() for cells in table]
    head = (
        f"How far each setting moves the gains over its whole range (mu*, 95 % interval; {n} walks):"
        if kind == "morris"
        else f"Total shares of the variance, alone and with others (ST in %, 95 % interval; {n} base points):"
    )
    left_out = set(sample.paths) - {LUCK, *frame["path"]}
    note = ["Choices and whole numbers have no such effect and are left out."] if left_out else []
    if kind == "sobol" and (frame["ST_high"] - frame["ST_low"]).max() > 1.0:
        note.append("Intervals this wide say little; take more base points before believing the shares.")
    return "\n".join([head, *lines, *note])


def _cell(row: pd.Series, measure: str) -> str:
    scale, form = (100.0, ".0f") if measure == "ST" else (1.0, ".2g")
    value, *ends = (scale * float(row[name]) for name in (measure, f"{measure}_low", f"{measure}_high"))
    if not np.isfinite(value):
        return "–"
    return (
        f"{value:{form}} ({ends[0]:{form}} to {ends[1]:{form}})"
        if np.isfinite(ends[0])
        else f"{value:{form}}"
    )
