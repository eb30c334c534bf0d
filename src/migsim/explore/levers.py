"""The parameters of a process that the page offers, with their ranges, and how a change is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from migsim.provenance.parameters import Scalar, registry

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario

__all__ = ["Lever", "changed", "levers", "processes"]

OFFERED: Final = (
    "protocol.name",
    "who_can_block",
    "max_themes",
    "civil_society",
    "output",
    "mediator",
    "protocol.tolerance",
    "protocol.max_ambiguity",
    "protocol.chair_pull",
    "blocking_share",
)
"""Parameters of a process, the most looked at first; any other can be set as text."""
WORDS: Final[Mapping[str, str]] = {
    "protocol.name": "Negotiation protocol",
    "who_can_block": "Whose objection stops a paragraph",
    "max_themes": "Themes on one agenda, at most",
    "civil_society": "How civil society is heard",
    "output": "What a session can put out",
    "mediator": "A special representative mediates",
    "protocol.tolerance": "Loss that a delegation bears before it objects",
    "protocol.max_ambiguity": "Largest ambiguity of an adopted paragraph",
    "protocol.chair_pull": "How far the draft leans to the chair",
    "blocking_share": "Delegations whose objection is only noted",
}
N_STEPS: Final = 20
"""Steps of a slider between the ends of a parameter's range."""


@dataclass(frozen=True)
class Lever:
    """One parameter of one process as the page shows it.

    ``low``, ``high`` and ``step`` are of numbers, ``options`` of choices.
    """

    path: str
    label: str
    kind: Literal["number", "integer", "choice", "flag"]
    value: Scalar
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    options: tuple[str, ...] = ()


def processes(definition: Scenario) -> dict[str, str]:
    """The processes of a scenario and their titles."""
    return {name: process.title or name for name, process in definition.spec.processes.items()}


def levers(definition: Scenario, process: str) -> tuple[Lever, ...]:
    """What the page offers of a process, at the scenario's own values.

    Examples
    --------
    >>> from migsim.scenario.load import load
    >>> first = levers(load("gfmd-2007-2015"), "gfmd")[0]
    >>> first.path, first.value
    ('processes.gfmd.protocol.name', 'no_objection')
    """
    return tuple(_lever(definition, f"processes.{process}.{name}", WORDS[name]) for name in OFFERED)


def _lever(definition: Scenario, path: str, label: str) -> Lever:
    row = registry().match(path)
    if row is None:
        raise LookupError(f"{path} is no parameter")
    value: Scalar = definition.value(path)
    if row.kind == "choice":
        return Lever(path, label, "choice", value, options=row.options)
    if row.kind == "flag":
        return Lever(path, label, "flag", value)
    low, high = (float(end) if end is not None else float(value) for end in (row.low, row.high))
    low, high = min(low, float(value)), max(high, float(value))
    step = 1.0 if row.kind == "integer" else (high - low) / N_STEPS
    return Lever(path, label, row.kind, value, low, high, step)


def changed(offered: Iterable[Lever], values: Mapping[str, Scalar]) -> tuple[str, ...]:
    """The settings, as for ``--set``, of what a visitor moved away from the scenario's own value.

    Examples
    --------
    >>> lever = Lever("processes.gfmd.mediator", "Mediator", "flag", False)
    >>> changed([lever], {lever.path: True}), changed([lever], {lever.path: False})
    (('processes.gfmd.mediator=true',), ())
    """
    return tuple(
        f"{lever.path}={_written(lever, values[lever.path])}"
        for lever in offered
        if lever.path in values and values[lever.path] != lever.value
    )


def _written(lever: Lever, value: Scalar) -> str:
    match lever.kind:
        case "flag":
            return str(bool(value)).lower()
        case "integer":
            return str(int(value))
        case "number":
            return f"{float(value):.6g}"
    return str(value)
