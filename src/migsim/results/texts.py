"""The texts of several runs side by side: what was agreed, how clearly, who was against it.

Beside the compromise mean of the same delegations, which is what every text is held against.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from migsim.errors import InputError, shown
from migsim.results.tallies import attending, processes

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run
    from migsim.scenario.definition import Scenario

__all__ = [
    "OBJECTOR_COLUMNS",
    "TEXT_COLUMNS",
    "by_world",
    "most_against",
    "objector_table",
    "of_process",
    "text_table",
    "under_each_protocol",
    "written",
]

NEGOTIATED: Final = "negotiated_conclusions"
SESSION: Final = ["replicate", "process", "year"]
QUALITIES: Final = (
    "on_agenda", "adopted", "strength", "ambiguity", "objections", "position", "compromise",
)  # fmt: skip
"""Columns of table ``texts`` that say what a text is like."""
MOST_NAMED: Final = 3
"""States that words and captions name as most often against the texts."""
TEXT_COLUMNS: Final = (
    "process", "year", "theme", "paragraph", "n", "on_agenda", "adopted", "position", "ambiguity", "strength",
    "objections", "pledged", "compromise", "from_compromise",
)  # fmt: skip
OBJECTOR_COLUMNS: Final = ("process", "state", "n", "sessions", "paragraphs", "objections", "share_against")
WORLD_COLUMNS: Final = ("replicate", "adopted", "ambiguity", "strength", "against", "from_compromise")


def under_each_protocol(scenario: Scenario, names: Iterable[str] | None = None) -> list[Scenario]:
    """The same scenario under each protocol, all its processes alike.

    What a process says of its members and Friends is kept; options of a protocol only under that protocol.

    Parameters
    ----------
    scenario
    names
        Names of protocols; by default all of them, in their order.

    Raises
    ------
    InputError
        If a name is unknown, no process meets in the scenario, or one uses no protocol.
    """
    from migsim.negotiation.registry import protocol, protocol_names

    wanted = protocol_names() if names is None else tuple(names)
    ways = [protocol(name) for name in wanted]
    if not scenario.spec.processes:
        raise InputError(f"scenario {shown(scenario.name)} has no process; name one in which texts are made")
    for process in scenario.spec.processes:
        path = f"processes.{process}.reading"
        if scenario.value(path) != NEGOTIATED:
            found = f"scenario {shown(scenario.name)}: {path} is {scenario.value(path)}"
            raise InputError(
                f"{found}, under which no protocol is used; set it to {NEGOTIATED}, or name another scenario"
            )
    return [scenario.vary(way.title, _changes(scenario, way.name)) for way in ways]


def _changes(scenario: Scenario, name: str) -> dict[str, object]:
    changes: dict[str, object] = {"name": f"{scenario.name[:60]}-{name.replace('_', '-')}"}
    for process, spec in scenario.spec.processes.items():
        path = f"processes.{process}.protocol"
        if spec.protocol.options and scenario.value(f"{path}.name") != name:
            changes[f"{path}.options"] = None
        changes[f"{path}.name"] = name
    return changes


def text_table(run: Run) -> pd.DataFrame:
    """The paragraphs that were on an agenda: one row a process, year and paragraph.

    Returns
    -------
    DataFrame
        ``n`` worlds; ``on_agenda`` and ``adopted``, shares of worlds (the second of those in which it was on
        the agenda); medians over those worlds of ``position``, ``ambiguity``, ``strength``, ``objections``
        and ``pledged`` (delegations), ``compromise`` and ``from_compromise``, the distance from it.
    """
    import pandas as pd

    if "texts" not in run.tables:
        return pd.DataFrame(columns=list(TEXT_COLUMNS))
    keys = ["process", "year", "theme", "paragraph"]
    seen = run.table("texts", [*keys, "on_agenda", *TEXT_COLUMNS[6:-1]], reduce=_discussed)
    if seen.empty:
        return pd.DataFrame(columns=list(TEXT_COLUMNS))
    seen = seen.assign(from_compromise=(seen["position"] - seen["compromise"]).abs())
    by_paragraph = seen.groupby(keys, observed=True, sort=False)
    table = by_paragraph[list(TEXT_COLUMNS[7:])].median()
    table["n"] = run.n_replicates
    table["on_agenda"] = by_paragraph.size() / run.n_replicates
    table["adopted"] = by_paragraph["adopted"].mean()
    return table.reset_index()[list(TEXT_COLUMNS)]


def objector_table(run: Run) -> pd.DataFrame:
    """Who is against the texts: one row a process and state, those against most paragraphs first.

    Returns
    -------
    DataFrame
        ``n`` worlds; means over worlds of ``sessions`` attended, ``paragraphs`` on their agendas and
        ``objections``, those it was against; ``share_against``, ``objections`` over ``paragraphs``.
    """
    import pandas as pd

    if "texts" not in run.tables:
        return pd.DataFrame(columns=list(OBJECTOR_COLUMNS))
    agendas = run.table("texts", [*SESSION, "on_agenda"], reduce=_agendas)
    if agendas.empty:
        return pd.DataFrame(columns=list(OBJECTOR_COLUMNS))
    by = ["process", "state"]
    measures = ["attended", "paragraphs", "objections"]

    def counts(attendance: pd.DataFrame) -> pd.DataFrame:
        came = attendance[attendance["attended"]].merge(agendas, on=SESSION)
        return came.groupby(by, observed=True)[measures].sum().reset_index()

    came = run.table("attendance", [*SESSION, "state", "attended", "objections"], reduce=counts)
    sums = came.groupby(by)[measures].sum()
    table = (sums / run.n_replicates).rename(columns={"attended": "sessions"})
    table["share_against"] = table["objections"] / table["paragraphs"].where(table["paragraphs"] > 0)
    table["n"] = run.n_replicates
    ordered = table.reset_index().sort_values(
        ["objections", "process", "state"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
    return ordered[list(OBJECTOR_COLUMNS)]


def most_against(run: Run, n: int = MOST_NAMED) -> list[tuple[str, float]]:
    """The states against most paragraphs, all processes together, and the share of paragraphs that makes.

    Parameters
    ----------
    run
    n
        How many, at most; a state that was never against any is not among them.
    """
    by_state = objector_table(run).groupby("state")[["objections", "paragraphs"]].sum()
    first = by_state[by_state["objections"] > 0].sort_values("objections", ascending=False, kind="stable")
    return [(str(state), row["objections"] / row["paragraphs"]) for state, row in first.head(n).iterrows()]


def of_process(texts: pd.DataFrame, process: str | None) -> pd.DataFrame:
    """The rows of one process, or of all.

    Raises
    ------
    InputError
        If it held no session, with those that did.
    """
    if process is None or texts.empty:
        return texts
    known = sorted(texts["process"].astype(str).unique())
    if process not in known:
        raise InputError(f"process {shown(process)} held no session; these did: {', '.join(known)}")
    return texts[texts["process"].astype(str) == process]


def written(texts: pd.DataFrame) -> pd.DataFrame:
    """The rows of processes that adopt anything at all; of all of them where none does."""
    if texts.empty:
        return texts
    writes = texts.groupby("process", observed=True)["adopted"].transform("any").astype(bool)
    return texts[writes] if writes.any() else texts


def by_world(run: Run) -> pd.DataFrame:
    """What the texts of each world are like, means over the paragraphs on the agendas of those who write any.

    Returns
    -------
    DataFrame
        ``replicate``; ``adopted``, share of paragraphs; ``ambiguity`` and ``strength``; ``against``, share of
        the delegations present; ``from_compromise``, distance of the text from the compromise mean.
    """
    import pandas as pd

    if "texts" not in run.tables:
        return pd.DataFrame(columns=list(WORLD_COLUMNS))
    writing = written(run.table("texts", ["process", "adopted"], reduce=processes))
    if writing.empty:
        return pd.DataFrame(columns=list(WORLD_COLUMNS))
    who = set(writing["process"])
    columns = ["replicate", "year", "process", "attended"]
    present = run.table("attendance", columns, reduce=attending).rename(columns={"attended": "present"})

    def means(texts: pd.DataFrame) -> pd.DataFrame:
        seen = _discussed(texts[texts["process"].isin(who)]).merge(present, on=SESSION)
        seen = seen.assign(
            adopted=seen["adopted"].astype(float),
            against=seen["objections"] / seen["present"].where(seen["present"] > 0),
            from_compromise=(seen["position"] - seen["compromise"]).abs(),
        )
        return seen.groupby("replicate")[list(WORLD_COLUMNS[1:])].mean().reset_index()

    return run.table("texts", [*SESSION, *QUALITIES], reduce=means)


def _discussed(texts: pd.DataFrame) -> pd.DataFrame:
    """The rows of paragraphs on an agenda."""
    return texts[texts["on_agenda"]]


def _agendas(texts: pd.DataFrame) -> pd.DataFrame:
    """How many ``paragraphs`` were on the agenda of each session."""
    return texts.groupby(SESSION, observed=True)["on_agenda"].sum().rename("paragraphs").reset_index()
