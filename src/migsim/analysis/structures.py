"""Structure: how often all three gain under each option of the settings that say how the model is built.

Over the worlds of the hypercube, in which everything else varies too, so that each share is of a whole model
and not of one world. Settings without options are halved at the middle of their range.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from migsim.analysis.groups import STRUCTURE, group_of, title_of
from migsim.analysis.outcomes import WEAKEST, are_wins, share_of
from migsim.provenance.parameters import registry

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["structures"]

COLUMNS: Final = (
    "path",
    "title",
    "option",
    "share",
    "low",
    "high",
    "n",
    "base",
    "base_low",
    "base_high",
    "worlds",
)


def structures(found: pd.DataFrame, settings: pd.DataFrame, margin: float = 0.0) -> pd.DataFrame:
    """The share of worlds in which all three gain, under each option of each structural setting.

    Parameters
    ----------
    found
        Outcomes by point; failed worlds are left out.
    settings
        Settings by point, as numbers (`migsim.analysis.discovery.settings_table`).
    margin
        What a gain must exceed, standard deviations of 2005.

    Returns
    -------
    DataFrame
        A row an option: ``path``, ``title``, ``option``, ``share`` with its 95 % interval ``low`` and
        ``high``, ``n`` worlds; and of all ``worlds``: ``base``, ``base_low``, ``base_high``.
    """
    import pandas as pd

    done = found[WEAKEST].notna().to_numpy()
    wins = are_wins(found[done], WEAKEST, margin)
    kept = settings[done].reset_index(drop=True)
    whole = share_of(int(wins.sum()), len(wins))
    rows: list[dict[str, Any]] = []
    for path in kept.columns:
        if group_of(path) != STRUCTURE:
            continue
        for option, is_so in _options(path, kept[path]):
            share = share_of(int(wins[is_so.to_numpy()].sum()), int(is_so.sum()))
            if share.n:
                rows.append(
                    {
                        "path": path, "title": title_of(path), "option": option, "share": share.median,
                        "low": share.low, "high": share.high, "n": share.n, "base": whole.median,
                        "base_low": whole.low, "base_high": whole.high, "worlds": whole.n,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _options(path: str, column: pd.Series[float]) -> Iterator[tuple[str, pd.Series[bool]]]:
    """The options of a setting, or the halves of its range, and which worlds have them."""
    row = registry().match(path)
    if row is not None and row.options:
        for n, option in enumerate(row.options):
            yield str(option), column == n
        return
    values = sorted(set(column))
    if len(values) <= 3:
        for value in values:
            yield f"{value:.3g}", column == value
        return
    low, high = (values[0], values[-1])
    if row is not None and row.low is not None and row.high is not None:
        low, high = row.low, row.high
    middle = (low + high) / 2.0
    yield f"{low:.3g} to {middle:.3g}", column <= middle
    yield f"{middle:.3g} to {high:.3g}", column > middle
