"""Turn the source of a number, as the registries write it, into something a reader can look up."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from migsim.errors import InputError, shown
from migsim.provenance.calibrations import RECORD, calibrations
from migsim.provenance.claims import claim

__all__ = ["FIGURES", "Finding", "findings", "resolve"]

# The figures live beside their loader; only their file names and the literature table are read here.
_FIGURES_FOLDER: Final = Path(__file__).parents[1] / "facts"

FIGURES: Final[Mapping[str, str]] = MappingProxyType({
    "states.csv": (
        "UN DESA, International Migrant Stock 2019 and World Population Prospects 2019; World Bank, World"
        " Development Indicators and income classification; UNHCR"
    ),
    "membership.csv": "United Nations General Assembly resolutions 60/264 and 65/308",
    "corridors.csv": "UN DESA, International Migrant Stock 2019",
    "panel.csv": "World Bank, World Development Indicators; ILO, ILOSTAT",
    "refugees.csv": "UNHCR, Refugee Population Statistics Database",
    "literature.csv": "published estimates, cited row by row",
    "forum_history.csv": "gfmd.org; UN Treaty Collection; others, cited row by row",
    "borders.csv": "general geography; closed borders and crossings by sea, explained row by row",
    "exit_rates.csv": "OECD 2024, Return, Reintegration and Re-migration",
    "wanting_less.csv": "IOM-Gallup 2015, How the World Views Migration",
    "free_movement.csv": "treaties of accession to the European Union, cited row by row",
    "ratifications.csv": "United Nations Treaty Collection, chapter IV-13",
    "prices.csv": "US Bureau of Economic Analysis, NIPA table 1.1.9 (not checked against a text)",
})  # fmt: skip
"""The data files and their originals."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A published estimate of a behavioural parameter.

    Attributes
    ----------
    low, central, high
        As text; any may be empty.
    status
        How well the number was checked: *from memory* means that it was not checked against a text.
    """

    id: str
    group: str
    parameter: str
    low: str
    central: str
    high: str
    unit: str
    how_to_use: str
    source: str
    status: str

    @property
    def values(self) -> str:
        """The three values in words."""
        named = (("low", self.low), ("central", self.central), ("high", self.high))
        return f"{self.unit}: {', '.join(f'{name} {value}' for name, value in named if value) or 'no number'}"


@cache
def findings() -> Mapping[str, Finding]:
    """The published estimates by id.

    Examples
    --------
    >>> findings()["network"].values
    'elasticity: low 0.6, central 1'
    """
    with (_FIGURES_FOLDER / "literature.csv").open(encoding="utf-8", newline="") as table:
        return MappingProxyType({row["id"]: Finding(**row) for row in csv.DictReader(table)})


def resolve(token: str) -> str:
    """A readable citation for a source.

    It is ``evidence:<id>``, ``literature:<id>``, ``facts:<file>``, ``calibration:<id>`` or ``assumption``.

    Raises
    ------
    InputError
        If the token has another form, or what it names is not there.

    Examples
    --------
    >>> resolve("facts:corridors.csv")
    'UN DESA, International Migrant Stock 2019 (facts: corridors.csv)'
    """
    kind, _, name = token.partition(":")
    match kind:
        case "assumption" if not name:
            return "assumption of this model, to be varied in the sensitivity analysis"
        case "evidence":
            found = claim(name)
            return f"{found.citation}: {found.claim}"
        case "literature":
            finding = _named(findings(), name, "estimate", "literature.csv")
            return f"{finding.source}: {finding.parameter} ({finding.values}) [{finding.status}]"
        case "calibration":
            return _named(calibrations(), name, "fit", RECORD).citation
        case "facts":
            return f"{_named(FIGURES, name, 'data file', 'the facts')} (facts: {name})"
    raise InputError(
        f"source {shown(token)}; it must be evidence:<id>, literature:<id>, facts:<file>, calibration:<id> or"
        " assumption"
    )


def _named[T](table: Mapping[str, T], name: str, what: str, where: str) -> T:
    if name in table:
        return table[name]
    near = get_close_matches(name, table, n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise InputError(f"there is no {what} {shown(name)} in {where}{hint}")
