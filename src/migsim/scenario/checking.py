"""What ``migsim check`` says of a sound scenario."""

from __future__ import annotations

import os
from collections.abc import Iterable

from migsim.scenario.experiment import compared_with
from migsim.scenario.load import load

__all__ = ["check"]


def check(name_or_path: str | os.PathLike[str], overrides: Iterable[str] = ()) -> str:
    """Load a scenario and say that it is fine, with its summary.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it; of its design, what a sweep would refuse.
    """
    definition = load(name_or_path, overrides)
    compared_with(name_or_path, definition.tree)
    design = definition.spec.design
    if design is not None and design.kind != "scenarios":
        from migsim.ensemble.experiments import refuse_odd_design

        refuse_odd_design(definition, design)
    return f"{os.fspath(name_or_path)}: fine\n{definition!r}"
