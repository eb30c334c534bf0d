"""The shape of a scenario: frozen models whose field docstrings are the documentation.

The structural keys are written out here. The parameters are not: `migsim.scenario.groups` makes their models
from the registry, so that no default lives twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from migsim.scenario.experiment import Experiment, Varied
from migsim.scenario.values import (
    BASE_YEAR,
    FIRST_YEAR,
    LAST_YEAR,
    MOST_MEMBERS,
    MOST_OPTIONS,
    MOST_PROCESSES,
    SLUG,
    Claims,
    FactYear,
    Line,
    MigrantClass,
    More,
    Name,
    Once,
    Opening,
    Organisation,
    Paragraph,
    Persons,
    Points,
    Prose,
    Section,
    Share,
    State,
    States,
    Theme,
    WorldStates,
    Year,
    YearKey,
    one_of,
)
from migsim.themes import THEMES

__all__ = [
    "BASE_YEAR",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MOST_MEMBERS",
    "MOST_PROCESSES",
    "SHOCKS",
    "SLUG",
    "Attention",
    "Cadence",
    "Convening",
    "Displacement",
    "Entry",
    "Figure",
    "Growth",
    "Instrument",
    "Links",
    "Negotiation",
    "Participants",
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


class Years(Section):
    """The years that are simulated."""

    first: Annotated[int, Field(ge=FIRST_YEAR, le=BASE_YEAR + 1)] = BASE_YEAR + 1
    """First simulated year; up to the base year 2005 the world is as the figures of 2000 and 2005 say."""
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
    chair: State | None = None
    """The state in the chair; none where an organisation or the United Nations presides."""
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

    options: dict[str, str | float | int | bool | None] = Field(default={}, max_length=MOST_OPTIONS)
    """Options of the named protocol itself, as `migsim protocols NAME` lists them."""


class Participants(Section):
    """Who may take part."""

    who: Literal["all", "region", "invited", "experts", "ratifiers", "club", "nobody"] = "all"
    """All members of the United Nations; the states of a region, those invited or a club, as listed in
    `states`; experts, who bind no government; those who have ratified an instrument; or no states at all."""
    states: Annotated[tuple[State, ...], Once] = ()
    """The states that may take part, where not all may."""
    of: Name = ""
    """The process whose instrument the ratifiers have ratified; the process itself where none is named."""


class Cadence(Section):
    """When a process meets that has no list of sessions."""

    first: Year
    """The first year in which it meets."""
    last: Year
    """The last year in which it meets."""
    every: Annotated[int, Field(ge=1, le=50)] = 1
    """Years from one session to the next."""
    skip: Annotated[tuple[Year, ...], Once] = ()
    """Years in which it does not meet."""
    themes: Annotated[tuple[Theme, ...], Field(max_length=len(THEMES)), Once] = ()
    """The themes of every session, in order of priority."""


class Convening(Section):
    """What it takes for a session of the calendar to take place; its parameters come from the registry."""

    after: Annotated[tuple[Name, ...], Field(max_length=MOST_PROCESSES), Once] = ()
    """Processes of which at least one must have met before."""
    wait: Annotated[int, Field(ge=0, le=50)] = 0
    """Least number of years since one of those met."""
    once: bool = False
    """Whether the process meets once only, at the first of its dates that comes about."""
    least_interval: Annotated[int, Field(ge=1, le=50)] = 1
    """Least number of years from one session held to the next."""


class Links(Section):
    """What a process gives to others; names of processes of the scenario or of the library."""

    feeds: Annotated[tuple[Name, ...], Once] = ()
    """Processes to whose round tables it brings what it knows, and for which it opens the way."""
    reports_to: Annotated[tuple[Name, ...], Once] = ()
    """Processes whose survey of themes counts what it has treated."""
    takes_stock_of: Annotated[tuple[Name, ...], Once] = ()
    """Processes whose texts it keeps from fading."""
    side_event_of: Annotated[tuple[Name, ...], Once] = ()
    """Processes beside whose session it meets, so that nobody travels twice."""


class Instrument(Section):
    """A binding instrument that states may ratify; its parameters come from the registry."""

    opened: Annotated[int, Field(ge=1900, le=LAST_YEAR)] | None = None
    """The year in which it was opened for ratification; without one there is no instrument."""
    threshold: Annotated[int, Field(ge=1, le=193)] = 1
    """Ratifications needed for it to enter into force."""
    paragraphs: Annotated[tuple[Paragraph, ...], Once] = ()
    """The paragraphs on which it binds."""
    record: Name = ""
    """The instrument's name in the record of parties, where that is not the process's own."""
    parties: Literal["drawn", "recorded"] = "drawn"
    """Whether the parties before the first year are drawn by the model or, where they are known, recorded."""


class Process(Section):
    """A forum, dialogue, initiative or convention; its parameters come from the registry."""

    title: Line = ""
    """Name of the process in full."""
    convener: Line = ""
    """Who convenes it."""
    facilitator: Line = ""
    """Who helps it along."""
    evidence: Claims = ()
    """Claims of the documents that this process rests on."""
    participants: Participants = Field(default={}, validate_default=True)
    """Who may take part."""
    organisations_present: Annotated[tuple[Organisation, ...], Once] = ()
    """The only intergovernmental organisations that take part; none named are all fourteen."""
    friends: Annotated[tuple[State, ...], Field(max_length=MOST_MEMBERS), Once] = ()
    """Friends of the process, who negotiate where a protocol is too costly for a plenary."""
    chair_rule: Literal["given", "rotating", "alternating"] = "given"
    """Who takes the chair where a session does not say: nobody, each region in turn, or hosts and
    departure countries in turn."""
    cadence: Cadence | None = None
    """When it meets, in place of a list of sessions."""
    sessions: tuple[Session, ...] = ()
    """The sessions, at most one a year."""
    deadline: Year | None = None
    """Until this year a paragraph is adopted only if nobody is against it; then by the process's rule."""
    scope: Annotated[tuple[Paragraph, ...], Once] = ()
    """The only paragraphs it may treat; none named are all of the agenda's themes."""
    convening: Convening = Field(default={}, validate_default=True)
    """What it takes for a session to take place."""
    links: Links = Field(default={}, validate_default=True)
    """What it gives to other processes."""
    instrument: Instrument = Field(default={}, validate_default=True)
    """A binding instrument that states may ratify."""
    agreements: bool = False
    """Whether states may strike agreements of two, the outside option to every forum."""
    protocol: Negotiation = Field(default={}, validate_default=True)
    """How a text comes about."""

    @property
    def has_treaties(self) -> bool:
        """Whether states may bind themselves by it, whether anybody meets or not."""
        return self.agreements or self.instrument.opened is not None


