"""Fingerprints of tables: the same for the same values, whoever computed them and in whatever batches."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migsim.ensemble.batch import Columns, Tables

__all__ = ["Fingerprints", "Marks", "fingerprints"]

type Fingerprints = dict[str, dict[int, str]]
"""SHA-256 by table and replicate."""


def fingerprints(tables: Tables, replicates: tuple[int, ...]) -> Fingerprints:
    """SHA-256 of each replicate's rows in each table; a table may have no rows of a replicate."""
    return {name: _of_table(columns, replicates) for name, columns in tables.items()}


class Marks:
    """Fingerprints of many worlds in one table, forty bytes each."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._marks = bytearray()

    def add(self, by_replicate: Mapping[int, str]) -> None:
        """Add those of some worlds."""
        self._numbers.extend(by_replicate)
        for sha256 in by_replicate.values():
            self._marks += bytes.fromhex(sha256)

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole table: of a line a world, its number and fingerprint, in order of numbers."""
        numbers = np.frombuffer(self._numbers, dtype=np.int64)
        whole = hashlib.sha256()
        for place in np.argsort(numbers, kind="stable"):
            mark = self._marks[32 * place : 32 * place + 32].hex()
            whole.update(f"{numbers[place]}:{mark}\n".encode())
        return whole.hexdigest()


def _of_table(columns: Columns, replicates: tuple[int, ...]) -> dict[int, str]:
    rows = columns["replicate"]
    starts = np.searchsorted(rows, replicates, side="left")
    ends = np.searchsorted(rows, replicates, side="right")
    titles = [(f"{name}\0".encode(), columns[name]) for name in sorted(columns)]
    spelt: dict[tuple[str, bytes], bytes] = {}
    found: dict[int, str] = {}
    for replicate, start, end in zip(replicates, starts, ends, strict=True):
        digest = hashlib.sha256()
        for title, values in titles:
            digest.update(title)
            digest.update(_canonical(values[start:end], spelt))
        found[replicate] = digest.hexdigest()
    return found


def _canonical(values: NDArray[Any], spelt: dict[tuple[str, bytes], bytes]) -> bytes | memoryview:
    """Values as bytes that do not depend on how an array stores them.

    Labels are mostly those of the replicate before: ``spelt`` keeps what they came to.
    """
    match values.dtype.kind:
        case "f":
            return np.ascontiguousarray(values, dtype="<f8").data
        case "i" | "u":
            return np.ascontiguousarray(values, dtype="<i8").data
        case "b":
            return np.ascontiguousarray(values, dtype="u1").data
        case _:
            stored = (values.dtype.str, values.tobytes())
            if stored not in spelt:
                spelt[stored] = _joined(values.tolist())
            return spelt[stored]


def _joined(labels: list[Any]) -> bytes:
    try:
        return "\0".join(labels).encode()
    except TypeError:  # a damaged table holds something else than text
        return "\0".join(map(str, labels)).encode()
