"""Sweeps: one scenario run at many points of its settings, and what came out at each."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, SupportsIndex, TypedDict, Unpack

from migsim.ensemble.batch import KEYS
from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.ensemble.designs import Design, sampled
from migsim.ensemble.executors import executor
from migsim.ensemble.experiments import factors_of, over_of
from migsim.ensemble.factors import LUCK, Factor, factors, is_luck, of_python
from migsim.ensemble.samples import KINDS, Kind, Sample, grid, latin_hypercube, listed, morris, sobol
from migsim.ensemble.sizes import POINTS, STEPS, WITHOUT, refuse_odd_sizes, spread_of, usual_replicates
from migsim.errors import InputError, ScenarioError, shown
from migsim.provenance.parameters import Scalar
from migsim.results.run import Run
from migsim.results.simulation import defined, run_design
from migsim.results.sweep_results import BESIDE_POINTS
from migsim.scenario.definition import Scenario
from migsim.world.parameters import Spread
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    from migsim.scenario.experiment import Experiment

__all__ = ["experiment_of", "sweep", "sweep_design"]

EMPTY: Final = ("", "nan")
"""What a cell without a value holds."""

type Points = Sequence[Mapping[str, Scalar]] | str | os.PathLike[str]
"""Points of one's own: each a mapping from path to value, or a CSV file of them."""


class Chosen(TypedDict, total=False):
    """What a user may choose of a sweep; see `sweep_design`."""

    kind: Kind | None
    points: int | Points | None
    steps: int | None
    replicates: int | None
    parameters: Spread | None
    tables: tuple[str, ...] | None


def sweep(
    scenario: Scenario | str | os.PathLike[str],
    over: Mapping[str, object] | None = None,
    *,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
    **chosen: Unpack[Chosen],
) -> Run:
    """Run a scenario at many points of its settings.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a file.
    over, chosen
        What is varied and how, as for `sweep_design`; without ``over`` and points, the design that the
        scenario holds.
    seed
        Seed of the random numbers and of the design.
    workers, cluster, out, progress
        As for `migsim.run`.

    Returns
    -------
    Run
        Its worlds are numbered ``k * 1_000_000 + point``; ``run.points`` tells which settings each has, and
        ``run.outcomes()`` what came out beside them.

    Raises
    ------
    InputError
        If a path, a value or an argument is not allowed.

    Examples
    --------
    >>> swept = sweep("gfmd-2007-2015", {"years.last": [2007, 2008]}, replicates=1, parameters="central")
    >>> swept.points["years.last"].tolist()
    [2007, 2008]
    """
    definition = defined(scenario)
    if over is None and isinstance(chosen.get("points"), SupportsIndex | None):
        plan = experiment_of(definition, seed, **chosen)
    else:
        plan = sweep_design(definition, over or {}, seed=seed, **chosen)
    with executor(workers, cluster) as executing:
        return run_design(plan, executing, None if out is None else Path(out), progress)


def sweep_design(
    definition: Scenario,
    over: Mapping[str, object],
    *,
    kind: Kind | None = None,
    points: int | Points | None = None,
    steps: int | None = None,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    parameters: Spread | None = None,
    tables: tuple[str, ...] | None = ("world",),
) -> Design:
    """The design of a sweep.

    A parameter that worlds of a sweep differ in is a draw like any other: what states expect of a lever is
    still found at the scenario's own values. A setting without draws makes a scenario of its own.

    Parameters
    ----------
    definition
    over
        By path a list of values, a pair ``(low, high)``, or None for the registry's plausible range or all
        options; the path ``"luck"`` stands for whose luck a world has.
    kind
        ``grid`` (the default), ``latin_hypercube``, ``morris`` or ``sobol``.
    points
        How many points, walks or base points; or the points themselves, each a mapping from path to value, or
        a CSV file of them.
    steps
        Values that a grid takes of a range, by default 5.
    replicates
        Worlds at each point: replicate k has the same luck and the same draw at all points. By default 20 in
        a grid or at points of your own, else 1.
    seed
    parameters
        Whether what is not varied is drawn (``ranged``, the default where replicates are 20) or keeps its
        default (``central``), as it must where luck is varied.
    tables
        Tables that are kept; None keeps all.

    Raises
    ------
    InputError
        If a path, a value or an argument is not allowed.
    """
    is_grid = kind in (None, "grid")
    if kind not in (None, *KINDS) or kind == "listed":
        raise InputError(f"kind {shown(kind)}; allowed are grid, latin_hypercube, morris and sobol")
    if strange := [name for name in tables or () if name not in KEYS]:
        raise InputError(f"tables: found {shown(strange[0])}; allowed are {', '.join(KEYS)}, or None for all")
    if points is not None and not isinstance(points, SupportsIndex):
        if over or kind is not None or steps is not None:
            raise InputError("points: stand for themselves; leave out what else is to vary, kind and steps")
        sample = _listed(definition, points)
    else:
        refuse_odd_sizes(kind or "grid", points, steps)
        chosen = factors(definition, over)
        sample = grid(chosen, steps or STEPS) if is_grid else _drawn(str(kind), chosen, points, seed)
    number = usual_replicates(sample.kind, sample.has_luck) if replicates is None else replicates
    spread = spread_of(sample.kind, sample.has_luck, parameters)
    return sampled(definition, sample, number, seed, spread, tables)


