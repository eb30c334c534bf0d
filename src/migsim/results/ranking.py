"""The ranking of a study: every scenario once, by the gain of whoever gains least, with intervals.

The rank itself has an interval too: where scenarios share their draws they are ranked in each world, and
whether one is better than the next can then be read off how far their ranks overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from migsim.results.differences import by_draw, pairing
from migsim.results.regimes import ENDS, regime_table
from migsim.results.shares import wilson_ends
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.study import Study

__all__ = ["LEVEL", "RANKING_COLUMNS", "ranking_table", "ranks_by_world"]

LEVEL: Final = 0.9
"""Of the sampling interval of the share of worlds in which all three gain."""
RANKING_COLUMNS: Final = (
    "rank", "rank_p05", "rank_p95", "share_first", "n_ranked", "scenario", "title", "result", "year", "n",
    "n_failed", "weakest_sd_median", "weakest_sd_p05", "weakest_sd_p95",
    "share_triple_win", "share_triple_win_low", "share_triple_win_high",
    *(f"{name}_{group}{end}" for group in GROUPS for name, end in (
        ("gain", "_median"), ("gain", "_p05"), ("gain", "_p95"), ("share", ""))),
    "reference", "is_paired",
    *(f"difference_{name}_{end}" for name in ("weakest_sd", *GROUPS) for end in ENDS),
)  # fmt: skip


def ranking_table(study: Study, reference: str) -> pd.DataFrame:
    """One row a scenario, best first and those without a result last, none left out.

    Parameters
    ----------
    study
    reference
        Label of the run that the others are held against.

    Returns
    -------
    DataFrame
        ``rank`` by the median of the weakest win in the last year that all have (equal medians share the
        better rank; missing without a result); ``rank_p05`` and ``rank_p95``, between which the rank lies in
        nine of ten worlds that all paired scenarios share, ``share_first``, the share of these in which none
        is better, and ``n_ranked``, how many these are; ``result`` ("result" or "no result"), ``n`` and
        ``n_failed`` worlds; medians with 5th and 95th percentile of ``weakest_sd`` (standard deviations of
        2005), of each group's ``gain_`` (natural units) and of their ``difference_`` from the reference,
        world by world where ``is_paired``; ``share_`` of worlds that gain, that of all three with its 90 %
        sampling interval.
    """
    import pandas as pd

    year = study.last_year
    rows = regime_table(study.runs, reference, year)
    rows["n_failed"] = [len(run.failures) for run in study.runs.values()]
    rows["result"] = ["result" if n else "no result" for n in rows["n"]]
    wins = study.triple_win
    weakest = wins[(wins["group"] == "weakest") & (wins["year"] == year)].set_index("scenario")
    for end in ENDS:
        rows[f"weakest_sd_{end}"] = weakest[f"difference_{end}"].reindex(rows["scenario"]).to_numpy()
    counts = weakest["n"].reindex(rows["scenario"]).to_numpy(int)
    shares = rows["share_triple_win"].to_numpy(float)
    ends = [
        wilson_ends(round(share * n) if n else 0, n, LEVEL) for share, n in zip(shares, counts, strict=True)
    ]
    rows["share_triple_win_low"], rows["share_triple_win_high"] = zip(*ends, strict=True)
    rows["rank"] = rows["weakest_sd_median"].rank(ascending=False, method="min").astype("Int64")
    ranks = ranks_by_world(study, reference)
    several = len(ranks) > 1
    for name, share in (("rank_p05", 0.05), ("rank_p95", 0.95)):
        quantiles = ranks.quantile(share) if several else pd.Series(dtype=float)
        rows[name] = quantiles.reindex(rows["scenario"]).to_numpy()
    rows["share_first"] = (ranks == 1.0).mean().reindex(rows["scenario"]).to_numpy()
    rows["n_ranked"] = [len(ranks) if label in ranks.columns else 0 for label in rows["scenario"]]
    ranked = rows.sort_values("rank", kind="stable", na_position="last", ignore_index=True)
    return ranked[list(RANKING_COLUMNS)]


def ranks_by_world(study: Study, reference: str) -> pd.DataFrame:
    """The rank of every scenario that shares its draws with the reference, in each world that all have.

    Returns
    -------
    DataFrame
        A row a draw, a column a scenario; 1 is the best, and equal ones share the better rank.
    """
    import pandas as pd

    base, columns = study[reference], {}
    for label, run in study.runs.items():
        if run.n_replicates and base.n_replicates and pairing(run, base).is_paired:
            world = run.columns_of_world(["replicate", "year", "weakest"])
            columns[label] = world[world["year"] == study.last_year].set_index("replicate")["weakest"]
    shared = pd.DataFrame(columns).dropna()
    return by_draw(base, shared).rank(axis=1, ascending=False, method="min")
