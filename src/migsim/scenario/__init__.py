"""Scenario files: what a user may write, how it is read and checked, and what it becomes."""

from __future__ import annotations

__all__: list[str] = []
