"""The shape of a scenario: frozen models whose field docstrings are the documentation.

The structural keys are written out here. The parameters are not: `migsim.scenario.groups` makes their models
from the registry, so that no default lives twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from migsim.facts.codes import BASE_YEAR, iso3_codes
from migsim.provenance.identifiers import claim_ids
from migsim.themes import MIGRANT_CLASSES, THEMES

__all__ = [
    "BASE_YEAR",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MOST_MEMBERS",
    "MOST_PROCESSES",
    "SHOCKS",
    "SLUG",
    "Attention",
    "Displacement",
    "Entry",
    "Growth",
    "Negotiation",
    "Process",
    "Push",
    "Recession",
    "Section",
    "Session",
    "Spec",
    "Years",
    "one_of",
    "section_at",
]

FIRST_YEAR: Final = 2006
LAST_YEAR: Final = 2050
SLUG: Final = r"[a-z0-9][a-z0-9_-]{0,79}"
MOST_PROCESSES: Final = 60
MOST_MEMBERS: Final = 40
MOST_OPTIONS: Final = 40


def one_of(what: str, options: Callable[[], tuple[str, ...]]) -> AfterValidator:
    """A check that a text is a known name, telling the reader which names there are."""

    def known(name: str) -> str:
        if name not in options():
            raise PydanticCustomError("unknown_name", "unknown {what}", {"what": what, "options": options()})
        return name

    return AfterValidator(known)


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    for position, name in enumerate(names):
        if name in names[:position]:
            raise PydanticCustomError("repeated", "repeated", {"name": name})
    return names


def _printable(text: str) -> str:
    if not text.replace("\n", "").replace("\t", "").isprintable():
        raise PydanticCustomError("unprintable", "unprintable")
    return text


def _year_of_key(key: object) -> object:
    return int(key) if isinstance(key, str) and key.isdecimal() and len(key) == 4 else key


Once: Final = AfterValidator(_without_repeats)
Line = Annotated[str, Field(max_length=300), AfterValidator(_printable)]
Prose = Annotated[str, Field(max_length=20_000), AfterValidator(_printable)]
_CODE: Final = {"type": "string", "pattern": "^[A-Z]{3}$"}
State = Annotated[str, one_of("state", iso3_codes), WithJsonSchema(_CODE)]
Theme = Annotated[str, one_of("theme", lambda: THEMES), WithJsonSchema({"enum": list(THEMES)})]
Claim = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80),
    one_of("claim", claim_ids),
]
Claims = Annotated[tuple[Claim, ...], Once]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
YearKey = Annotated[int, BeforeValidator(_year_of_key), Field(ge=BASE_YEAR, le=LAST_YEAR)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Persons = Annotated[float, Field(ge=0, le=2e9, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
More = Annotated[float, Field(ge=-90, le=900, allow_inf_nan=False)]
Opening = Annotated[float, Field(ge=-100, le=900, allow_inf_nan=False)]
MigrantClass = Annotated[
    str, one_of("class", lambda: MIGRANT_CLASSES), WithJsonSchema({"enum": list(MIGRANT_CLASSES)})
]
_ALL_OR_LIST: Final = Discriminator(lambda value: "all" if isinstance(value, str) else "list")
States = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[tuple[State, ...], Field(min_length=1), Once, Tag("list")],
    _ALL_OR_LIST,
]
# Nobody moves in a world of one state.
WorldStates = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[tuple[State, ...], Field(min_length=2), Once, Tag("list")],
    _ALL_OR_LIST,
]


class Section(BaseModel):
    """A mapping of a scenario file: unknown keys refused, nothing converted, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Years(Section):
    """The years that are simulated."""

    first: Annotated[int, Field(ge=FIRST_YEAR, le=FIRST_YEAR)] = FIRST_YEAR
    """First simulated year; always the one after the base year 2005."""
    last: Year = 2015
    """Last simulated year."""


class Recession(Section):
    """The recession of 2008 to 2010: its growth and unemployment are added back to the panel."""

    kind: Literal["recession"]
    """Which shock this is."""
    scale: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)] = 1.0
    """How deep, as a multiple of what happened."""


class Displacement(Section):
    """People driven out of a country; the split over host states is the model's."""

    kind: Literal["displacement"]
    """Which shock this is."""
    origin: State
    """The country they flee."""
    refugees_abroad: Annotated[dict[YearKey, Persons], Field(min_length=1)]
    """Refugees outside the country at the end of each year, in persons."""


class Growth(Section):
    """A change of income growth in some states."""

    kind: Literal["growth"]
    """Which shock this is."""
    states: States
    """The states concerned."""
    change: Annotated[dict[YearKey, Points], Field(min_length=1)]
    """Percentage points added to the growth of each year."""


