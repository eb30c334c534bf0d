"""migsim: multilateral migration forums simulated, and whether they yield a triple win.

Names are loaded when first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migsim.actors.behaviour import Behaviour
    from migsim.analysis.sensitivity import Sensitivity, sensitivity
    from migsim.model import IGO, CivilSociety, DepartureState, ForumModel, HostState
    from migsim.negotiation.catalogue import protocols
    from migsim.results.breadth import breadth
    from migsim.results.break_even import break_even
    from migsim.results.comparison import compare
    from migsim.results.interests import Interests, interests
    from migsim.results.negotiations import Negotiation, negotiate
    from migsim.results.outcome_differences import diff
    from migsim.results.replay import Replay, replay
    from migsim.results.rerun import rerun
    from migsim.results.run import Run
    from migsim.results.simulation import run
    from migsim.results.study import Study
    from migsim.results.sweep import sweep
    from migsim.results.texts import under_each_protocol
    from migsim.scenario.definition import Scenario
    from migsim.scenario.library import processes
    from migsim.scenario.load import load, shipped
    from migsim.validation.validating import Validation, validate

__version__ = "0.1.0"
__all__ = [
    "IGO",
    "Behaviour",
    "CivilSociety",
    "DepartureState",
    "ForumModel",
    "HostState",
    "Interests",
    "Negotiation",
    "Replay",
    "Run",
    "Scenario",
    "Sensitivity",
    "Study",
    "Validation",
    "__version__",
    "breadth",
    "break_even",
    "compare",
    "diff",
    "interests",
    "load",
    "negotiate",
    "processes",
    "protocols",
    "replay",
    "rerun",
    "run",
    "sensitivity",
    "shipped",
    "sweep",
    "under_each_protocol",
    "validate",
]

_HOMES = {
    "Behaviour": "migsim.actors.behaviour",
    "CivilSociety": "migsim.model",
    "DepartureState": "migsim.model",
    "ForumModel": "migsim.model",
    "HostState": "migsim.model",
    "IGO": "migsim.model",
    "Interests": "migsim.results.interests",
    "Negotiation": "migsim.results.negotiations",
    "Replay": "migsim.results.replay",
    "Run": "migsim.results.run",
    "Scenario": "migsim.scenario.definition",
    "Sensitivity": "migsim.analysis.sensitivity",
    "Study": "migsim.results.study",
    "Validation": "migsim.validation.validating",
    "breadth": "migsim.results.breadth",
    "break_even": "migsim.results.break_even",
    "compare": "migsim.results.comparison",
    "diff": "migsim.results.outcome_differences",
    "interests": "migsim.results.interests",
    "load": "migsim.scenario.load",
    "negotiate": "migsim.results.negotiations",
    "processes": "migsim.scenario.library",
    "protocols": "migsim.negotiation.catalogue",
    "replay": "migsim.results.replay",
    "rerun": "migsim.results.rerun",
    "run": "migsim.results.simulation",
    "sensitivity": "migsim.analysis.sensitivity",
    "shipped": "migsim.scenario.load",
    "sweep": "migsim.results.sweep",
    "under_each_protocol": "migsim.results.texts",
    "validate": "migsim.validation.validating",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
