"""Pages for readers: a report on runs, and a one-page brief on a state."""

from __future__ import annotations

__all__: list[str] = []
