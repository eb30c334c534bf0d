"""What a design varies: one factor a setting, with the values it may take and where they lie in its range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError, shown
from migsim.provenance.parameters import Scalar, registry
from migsim.scenario.experiment import LUCK, odd_range
from migsim.world.worlds import DRAWS

if TYPE_CHECKING:
    from migsim.provenance.parameters import Parameter
    from migsim.scenario.definition import Scenario

__all__ = [
    "LUCK",
    "Factor",
    "column_value",
    "every_factor",
    "factor",
    "factors",
    "is_column",
    "is_luck",
    "of_python",
    "refuse_files",
]

WITHOUT_EFFECT: Final = ("name", "title", "description", "design", "extends")
MOST_FACTORS: Final = 1000
MOST_VALUES: Final = 1000


@dataclass(frozen=True)
class Factor:
    """A setting that a design varies, over a range or over some values.

    Attributes
    ----------
    path
        Dotted path of the setting, or `LUCK`.
    low, high
        Ends of its range; both 0 if it takes listed values.
    values
        The values it takes; none if it takes any number of its range.
    is_whole
        Whether only whole numbers of the range are taken.
    """

    path: str
    low: float = 0.0
    high: float = 0.0
    values: tuple[Scalar, ...] = ()
    is_whole: bool = False

    def at(self, place: float) -> Scalar:
        """The value at a place of the range, from 0 (its lower end, or first value) to 1.

        Examples
        --------
        >>> Factor("trust.start", 0.2, 0.6).at(0.5), Factor("x", values=("a", "b")).at(0.5)
        (0.4, 'b')
        """
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.is_whole:
            return int(min(self.low + int(place * (self.high - self.low + 1.0)), self.high))
        return float(self.low + (self.high - self.low) * place)

    def levels(self, steps: int) -> tuple[Scalar, ...]:
        """Its values, or evenly spaced ones of its range, both ends among them."""
        if self.values:
            return self.values
        if self.is_whole:
            return tuple(range(int(self.low), int(self.high) + 1))
        return tuple(self.low + (self.high - self.low) * step / (steps - 1) for step in range(steps))


def factors(definition: Scenario, over: Mapping[str, object]) -> tuple[Factor, ...]:
    """The factors of a design.

    Parameters
    ----------
    definition
    over
        By path a list of values, a pair ``(low, high)``, or None for the registry's plausible range or all
        options.

    Raises
    ------
    InputError
        If a path or a value is not allowed, or nothing is varied.
    """
    if not isinstance(over, Mapping) or not over:
        raise InputError("a design varies at least one setting; name paths and their values or ranges")
    if len(over) > MOST_FACTORS:
        raise InputError(f"{len(over)} settings to vary; allowed are at most {MOST_FACTORS}")
    return tuple(factor(definition, path, given) for path, given in over.items())


def factor(definition: Scenario, path: str, given: object = None) -> Factor:
    """One factor, checked.

    Raises
    ------
    InputError
        If its path or a value is not allowed.
    """
    given = _all_of_python(given)
    if path == LUCK:
        return _luck(given)
    if path.split(".")[0] in WITHOUT_EFFECT:
        raise InputError(f"{path}: changes nothing in a run; vary another setting")
    definition.value(path)  # says so if there is no such path
    row = registry().match(path)
    if isinstance(given, tuple) and len(given) == 2 and row is not None and row.kind in ("number", "integer"):
        return _range(path, row, given)
    if given is None:
        return _plausible(path, row)
    if isinstance(given, str | bytes) or not isinstance(given, Sequence) or not given:
        allowed = "a list of values, a pair (low, high), or None for the plausible range"
        raise InputError(f"{path}: found {shown(given)}; allowed is {allowed}")
    values = tuple(given)
    if not all(isinstance(value, bool | int | float | str) for value in values):
        raise InputError(f"{path}: found {shown(list(values))}; allowed are numbers, names, true and false")
    # True equals 1 in Python, and is another value here.
    if len(values) > MOST_VALUES or len({(isinstance(value, bool), value) for value in values}) < len(values):
        raise InputError(
            f"{path}: the same value twice, or more than {MOST_VALUES}; allowed are different ones"
        )
    for value in values:
        definition.vary("over", {path: value})
    return Factor(path, values=values)


def of_python(value: Any) -> Any:
    """A number of numpy or pandas as one of Python; all else as it is."""
    return value.item() if hasattr(value, "item") and not getattr(value, "shape", ()) else value


def _all_of_python(given: Any) -> Any:
    """Values for a factor, an array of them included, with Python's own numbers."""
    if getattr(given, "shape", ()):
        given = list(given)
    return type(given)(map(of_python, given)) if type(given) in (list, tuple) else given


