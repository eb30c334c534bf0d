"""Shares of worlds with the interval that their number allows."""

from __future__ import annotations

from statistics import NormalDist

__all__ = ["wilson_ends"]


def wilson_ends(n_positive: float, n: int, level: float) -> tuple[float, float]:
    """Ends of the sampling interval of a share of ``n`` worlds (Wilson 1927); ``nan`` without worlds.

    Examples
    --------
    >>> [round(end, 2) for end in wilson_ends(5, 10, 0.9)]
    [0.27, 0.73]
    """
    if n == 0:
        return float("nan"), float("nan")
    share, z = n_positive / n, NormalDist().inv_cdf((1.0 + level) / 2.0)
    z2 = z**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n**2)) ** 0.5
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return min(low, share), max(high, share)  # rounding must not leave the share outside
