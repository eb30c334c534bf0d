"""The options of a protocol: fields of a frozen dataclass that say what they mean and what they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Final

from migsim.errors import Fault, ScenarioError, shown
from migsim.quantities import plain
from migsim.scenario.wording import did_you_mean

__all__ = ["Option", "choice", "chosen", "faults_of", "flag", "number", "options_of", "whole"]

_METADATA: Final = "option"


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what it means, its default, and what it may be.

    ``symbol`` is the letter of the equations, and another name under which it may be given. ``least`` and
    ``most`` bound numbers, ``choices`` list words.
    """

    name: str
    kind: str
    default: Any
    meaning: str
    symbol: str = ""
    least: float = 0.0
    most: float = 0.0
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        match self.kind:
            case "choice":
                return f"allowed: {', '.join(self.choices)}"
            case "flag":
                return "allowed: true, false"
        what = "a whole number" if self.kind == "whole" else "a number"
        return f"allowed: {what}, {plain(self.least)} to {plain(self.most)}"

    def taken(self, value: object) -> object:
        """The value as the protocol takes it; ``MISSING`` if it is not allowed."""
        if isinstance(value, str) and self.kind != "choice":
            value = _read(value)
        match self.kind:
            case "choice":
                by_name = {name.lower(): name for name in self.choices}
                said = "None" if value is None else str(value)
                return by_name.get(said.lower(), MISSING)
            case "flag":
                return value if isinstance(value, bool) else MISSING
        if isinstance(value, bool) or not isinstance(value, int | float):
            return MISSING
        if not self.least <= value <= self.most or (self.kind == "whole" and value != int(value)):
            return MISSING
        return int(value) if self.kind == "whole" else float(value)


def _read(text: str) -> object:
    """A word of the command line as a number or a claim, if it is one."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _option(kind: str, default: Any, meaning: str, **more: Any) -> Any:
    return field(default=default, metadata={_METADATA: Option("", kind, default, meaning, **more)})


def choice(default: str, choices: tuple[str, ...], meaning: str) -> Any:
    """A field that is one of several words."""
    return _option("choice", default, meaning, choices=choices)


def flag(default: bool, meaning: str) -> Any:
    """A field that is true or false."""
    return _option("flag", default, meaning)


def number(default: float, least: float, most: float, meaning: str, symbol: str = "") -> Any:
    """A field that is a number between two bounds, both included."""
    return _option("number", default, meaning, least=least, most=most, symbol=symbol)


def whole(default: int, least: int, most: int, meaning: str, symbol: str = "") -> Any:
    """A field that is a whole number between two bounds, both included."""
    return _option("whole", default, meaning, least=least, most=most, symbol=symbol)


def options_of(kind: type) -> dict[str, Option]:
    """The options of a class of options, by name."""
    return {each.name: replace(each.metadata[_METADATA], name=each.name) for each in fields(kind)}


def chosen[T](kind: type[T], given: Mapping[str, object], where: str = "--option", of: str = "") -> T:
    """The options as given, the rest at their defaults.

    Names are read without regard to case, and symbols stand for the options they denote.

    Raises
    ------
    ScenarioError
        Naming every option that is unknown or not allowed.

    Examples
    --------
    >>> from migsim.negotiation.smp import Options
    >>> chosen(Options, {"pce_model": "MarkovUniform"}).pce_model
    'MarkovUniform'
    """
    taken, faults = _taken(kind, given, where, of)
    if faults:
        raise ScenarioError(fault for _, fault in faults)
    return kind(**taken)


def faults_of(kind: type, given: Mapping[str, object], of: str) -> list[tuple[str, Fault]]:
    """What is wrong with options, by the name under which each was given."""
    return _taken(kind, given, "", of)[1]


def _taken(
    kind: type, given: Mapping[str, object], where: str, of: str
) -> tuple[dict[str, Any], list[tuple[str, Fault]]]:
    known = options_of(kind)
    by_name = {name.lower(): option for name, option in known.items()}
    by_symbol = {option.symbol: option for option in known.values() if option.symbol}
    taken: dict[str, Any] = {}
    faults = []
    for name, value in given.items():
        option = by_symbol.get(name) or by_name.get(name.lower())
        if option is None:
            found = f"unknown option{f' of {of}' if of else ''}"
            allowed = f"options: {', '.join(known)}" if known else "it has no options"
            faults.append((name, Fault(where, 0, 0, name, found, allowed, did_you_mean(name, tuple(known)))))
        elif option.name in taken:
            faults.append((name, Fault(where, 0, 0, name, "given twice", f"option {option.name} once")))
        elif (value_taken := option.taken(value)) is MISSING:
            meant = did_you_mean(str(value), option.choices)
            faults.append((name, Fault(where, 0, 0, name, f"found {shown(value)}", option.allowed, meant)))
        else:
            taken[option.name] = value_taken
    return taken, faults
