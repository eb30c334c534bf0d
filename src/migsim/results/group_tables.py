"""Table ``states`` taken together over groups of states, and what is kept of it in a folder.

People and money are sums. Income and unemployment are means over people; well-being of migrants is one over
immigrants, that of nationals over emigrants; gains are weighted by the role in which they arise, as in table
``world``; opinion, policy, positions, trust and the rest are plain means in which all states count alike, as
there too. The codebook says it of every column (`migsim.results.codebook.AVERAGES`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from migsim.ensemble.folders import entering, write_manifest
from migsim.ensemble.store import write_csv, write_text
from migsim.errors import InputError, shown
from migsim.results.codebook import Column, codebook
from migsim.results.groups import NO_GROUP, Grouping, grouping_of, read_groups
from migsim.results.manifest import with_outputs
from migsim.results.projections import with_projection
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from migsim.results.tables import TableSource
    from migsim.scenario.definition import Scenario

__all__ = [
    "BY_GROUP", "BY_REGION", "GROUPS_FILE", "MAIN", "group_record", "group_table", "keep_groups",
    "kept_in", "region_summary", "summed_up", "told_groups",
]  # fmt: skip

KEYS: Final = ["replicate", "year"]
GROUPS_FILE: Final = "groups.csv"
BY_GROUP: Final = "by_group.csv"
BY_REGION: Final = "by_region.csv"
MAIN: Final = (
    "population", "immigrants", "emigrants", "remittances_received", "opinion_pro", "opinion_anti",
    "gain_host", "gain_departure", "gain",
)  # fmt: skip
"""What a run folder tells by region: few columns, so that the file stays small."""
LOW, HIGH = 0.05, 0.95


def group_table(
    source: TableSource,
    grouping: Grouping,
    columns: Sequence[str] | None = None,
    *,
    by_population: bool = False,
) -> pd.DataFrame:
    """One row a world, year and group: the states of the group taken together.

    The table is read some worlds at a time, so that no more of it is in memory.

    Parameters
    ----------
    source
        The tables of a run.
    grouping
        The groups, as `migsim.results.groups.grouping_of` gives them.
    columns
        Columns of table ``states``; by default all but its keys.
    by_population
        Whether states count by their people in plain means and in gains as well.

    Returns
    -------
    DataFrame
        ``replicate``, ``year``, ``group``, ``n_states``, and the columns; empty where a group has nobody to
        take a mean over.

    Raises
    ------
    InputError
        If there is no such column.
    """
    import pandas as pd

    measures = _measures(columns)
    if "states" not in source.names:
        return pd.DataFrame(columns=[*KEYS, "group", "n_states", *(each.name for each in measures)])
    weights = {each.name: _weight(each, by_population) for each in measures}
    needed = dict.fromkeys([*KEYS, "state", *weights, *(name for held in weights.values() for name in held)])
    reduce = partial(_taken_together, grouping=grouping, measures=measures, weights=weights)
    return source.read("states", list(needed), reduce=reduce)


def _measures(columns: Sequence[str] | None) -> list[Column]:
    known = {each.name: each for each in codebook().values() if each.over_states}
    if columns is None:
        return list(known.values())
    if isinstance(columns, str):
        raise InputError(f"columns: found {shown(columns)}; allowed is a list, such as [{shown(columns)}]")
    for name in columns:
        if name not in known:
            from migsim.results.codebook import described

            described(name, ("states",))  # says which names are near
            raise InputError(f"columns: {shown(name)} cannot be taken together over states")
    return [known[name] for name in dict.fromkeys(columns)]


def _weight(column: Column, by_population: bool) -> tuple[str, ...]:
    """The columns whose product weights a mean; none for sums and plain means."""
    _, _, by = column.over_states.partition("by ")
    named = (by,) if by else ()
    is_of_states = column.over_states == "plain" or by.startswith("role_")
    return (*named, "population") if by_population and is_of_states else named


def _taken_together(
    rows: pd.DataFrame,
    grouping: Grouping,
    measures: Sequence[Column],
    weights: Mapping[str, tuple[str, ...]],
) -> pd.DataFrame:
    """The rows of some worlds, taken together by group."""
    n = rows["state"].nunique()  # rows are sorted, and every year of a world has the same states
    shares = _shares(grouping, [str(state) for state in rows["state"].iloc[:n]])
    arrays = {
        name: rows[name].to_numpy(dtype=np.float64).reshape(-1, n) for name in rows.columns if name != "state"
    }
    keys = rows[KEYS].iloc[:: n or 1]
    table = keys.loc[keys.index.repeat(len(shares))].reset_index(drop=True)
    table["group"] = [*grouping.members] * len(keys)
    table["n_states"] = np.tile(np.count_nonzero(shares, axis=1), len(keys))
    found = {}
    for each in measures:
        weights_of = [arrays[name] for name in weights[each.name]]
        taken = _total if each.over_states == "sum" else _mean
        found[each.name] = taken(arrays[each.name], weights_of, shares).ravel()
    return table.assign(**found)


def _shares(grouping: Grouping, states: Sequence[str]) -> NDArray[np.float64]:
    """With which share each state is in each group, ``(group, state)``."""
    held = [[members.get(state, 0.0) for state in states] for members in grouping.members.values()]
    return np.array(held, dtype=np.float64).reshape(-1, len(states))


def _total(
    values: NDArray[Any], weights: Sequence[NDArray[Any]], shares: NDArray[Any]
) -> NDArray[np.float64]:
    """Sum by group of ``(cell, state)``, as ``(cell, group)``; nan where a value is missing."""
    is_there = np.isfinite(values)
    total = _summed(np.where(is_there, values, 0.0), weights, shares)
    if not is_there.all():
        total[_summed(~is_there, (), shares) > 0.0] = np.nan
    return total


def _mean(values: NDArray[Any], weights: Sequence[NDArray[Any]], shares: NDArray[Any]) -> NDArray[np.float64]:
    """Weighted mean of what is there; nan where there is nothing, or no weight."""
    is_there = np.isfinite(values)
    whole = _summed(is_there, weights, shares)
    total = _summed(np.where(is_there, values, 0.0), weights, shares)
    mean: NDArray[np.float64] = np.where(whole > 0.0, total / np.where(whole > 0.0, whole, 1.0), np.nan)
    return mean


def _summed(
    values: NDArray[Any], weights: Sequence[NDArray[Any]], shares: NDArray[Any]
) -> NDArray[np.float64]:
    product = values.astype(np.float64)
    for weight in weights:
        product *= weight
    summed: NDArray[np.float64] = np.einsum("cs,gs->cg", product, shares)
    return summed


def summed_up(table: pd.DataFrame) -> pd.DataFrame:
    """Medians and the range of nine worlds in ten, by year and group.

    Parameters
    ----------
    table
        As `group_table` gives it, but ``replicate`` may be a draw: of its rows, one a luck, counts the mean.

    Returns
    -------
    DataFrame
        ``year``, ``group``, ``quantity``, ``unit``, ``median``, ``low`` and ``high`` (5th and 95th
        percentile) and ``n``, the worlds in which the group has a value.
    """
    import pandas as pd

    names = [name for name in table.columns if name not in (*KEYS, "group", "n_states")]
    columns = ["year", "group", "quantity", "unit", "median", "low", "high", "n"]
    if table.empty:
        return pd.DataFrame(columns=columns)
    order = {group: n for n, group in enumerate(dict.fromkeys(table["group"]))}
    ordered = table.assign(order=table["group"].map(order))
    by_draw = ordered.groupby(["replicate", "year", "order"])[names].mean()
    found = by_draw.groupby(["year", "order"])
    stacked = {
        "median": found.median(),
        "low": found.quantile(LOW),
        "high": found.quantile(HIGH),
        "n": found.count(),
    }
    long = pd.DataFrame({name: frame.stack(future_stack=True) for name, frame in stacked.items()})
    long = long.rename_axis(["year", "order", "quantity"]).reset_index()
    long["group"] = long["order"].map({n: group for group, n in order.items()})
    long["unit"] = long["quantity"].map({name: codebook()["states", name].unit for name in names})
    return long[columns]


def region_summary(source: TableSource, definition: Scenario) -> pd.DataFrame:
    """The main columns by region, for the folder of a run that is no sweep."""
    table = group_table(source, grouping_of("region", definition), MAIN)
    return summed_up(table.assign(replicate=table["replicate"] % DRAWS))


def group_record(grouping: Grouping) -> dict[str, Any]:
    """What a manifest says of groups: how many states each has in the run, and which are in none."""
    outside = grouping.members.get(NO_GROUP, {})
    return {
        "name": grouping.name,
        "sha256": grouping.sha256 or None,
        "groups": {group: len(held) for group, held in grouping.members.items() if group != NO_GROUP},
        "in_no_group": list(outside),
    }


def keep_groups(
    folder: str | os.PathLike[str],
    grouping: Grouping,
    states: Iterable[str],
    summary: pd.DataFrame,
    known: Mapping[str, Any],
) -> list[Path]:
    """Write groups, and what came of them, into a folder, and enter both in its manifest.

    Parameters
    ----------
    folder
        Of a run or a study.
    grouping
        The groups with all their states, also those that the run does not have.
    states
        Those that it has.
    summary
        As `summed_up` gives it.
    known
        The manifest of the run of which it was made; empty for a study.

    Raises
    ------
    InputError
        If another process is writing this run.
    EnvironmentProblem
        If another run stands there by now; nothing is written then.
    """
    target = Path(folder)
    written = [target / GROUPS_FILE, target / BY_GROUP]
    with entering(target, known) as manifest:
        write_text(written[0], grouping.to_csv())
        write_csv(written[1], with_projection(summary))
        groups = {"groups": group_record(grouping.among(states))}
        write_manifest(target, with_outputs(manifest, target, written) | groups)
    return written


def kept_in(folder: Path, manifest: Mapping[str, Any]) -> Grouping | None:
    """The groups that a folder of a run keeps, with all their states; none if none were given."""
    said = manifest.get("groups")
    if not said or not (folder / GROUPS_FILE).is_file():
        return None
    return replace(read_groups(folder / GROUPS_FILE), name=str(said["name"]))


def told_groups(grouping: Grouping) -> str:
    """The groups on a line or two, with the states that are in none."""
    inside = [group for group in grouping.members if group != NO_GROUP]
    lines = [f"Groups of {grouping.name}: {len(inside)}"]
    if empty := [group for group in inside if not grouping.members[group]]:
        lines.append(f"without a state in this run: {', '.join(empty)}")
    if outside := list(grouping.members.get(NO_GROUP, ())):
        some = ", ".join(outside[:12]) + (", ..." if len(outside) > 12 else "")
        who = "one state is" if len(outside) == 1 else f"{len(outside)} states are"
        lines.append(f"{who} in no group, and told as {shown(NO_GROUP)}: {some}")
    return "; ".join(lines)
