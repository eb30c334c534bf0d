"""Many worlds at once: what is run, who runs it, and where it is kept."""

from __future__ import annotations

__all__: list[str] = []
