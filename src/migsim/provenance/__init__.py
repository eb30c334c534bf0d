"""Where the model's numbers come from: parameters, levers and the claims of the documents."""

from __future__ import annotations

__all__: list[str] = []
