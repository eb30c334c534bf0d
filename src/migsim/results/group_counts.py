"""Who of a group came, voted or ratified: tables with a row a state, counted by groups of states.

Each state counts by its share in the group, so that a state that is in several groups counts in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.results.groups import Grouping

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.tables import TableSource

__all__ = ["COUNTED", "group_counts"]

WAYS: Final = ("yes", "no", "abstain", "absent")
COUNTED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "attendance": ("process", ("attended", "objections")),
    "votes": ("instrument", WAYS),
    "ratifications": ("instrument", ("ratified",)),
}
"""By table, what a row is of beside world and year, and what is counted."""
NO_STATES: Final[Mapping[str, str]] = {
    "world": "it is of the world; take table states",
    "texts": "a text is one for all states; see attendance for objections",
    "implementation": "it is of all states that pledged; policies by group are in table states",
    "migrations": "it has parts of the world already; record corridors for others",
    "main_corridors": "it has pairs of states, and not all; record corridors for others",
    "corridors": "it has pairs of states; join groups to its column origin or destination",
}
"""Why other tables cannot be counted by groups, and what to do."""


def group_counts(source: TableSource, grouping: Grouping, table: str) -> pd.DataFrame:
    """How many states of each group came, voted or ratified: one row a world, year, group and event.

    Parameters
    ----------
    source
        The tables of a run.
    grouping
        The groups, as `migsim.results.groups.grouping_of` gives them.
    table
        ``attendance``, ``votes`` or ``ratifications``.

    Returns
    -------
    DataFrame
        ``replicate``, ``year``, ``process`` or ``instrument``, ``group``, and numbers: ``n_states`` that were
        asked, ``attended`` and ``objections``; ``n_states``, ``yes``, ``no``, ``abstain`` and ``absent``; or
        those that ``ratified`` in that year.

    Raises
    ------
    InputError
        If the table cannot be counted by groups.
    """
    import pandas as pd

    if table not in COUNTED:
        why = NO_STATES.get(table, "there is no such table")
        allowed = ", ".join(("states", *COUNTED))
        raise InputError(f"table {shown(table)} cannot be told by groups: {why}; allowed are {allowed}")
    of, counts = COUNTED[table]
    keys = ["replicate", "year", of]
    if table not in source.names:
        return pd.DataFrame(
            columns=[*keys, "group", *([] if table == "ratifications" else ["n_states"]), *counts]
        )
    wanted = {"attendance": counts, "votes": ("vote",)}.get(table, ())
    reduce = partial(_counted, grouping=grouping, keys=keys, counts=counts)
    return source.read(table, [*keys, "state", *wanted], reduce=reduce)


def _counted(
    rows: pd.DataFrame, grouping: Grouping, keys: list[str], counts: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of some worlds, counted by group."""
    import pandas as pd

    numbers: dict[str, Any] = {} if counts == ("ratified",) else {"n_states": 1.0}
    if "vote" in rows.columns:
        numbers |= {way: rows["vote"] == way for way in WAYS}
    numbers |= {name: rows[name] if name in rows.columns else 1.0 for name in counts if name not in numbers}
    told = rows[keys].assign(**numbers).astype(dict.fromkeys(numbers, float))
    states, order, parts = rows["state"].astype(str), list(grouping.members), []
    for place, members in enumerate(grouping.members.values()):
        share = states.map(members).astype(float)
        inside = share.notna()
        sums = told.loc[inside, [*numbers]].mul(share[inside], axis=0)
        parts.append(pd.concat([told.loc[inside, keys], sums], axis=1).assign(place=place))
    whole = pd.concat(parts) if parts else told.assign(place=0)
    found = whole.groupby([*keys, "place"], observed=True, sort=True)[[*numbers]].sum().reset_index()
    found.insert(len(keys), "group", [order[place] for place in found.pop("place")])
    return found
