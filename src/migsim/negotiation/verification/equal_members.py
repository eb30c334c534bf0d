"""What is known of agreements among equals: linear benefits, quadratic costs, no end of the scale.

Reference: Barrett (1994); modest pledges: Finus and Maus (2008).
"""

from __future__ import annotations

import numpy as np

__all__ = ["largest_modest_pledge", "payoffs"]


def largest_modest_pledge(n: int) -> float:
    """Greatest pledge at which a club of all ``n`` equal actors holds.

    ``min(1, ((2 n - 1) + sqrt(3 n^2 - 4 n + 1)) / n^2)``.

    Examples
    --------
    >>> round(largest_modest_pledge(10), 6)
    0.351555
    """
    return min(1.0, ((2 * n - 1) + float(np.sqrt(3 * n * n - 4 * n + 1))) / (n * n))


def payoffs(n: int, members: int, pledge: float = 1.0) -> tuple[float, float]:
    """What a member and an outsider have, among ``n`` equal actors, in units of ``b^2 / c``.

    ``alpha m^2 + n - m`` less ``alpha^2 m^2 / 2`` for a member and less ``1 / 2`` for an outsider.

    Examples
    --------
    >>> payoffs(10, 3)
    (11.5, 15.5)
    """
    efforts = pledge * members**2 + n - members
    return efforts - (pledge * members) ** 2 / 2.0, efforts - 0.5
