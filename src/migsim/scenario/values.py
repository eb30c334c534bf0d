"""The types of a scenario's values, each with what it admits."""

from __future__ import annotations

from collections.abc import Callable
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
from migsim.provenance.identifiers import claim_ids, organisation_names, paragraph_names
from migsim.themes import MIGRANT_CLASSES, THEMES

__all__ = [
    "BASE_YEAR",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MOST_MEMBERS",
    "MOST_OPTIONS",
    "MOST_PROCESSES",
    "SLUG",
    "Claims",
    "FactYear",
    "Line",
    "MigrantClass",
    "More",
    "Name",
    "Once",
    "Opening",
    "Organisation",
    "Paragraph",
    "Persons",
    "Points",
    "Prose",
    "Section",
    "Share",
    "State",
    "States",
    "Theme",
    "WorldStates",
    "Year",
    "YearKey",
    "one_of",
]

FIRST_YEAR: Final = 2001
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
FactYear = Annotated[int, BeforeValidator(_year_of_key)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Persons = Annotated[float, Field(ge=0, le=2e9, allow_inf_nan=False)]
Points = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
More = Annotated[float, Field(ge=-90, le=900, allow_inf_nan=False)]
Opening = Annotated[float, Field(ge=-100, le=900, allow_inf_nan=False)]
MigrantClass = Annotated[
    str, one_of("class", lambda: MIGRANT_CLASSES), WithJsonSchema({"enum": list(MIGRANT_CLASSES)})
]
Name = Annotated[str, Field(pattern=rf"^({SLUG})?$")]
Paragraph = Annotated[
    str, one_of("paragraph", paragraph_names), WithJsonSchema({"type": "string", "pattern": "^[a-z_]+$"})
]
Organisation = Annotated[
    str,
    one_of("organisation", organisation_names),
    WithJsonSchema({"enum": list(organisation_names())}),
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