def experiment_of(definition: Scenario, seed: int = DEFAULT_SEED, **chosen: Unpack[Chosen]) -> Design:
    """The design that a scenario file holds.

    Parameters
    ----------
    definition, seed
    chosen
        What the user says instead; see `sweep_design`.

    Raises
    ------
    InputError
        If it holds none, or one that compares scenarios.
    ScenarioError
        At the setting that cannot be varied so.
    """
    experiment: Experiment | None = definition.spec.design
    if experiment is None or experiment.kind == "scenarios":
        has = "has no design of its own" if experiment is None else "has a design that compares scenarios"
        remedy = "name settings to vary (--over path=1,2,3), or add a design of settings to the file"
        raise InputError(f"{definition.name}: {has}; {remedy}")
    factors_of(definition, experiment)
    own: dict[str, Any] = {
        name: getattr(experiment, name) for name in ("kind", "points", "steps", "replicates", "parameters")
    }
    kind = chosen.get("kind") or experiment.kind
    if kind != experiment.kind:
        own |= dict.fromkeys(WITHOUT.get(kind, ()))
    own |= {name: value for name, value in chosen.items() if value is not None or name == "tables"}
    return sweep_design(definition, over_of(experiment), seed=seed, **own)


def _of_file(path: Path) -> dict[str, dict[str, Scalar]]:
    """The points of a CSV file by the line of each: a column a path, a row a point.

    What a sweep itself writes beside its points is left out.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        (first, header), *cells = _cells(path.read_text(encoding="utf-8-sig")) or [(1, [])]
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; a file of points has a column for each path") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name a CSV file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not text in UTF-8; save it as CSV in UTF-8") from None
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as CSV ({error}); close every quote") from None
    _refuse_odd_cells(path, first, header, cells)
    allowed = "a file of points has a column for each path, a row for each point and no empty cells"
    if not cells or not set(header) - set(BESIDE_POINTS):
        raise InputError(f"{path}: {allowed}")
    rows: dict[str, dict[str, Scalar]] = {}
    for line, row in cells:
        point = {
            name: cell.strip() for name, cell in zip(header, row, strict=True) if name not in BESIDE_POINTS
        }
        if empty := [name for name, cell in point.items() if cell.lower() in EMPTY]:
            raise InputError(f"{path}:{line}: no value of {', '.join(empty)}; {allowed}")
        rows[f"{path}:{line}"] = {name: _value(cell) for name, cell in point.items()}
    return rows


def _value(cell: str) -> Scalar:
    """What a cell says: yes or no, a whole number, a number, or a name."""
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    for read in (int, float):
        with suppress(ValueError):
            return read(cell)
    return cell


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """Line and cells of each row of a CSV text that is not blank."""
    reader = csv.reader(StringIO(text), strict=True)
    return [(reader.line_num, row) for row in reader if len(row) > 1 or "".join(row).strip()]


def _refuse_odd_cells(path: Path, first: int, header: list[str], rows: list[tuple[int, list[str]]]) -> None:
    """Refuse a path that stands twice, and rows in which values would stand under other paths."""
    if twice := [name for number, name in enumerate(header) if name in header[:number]]:
        raise InputError(f"{path}:{first}: {shown(twice[0])} stands twice; each path once; delete a column")
    for line, row in rows:
        if len(row) != len(header):
            found = f"found {len(row)} cells" if len(row) > 1 else "found 1 cell"
            allowed = f"as many as the header has, {len(header)}"
            remedy = "commas part cells, so write numbers with a point, such as 0.5"
            raise InputError(f"{path}:{line}: {found}; allowed are {allowed}; {remedy}")


def _listed(definition: Scenario, points: Points) -> Sample:
    placed: Mapping[str, Mapping[str, Scalar]] = (
        _of_file(Path(points))
        if isinstance(points, str | os.PathLike)
        else {f"point {number}": _plain(number, point) for number, point in enumerate(points, 1)}
    )
    paths = dict.fromkeys(path for point in placed.values() for path in point)
    for place, point in placed.items():
        if set(point) != set(paths):
            missing = ", ".join(sorted(set(paths) - set(point)))
            raise InputError(f"{place}: says nothing of {missing}; all points set the same paths")
        _refuse_odd_point(definition, place, point)
    return listed(paths, ([point[path] for path in paths] for point in placed.values()))


def _plain(number: int, point: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """A point with Python's own values in the place of numpy's."""
    if not isinstance(point, Mapping):
        allowed = "a mapping from path to value; for a frame, frame.to_dict('records')"
        raise InputError(f"point {number}: found {shown(point)}; allowed is {allowed}")
    return {path: of_python(value) for path, value in point.items()}


def _refuse_odd_point(definition: Scenario, place: str, point: Mapping[str, Scalar]) -> None:
    if LUCK in point and not is_luck(point[LUCK]):
        allowed = f"allowed are whole numbers from 0 to {DRAWS - 1:,}"
        raise InputError(f"{place}: {LUCK}: found {shown(point[LUCK])}; {allowed}")
    try:
        definition.vary("design", {path: value for path, value in point.items() if path != LUCK})
    except ScenarioError as error:
        raise ScenarioError(replace(fault, file=place, line=0, column=0) for fault in error.faults) from None


def _drawn(kind: str, chosen: tuple[Factor, ...], points: int | None, seed: int) -> Sample:
    number = POINTS[kind] if points is None else points
    if isinstance(number, bool) or number < 1:
        raise InputError(f"points {shown(number)}; allowed are 1 or more")
    match kind:
        case "latin_hypercube":
            return latin_hypercube(chosen, number, seed)
        case "morris":
            return morris(chosen, number, seed)
        case _:
            return sobol(chosen, number, seed)
