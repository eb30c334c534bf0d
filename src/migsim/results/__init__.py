"""What runs give: one run, several compared, and how they are summed up."""

from __future__ import annotations

__all__: list[str] = []
