"""What is run if the user does not say; light to import, for the command line tells it too."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["DEFAULT_REPLICATES", "DEFAULT_SEED", "SpreadOfParameters"]

DEFAULT_REPLICATES: Final = 100
DEFAULT_SEED: Final = 2026


class SpreadOfParameters(StrEnum):
    """What the worlds of a run differ in, besides chance."""

    RANGED = "ranged"
    CENTRAL = "central"