class Figure(Section):
    """A figure of a user's own in place of ours."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    """The figure, in the unit of its quantity."""
    source: Annotated[Line, Field(min_length=1)]
    """Where it is from."""


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
    facts: dict[str, dict[str, dict[FactYear, Figure]]] = Field(default={})
    """Own figures in place of ours, by state, quantity and year; or a CSV file of them."""
    record: Annotated[tuple[Literal["corridors"], ...], Once] = ()
    """What is recorded beside the standard results."""
    shocks: dict[str, Shock] = Field(default={})
    """Events from outside, by name."""
    processes: dict[str, Process] = Field(default={}, max_length=MOST_PROCESSES)
    """The processes that meet, by name; none is the world without a forum."""
    design: Experiment | None = None
    """What `migsim sweep` varies; it changes nothing in a run."""


PARTS: Final[Mapping[str, type[Section]]] = {
    "participants": Participants,
    "cadence": Cadence,
    "convening": Convening,
    "links": Links,
    "instrument": Instrument,
}
"""The parts of a process that have structural keys of their own."""


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
        case ("design",):
            return Experiment
        case ("design", "over", _):
            return Varied
        case ("processes", _):
            return Process
        case ("processes", _, "protocol"):
            return Negotiation
        case ("processes", _, "sessions", _):
            return Session
        case ("processes", _, part) if part in PARTS:
            return PARTS[part]
        case ("facts", _, _, _):
            return Figure
        case ("shocks", _):
            return SHOCKS.get(str(kind))
    return None
