"""What is run if the user does not say; light to import, for the command line tells it too."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["DEFAULT_REPLICATES", "DEFAULT_SEED", "MOST_ADAPTIVE", "SpreadOfParameters"]

DEFAULT_REPLICATES: Final = 100
DEFAULT_SEED: Final = 2026
MOST_ADAPTIVE: Final = 10_000
"""Most worlds where the precision of an outcome decides how many there are."""


class SpreadOfParameters(StrEnum):
    """What the worlds of a run differ in, besides chance."""

    RANGED = "ranged"
    CENTRAL = "central"
