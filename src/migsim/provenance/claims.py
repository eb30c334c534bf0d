"""The claims of the five source documents, in our own words, and the stances read from them.

Everything here is read by the ``csv`` module alone, so that the command line stays quick.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from migsim.errors import InputError, shown

__all__ = [
    "Claim",
    "Document",
    "Flag",
    "Stance",
    "claim",
    "claims",
    "documents",
    "find",
    "flags",
    "flags_of",
    "rows",
    "stances",
]

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Document:
    """One of the source documents; ``key`` is what claims call it."""

    key: str
    title: str
    author: str
    date: str
    language: str
    note: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a document says, in our own words.

    Attributes
    ----------
    document, locator
        Key of the document and the place in it.
    kind
        actor, concept, event, figure, interest, mechanism, rule or theme.
    value, unit, year
        The figure a claim carries, if any, as text; for an interest the strength of a stance.
    model_use
        What the claim suggested for the model when it was read: an intention, not a statement of use.
    confidence
        ``stated`` by the document, or ``implied``.
    """

    id: str
    document: str
    locator: str
    kind: str
    subject: str
    claim: str
    value: str
    unit: str
    year: str
    model_use: str
    confidence: str

    @property
    def citation(self) -> str:
        """Document, place and confidence, for a list of sources."""
        source = documents()[self.document]
        implied = ", implied" if self.confidence == "implied" else ""
        return (
            f"{source.author}, {source.title} ({source.date}), document {self.document},"
            f" {self.locator}{implied}"
        )


@dataclass(frozen=True, slots=True)
class Stance:
    """How a stakeholder stands on an issue.

    Attributes
    ----------
    score
        -2 to 2. The sign comes from a document; strength 1 or 2 is our coding. 0 is mixed or explicitly
        inactive; where the documents are silent there is no stance at all.
    basis
        ``stated`` or ``implied``.
    evidence
        Ids of the claims it rests on.
    """

    score: int
    basis: str
    evidence: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A contradiction or error in the documents, and the reading the model uses."""

    id: str
    documents: tuple[str, ...]
    claims: tuple[str, ...]
    issue: str
    reading: str


def rows(file: str) -> Iterator[dict[str, str]]:
    """Rows of one of the tables beside this module, by column name."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


@cache
def documents() -> Mapping[str, Document]:
    """The source documents by key.

    Examples
    --------
    >>> documents()["003"].author
    'Belgium'
    """
    return MappingProxyType({row["key"]: Document(**row) for row in rows("documents.csv")})


@cache
def claims() -> Mapping[str, Claim]:
    """Every claim by id, in the order of the documents' reading.

    Examples
    --------
    >>> len(claims()), claims()["n-max-themes"].value
    (501, '2')
    """
    return MappingProxyType({row["id"]: Claim(**row) for row in rows("claims.csv")})


def claim(identifier: str) -> Claim:
    """One claim.

    Raises
    ------
    InputError
        If there is none of that id, with the nearest ones.
    """
    if identifier in claims():
        return claims()[identifier]
    near = get_close_matches(identifier, claims(), n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`migsim evidence` lists them"
    raise InputError(f"there is no claim {shown(identifier)}; {hint}")


def find(text: str) -> tuple[Claim, ...]:
    """Claims whose id, subject or wording has every word of ``text``, whatever the case.

    Examples
    --------
    >>> [found.id for found in find("micro-credit")]
    ['n-market-example']
    """
    words = text.casefold().split()
    return tuple(
        each
        for each in claims().values()
        if all(word in f"{each.id} {each.subject} {each.claim}".casefold() for word in words)
    )


@cache
def stances() -> Mapping[tuple[str, str], Stance]:
    """Stances by stakeholder and issue; issues are the themes and attitudes of `migsim.themes`.

    Examples
    --------
    >>> stances()["Host states", "border_security"].score
    2
    """
    return MappingProxyType({
        (row["stakeholder"], row["issue"]): Stance(
            int(row["score"]), row["basis"], tuple(row["evidence"].split()), row["note"]
        )
        for row in rows("stances.csv")
    })  # fmt: skip


@cache
def flags() -> Mapping[str, Flag]:
    """The contradictions of the documents by id."""
    return MappingProxyType({
        row["id"]: Flag(
            row["id"],
            tuple(row["documents"].split()),
            tuple(row["claims"].split()),
            row["issue"],
            row["reading"],
        )
        for row in rows("flags.csv")
    })  # fmt: skip


def flags_of(identifier: str) -> tuple[Flag, ...]:
    """The flags that concern a claim."""
    return tuple(flag for flag in flags().values() if identifier in flag.claims)
