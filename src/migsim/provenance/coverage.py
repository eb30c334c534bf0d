"""Which claims of the documents the model uses, which it leaves out and why, and which are still open."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from migsim.errors import InputError
from migsim.provenance.claims import claims, rows, stances
from migsim.provenance.parameters import registry

__all__ = ["COVERED_KINDS", "Covered", "Status", "coverage", "uses"]

type Status = Literal["used", "excluded", "open"]

COVERED_KINDS: Final = ("mechanism", "rule", "interest", "figure", "theme")
"""Kinds of claim that must end in the model or be left out for a reason."""

_PACKAGE: Final = Path(__file__).parents[1]
# Beside the package in a checkout, inside it when installed.
_SCENARIO_FOLDERS: Final = (_PACKAGE / "scenarios", _PACKAGE.parents[1] / "scenarios")
_EVIDENCE_LIST: Final = re.compile(r"\bevidence:\s*(\[[^\]]*\]|(?:\n\s*- [^\n]*)+)")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][\w-]*")


@dataclass(frozen=True, slots=True)
class Covered:
    """One claim and what became of it; ``where`` says where it is used, or why it is left out."""

    id: str
    kind: str
    status: Status
    where: str


def coverage(scenarios: Path | None = None) -> tuple[Covered, ...]:
    """What became of every mechanism, rule, interest, figure and theme of the documents.

    A claim is *used* if a row of a registry, a stance, a mandate, a scenario or a ``used`` row of
    ``model_use.csv`` rests on it; *excluded* if ``model_use.csv`` gives a reason; *open* otherwise. A claim
    that is used somewhere counts as used, whatever else is said of it.

    Parameters
    ----------
    scenarios
        Folder of the scenario files, if not the shipped one.
    """
    places = uses(scenarios)
    excluded = {identifier: where for identifier, status, where in _model_use() if status == "excluded"}
    return tuple(
        Covered(each.id, each.kind, *_outcome(places.get(each.id, ()), excluded.get(each.id, "")))
        for each in claims().values()
        if each.kind in COVERED_KINDS
    )


def uses(scenarios: Path | None = None) -> Mapping[str, tuple[str, ...]]:
    """Where each claim that is used is used."""
    places: dict[str, list[str]] = defaultdict(list)
    for identifier, place in _places(scenarios):
        if place not in places[identifier]:
            places[identifier].append(place)
    return {identifier: tuple(each) for identifier, each in places.items()}


def _outcome(places: Iterable[str], reason: str) -> tuple[Status, str]:
    if where := "; ".join(places):
        return "used", where
    return ("excluded", reason) if reason else ("open", "")


def _places(scenarios: Path | None) -> Iterator[tuple[str, str]]:
    for parameter in registry().rows:
        for token in parameter.sources:
            kind, _, identifier = token.partition(":")
            if kind == "evidence":
                yield identifier, parameter.path
    for (stakeholder, issue), stance in stances().items():
        for identifier in stance.evidence:
            yield identifier, f"stance of {stakeholder} on {issue}"
    for row in rows("mandates.csv"):
        for identifier in row["evidence"].split():
            yield identifier, f"mandate of {row['organisation']}"
    for file in _scenario_files(scenarios):
        kind = "process" if file.parent.name == "processes" else "scenario"
        for cited in _EVIDENCE_LIST.findall(file.read_text(encoding="utf-8")):
            for identifier in _IDENTIFIER.findall(cited):
                if identifier in claims():
                    yield identifier, f"{kind} {file.stem}"
    for identifier, status, where in _model_use():
        if status == "used":
            yield identifier, where


def _scenario_files(folder: Path | None) -> list[Path]:
    folders = (folder,) if folder else _SCENARIO_FOLDERS
    return sorted(file for each in folders if each.is_dir() for file in each.rglob("*.yaml"))


def _model_use() -> Iterator[tuple[str, Status, str]]:
    for number, row in enumerate(rows("model_use.csv"), start=2):
        if row["id"] not in claims() or row["status"] not in ("used", "excluded") or not row["where"]:
            raise InputError(
                f"model_use.csv:{number}: {row['id']}, {row['status']}; it must be a known claim, used or"
                " excluded, with a place or a reason"
            )
        yield row["id"], cast(Status, row["status"]), row["where"]
