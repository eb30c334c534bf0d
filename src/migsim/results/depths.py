"""Breadth and depth in a run: how many states took part, pledged or ratified, and how far that goes.

The *depth* of a text is the least that it asks, its position less its ambiguity; that of an instrument how
far it asks states to go. Both run from 0, no cooperation, to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from migsim.results.manifest import numbers_of
from migsim.results.tallies import attending, parties

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["DEPTH_COLUMNS", "INSTRUMENT", "TEXT", "depths"]

TEXT: Final = "text"
INSTRUMENT: Final = "instrument"
DEPTH_COLUMNS: Final = ("replicate", "kind", "process", "theme", "depth", "breadth", "took_part")
_TEXTS: Final = (
    "replicate", "process", "theme", "on_agenda", "position", "ambiguity", "adopted", "pledged",
)  # fmt: skip


def depths(run: Run) -> pd.DataFrame:
    """How deep and how broad the texts on each theme and the instruments of a run are, world by world.

    Returns
    -------
    DataFrame
        A row a draw, process and theme of texts, and one a draw and instrument (without theme): ``kind``
        (`TEXT` or `INSTRUMENT`); ``depth``, from 0 to 1, the mean over the paragraphs adopted, or over those
        on the agenda where none is; ``breadth``, states that the adopted paragraphs pledge on average, or
        that have ratified by the end, missing where nobody is pledged; ``took_part``, states at a session on
        average. Without rows where there is neither.
    """
    import pandas as pd

    parts = [part for part in (_texts(run), _instruments(run)) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(DEPTH_COLUMNS))
    by = ["replicate", "kind", "process", "theme"]
    rows = rows.assign(replicate=run.draw_of(rows["replicate"])) if len(rows) else rows
    if rows.duplicated(by).any():
        rows = rows.groupby(by, sort=False)[["depth", "breadth", "took_part"]].mean().reset_index()
    return rows[list(DEPTH_COLUMNS)]


def _texts(run: Run) -> pd.DataFrame:
    """The texts by world, process and theme, with how many came to the sessions."""
    import pandas as pd

    if "texts" not in run.tables:
        return pd.DataFrame()
    rows = run.table("texts", _TEXTS, reduce=_by_theme)
    columns = ("replicate", "year", "process", "attended")
    came = run.table("attendance", columns, reduce=attending).assign(
        process=lambda t: t["process"].astype(str)
    )
    mean = came.groupby(["replicate", "process"])["attended"].mean().rename("took_part").reset_index()
    return rows.merge(mean, on=["replicate", "process"], how="left").assign(kind=TEXT)


def _by_theme(texts: pd.DataFrame) -> pd.DataFrame:
    """Mean depth and pledges over the paragraphs adopted, or those on the agenda where none is."""
    on = texts[texts["on_agenda"].astype(bool)]
    by = ["replicate", "process", "theme"]
    is_adopted = on["adopted"].astype(bool)
    rows = on[by].astype({"process": str, "theme": str})
    rows["asked"] = (on["position"] - on["ambiguity"]).clip(lower=0.0)
    rows["depth"] = rows["asked"].where(is_adopted)
    rows["breadth"] = on["pledged"].astype(float).where(is_adopted & (on["pledged"] > 0))
    found = rows.groupby(by, sort=False)[["asked", "depth", "breadth"]].mean().reset_index()
    return found.assign(depth=found["depth"].fillna(found["asked"])).drop(columns="asked")


def _instruments(run: Run) -> pd.DataFrame:
    """The instruments by world, with who has ratified by the end; nobody where the table has no row."""
    import pandas as pd

    spec, worlds = run.scenario.spec, numbers_of(str(run.manifest["replicates"]["finished"]))
    joined: Any = {}
    if "ratifications" in run.tables:
        rows = run.table("ratifications", ("replicate", "year", "instrument"), reduce=parties)
        joined = rows.groupby([rows["instrument"].astype(str), "replicate"])["joined"].sum().to_dict()
    found = [
        (world, INSTRUMENT, name, "", float(run.scenario.value(f"processes.{name}.instrument.depth")),
         float(joined.get((name, world), 0)), float("nan"))
        for name, process in spec.processes.items()
        if process.instrument.opened is not None and process.instrument.opened <= spec.years.last
        for world in worlds
    ]  # fmt: skip
    return pd.DataFrame(found, columns=list(DEPTH_COLUMNS))