def _luck(given: object) -> Factor:
    """Luck as a factor: any of the numbers that a world's luck may have, or the ones that are named."""
    if given is None:
        return Factor(LUCK, 0.0, DRAWS - 1.0, is_whole=True)
    numbers = given if isinstance(given, list | tuple) else ()
    odd = [number for number in numbers if not is_luck(number)]
    if odd or not numbers:
        found = shown(odd[0] if odd else given)
        raise InputError(f"{LUCK}: found {found}; allowed are whole numbers from 0 to {DRAWS - 1:,}")
    if isinstance(given, tuple) and len(given) == 2 and given[0] > given[1]:
        raise InputError(f"{LUCK}: found a range from {given[0]} to {given[1]}; allowed is low below high")
    if isinstance(given, tuple) and len(given) == 2 and given[0] < given[1]:
        return Factor(LUCK, float(given[0]), float(given[1]), is_whole=True)
    return Factor(LUCK, values=tuple(dict.fromkeys(numbers)))


def is_luck(number: object) -> bool:
    """Whether it is the number of some luck."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < DRAWS


def refuse_files(paths: Iterable[str]) -> None:
    """Refuse to vary a setting that is a file.

    Raises
    ------
    InputError
        If one is.
    """
    if "facts" in paths:
        said = "a file may change, and a design holds values"
        raise InputError(f"facts: {said}; vary single figures, or compare scenarios that differ in facts")


def every_factor(definition: Scenario) -> tuple[Factor, ...]:
    """Every parameter of the registry that ranged worlds draw and the scenario does not pin, by path."""
    found = []
    for row in registry().rows:
        if not row.is_drawn:
            continue
        names = definition.content.get("processes", {}) if "*" in row.segments else ("",)
        for name in names:
            path = row.path.replace("*", name)
            if not definition.is_pinned(path):
                found.append(_plausible(path, row))
    return tuple(found)


def is_column(path: str) -> bool:
    """Whether worlds of one batch may differ in a setting; if not, each value makes a scenario of its own."""
    row = registry().match(path)
    return row is not None and row.is_drawn


def column_value(path: str, value: Scalar) -> float:
    """A value as the number that stands for it in a column: an option by its place."""
    row = registry().match(path)
    return float(row.options.index(str(value)) if row is not None and row.options else value)


def _plausible(path: str, row: Parameter | None) -> Factor:
    if row is not None and row.options:
        return Factor(path, values=tuple(row.options))
    if row is not None and row.kind == "flag":
        return Factor(path, values=(False, True))
    if row is None or row.low is None or row.high is None:
        raise InputError(f"{path}: has no plausible range of its own; give its values, such as [..., ...]")
    return Factor(path, row.low, row.high, is_whole=row.kind == "integer")


def _range(path: str, row: Parameter, given: tuple[Any, ...]) -> Factor:
    if odd := odd_range(row, *given):
        found, allowed = odd
        raise InputError(f"{path}: found {found}; allowed is {allowed}")
    return Factor(path, float(given[0]), float(given[1]), is_whole=row.kind == "integer")