class Entry(Section):
    """Some hosts open or close to some classes of migrants, whatever their policies."""

    kind: Literal["entry"]
    """Which shock this is."""
    states: States
    """The hosts."""
    classes: Annotated[tuple[MigrantClass, ...], Field(min_length=1), Once]
    """The classes concerned: skilled, regular, irregular, displaced."""
    change: Annotated[dict[YearKey, Opening], Field(min_length=1)]
    """How many more they let in each year, percent of the usual; -100 closes the border."""


class Push(Section):
    """More people leave some states than their income and numbers explain: ruin, drought, turmoil."""

    kind: Literal["push"]
    """Which shock this is."""
    states: States
    """The states they leave."""
    change: Annotated[dict[YearKey, More], Field(min_length=1)]
    """How many more leave in each year, percent of the usual; below zero, fewer."""


class Attention(Section):
    """Public attention to a theme, kept apart from what people want."""

    kind: Literal["attention"]
    """Which shock this is."""
    states: States = "all"
    """The states concerned."""
    theme: Theme
    """The theme that draws attention."""
    change: Annotated[dict[YearKey, Share], Field(min_length=1)]
    """Attention added in each year, as a share of the most there can be."""


SHOCKS: Final[Mapping[str, type[Section]]] = {
    "recession": Recession,
    "displacement": Displacement,
    "growth": Growth,
    "entry": Entry,
    "push": Push,
    "attention": Attention,
}
Shock = Annotated[Recession | Displacement | Growth | Entry | Push | Attention, Field(discriminator="kind")]


class Session(Section):
    """One meeting of a process."""

    year: Year
    """The year in which it meets; a process meets at most once a year."""
    chair: State
    """The state in the chair."""
    city: Line = ""
    """Where it meets."""
    themes: Annotated[tuple[Theme, ...], Field(max_length=len(THEMES)), Once] = ()
    """Themes in order of priority; the agenda takes them from the front, up to the process's max_themes."""
    size: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 1.0
    """Size of the session as a share of a full one."""
    evidence: Claims = ()
    """Claims of the documents that this session rests on."""


class Negotiation(Section):
    """How a process negotiates; its parameters come from the registry."""

    options: Annotated[dict[str, str | float | int | bool | None], Field(max_length=MOST_OPTIONS)] = {}
    """Options of the named protocol itself, as `migsim protocols NAME` lists them."""


class Process(Section):
    """A forum, dialogue, initiative or convention; its parameters come from the registry."""

    title: Line = ""
    """Name of the process in full."""
    convener: Line = ""
    """Who convenes it."""
    evidence: Claims = ()
    """Claims of the documents that this process rests on."""
    friends: Annotated[tuple[State, ...], Field(max_length=MOST_MEMBERS), Once] = ()
    """Friends of the process, who negotiate where a protocol is too costly for a plenary."""
    sessions: tuple[Session, ...]
    """The sessions, at most one a year."""
    protocol: Negotiation = Field(default={}, validate_default=True)
    """How a text comes about."""


class Spec(Section):
    """A scenario: the world's parameters, the shocks that hit it and the processes that meet in it."""

    name: Annotated[str, Field(pattern=rf"^{SLUG}$")]
    """Short name; the file's own name unless set."""
    title: Line = ""
    """Name for figures and reports."""
    description: Prose = ""
    """What the scenario is about."""
    years: Years = Field(default={}, validate_default=True)
    """The years that are simulated."""
    states: WorldStates = "all"
    """The states that exist: all, or a list of ISO 3166 codes."""
    record: Annotated[tuple[Literal["corridors"], ...], Once] = ()
    """What is recorded beside the standard results."""
    shocks: dict[str, Shock] = {}
    """Events from outside, by name."""
    processes: Annotated[dict[str, Process], Field(max_length=MOST_PROCESSES)] = {}
    """The processes that meet, by name; none is the world without a forum."""


def section_at(names: tuple[str, ...], kind: object = None) -> type[Section] | None:
    """The model of the mapping at a path, by the kind of shock if it is one; none if it has only parameters.

    Examples
    --------
    >>> section_at(("processes", "gfmd", "sessions", "0")).__name__
    'Session'
    """
    match names:
        case ():
            return Spec
        case ("years",):
            return Years
        case ("processes", _):
            return Process
        case ("processes", _, "protocol"):
            return Negotiation
        case ("processes", _, "sessions", _):
            return Session
        case ("shocks", _):
            return SHOCKS.get(str(kind))
    return None
