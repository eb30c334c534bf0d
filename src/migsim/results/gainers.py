"""Who gains in the last year, state by state and world by world: what figures of states are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from migsim.results.tallies import ROLES, in_years

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.run import Run

__all__ = ["state_gains"]

KEYS: Final = ("replicate", "year", "state")


def state_gains(
    run: Run, of: str = "gain", year: int | None = None, also: Sequence[str] = ()
) -> pd.DataFrame:
    """What each state gains in one year, a row a draw and state.

    Parameters
    ----------
    run
    of
        ``gain``, ``gain_host``, ``gain_departure`` or another column of table ``states``.
    year
        By default the last.
    also
        Further columns, such as one that says which group a state belongs to.

    Returns
    -------
    DataFrame
        Columns ``replicate``, ``year``, ``state``, the two of `migsim.results.tallies.ROLES`, ``of`` and
        ``also``; where draws were lived with several lucks, the mean over these. Without rows if no replicate
        was finished.

    Raises
    ------
    InputError
        If the run has no such column.
    """
    import pandas as pd

    columns = list(dict.fromkeys([*KEYS, *ROLES, of, *also]))
    if "states" not in run.tables:
        return pd.DataFrame(columns=columns)
    last = run.scenario.spec.years.last if year is None else year
    rows = run.table("states", columns, reduce=partial(in_years, years={last}))
    draws = run.draw_of(rows["replicate"])
    if (rows["replicate"] == draws).all():
        return rows
    rows = rows.assign(replicate=draws)
    numbers = [*ROLES, of]
    means = rows.groupby([*KEYS], sort=False, observed=True)[numbers].mean().reset_index()
    words = rows.drop_duplicates([*KEYS])[[*KEYS, *(name for name in also if name not in numbers)]]
    return means.merge(words, on=[*KEYS], how="left")
