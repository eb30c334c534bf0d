"""Years past the data: figures drive the worlds up to a year, and what comes later is a projection.

Every file of a run with a column ``year`` says of each row whether it is one; texts and captions say it of
the year that they tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from migsim.facts.last_years import LAST_YEAR_OF_DATA

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["IS_PROJECTION", "with_projection", "year_words"]

IS_PROJECTION: Final = "is_projection"


def with_projection(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with a column that says which years lie past the data, behind ``year``, if it has that.

    Examples
    --------
    >>> import pandas as pd
    >>> with_projection(pd.DataFrame({"year": [2013, 2014]}))["is_projection"].tolist()
    [False, True]
    """
    if "year" not in frame.columns or IS_PROJECTION in frame.columns:
        return frame
    told = frame.copy(deep=False)
    told.insert(list(told.columns).index("year") + 1, IS_PROJECTION, frame["year"] > LAST_YEAR_OF_DATA)
    return told


def year_words(year: int | None) -> str:
    """A sentence on a year that lies past the data; empty for others.

    Examples
    --------
    >>> year_words(2015), year_words(2010)
    ('2015 is a projection: figures on growth end in 2013.', '')
    """
    if year is None or year <= LAST_YEAR_OF_DATA:
        return ""
    return f"{year} is a projection: figures on growth end in {LAST_YEAR_OF_DATA}."
