"""Which states touch, by land or over a narrow sea, and where nobody passes.

The table ``borders.csv`` has one row per pair. What counts as a border, and as a closed one, is written in
``README.md`` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from migsim.facts.checks import check_small
from migsim.facts.reading import Table, read_small
from migsim.facts.tables import Bools, Facts

__all__ = ["Borders", "borders"]


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Who is whose neighbour. Every array is symmetric, empty on the diagonal, and read-only.

    Attributes
    ----------
    land
        (state, state), True where two states touch by land, rivers and lakes included.
    sea
        (state, state), True where two states that do not touch are joined by a crossing of at most
        150 km that people who flee or migrate are known to take.
    closed
        (state, state), True where a land border was shut for most of 2005-2015. Closed borders are in
        ``land`` as well: those that can be crossed are ``land & ~closed``.
    """

    land: Bools
    sea: Bools
    closed: Bools

    def __repr__(self) -> str:
        by_land, by_sea, closed = (int(pairs.sum()) // 2 for pairs in (self.land, self.sea, self.closed))
        return f"<Borders: {by_land} by land, {closed} of them closed, {by_sea} by sea>"


@cache
def borders(facts: Facts, folder: Path | None = None) -> Borders:
    """Read, check and arrange the borders; the same object at every call.

    Parameters
    ----------
    facts
        The states.
    folder
        Where the table is, if not the shipped one.

    Raises
    ------
    migsim.errors.InputError
        If the table is missing or broken, with the place of every fault.

    Examples
    --------
    >>> from migsim.facts import load
    >>> facts = load()
    >>> borders(facts)
    <Borders: 306 by land, 11 of them closed, 34 by sea>
    >>> bool(borders(facts).land[facts.index("LBN"), facts.index("SYR")])
    True
    """
    table = read_small("borders.csv", folder)
    check_small(table, facts.iso3, _odd_pairs)
    number = {code: place for place, code in enumerate(facts.iso3)}
    one = np.array([number[code] for code in table["a"]], dtype=np.intp)
    other = np.array([number[code] for code in table["b"]], dtype=np.intp)

    def between(column: str, value: str) -> Bools:
        chosen = np.array(table[column], dtype=np.str_) == value
        pairs = np.zeros((facts.n_states, facts.n_states), dtype=np.bool_)
        pairs[one[chosen], other[chosen]] = True
        pairs |= pairs.T
        pairs.setflags(write=False)
        return pairs

    return Borders(land=between("kind", "land"), sea=between("kind", "sea"), closed=between("closed", "1"))


def _odd_pairs(table: Table) -> Iterator[str]:
    columns = (table[column] for column in ("a", "b", "kind", "closed", "note"))
    for row, (one, other, kind, closed, note) in enumerate(zip(*columns, strict=True)):
        # Both orders of a pair would otherwise pass as two pairs.
        if one >= other:
            yield f"{table.at(row)}: {one} stands before {other}; a pair is two states in order of code"
        if kind == "sea" and closed == "1":
            yield f"{table.at(row)}: closed is 1 for a crossing by sea; only land borders can be closed"
        if (kind == "sea" or closed == "1") and not note.strip():
            yield f"{table.at(row)}: note is empty; say which crossing it is, or why the border is closed"
