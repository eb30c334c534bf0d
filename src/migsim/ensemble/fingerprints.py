"""Fingerprints of tables: the same for the same values, whoever computed them and in whatever batches."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migsim.ensemble.batch import Columns, Tables

__all__ = ["Fingerprints", "Marks", "fingerprints", "table_sha256"]

type Fingerprints = dict[str, dict[int, str]]
"""SHA-256 by table and replicate."""


def fingerprints(tables: Tables, replicates: tuple[int, ...]) -> Fingerprints:
    """SHA-256 of each replicate's rows in each table; a table may have no rows of a replicate."""
    return {name: _of_table(columns, replicates) for name, columns in tables.items()}


def table_sha256(by_replicate: Mapping[int, str]) -> str:
    """SHA-256 of a whole table from those of its replicates."""
    lines = "".join(f"{replicate}:{by_replicate[replicate]}\n" for replicate in sorted(by_replicate))
    return hashlib.sha256(lines.encode()).hexdigest()


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
        """SHA-256 of the whole table, as `table_sha256` gives it."""
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
    found: dict[int, str] = {}
    for replicate, start, end in zip(replicates, starts, ends, strict=True):
        digest = hashlib.sha256()
        for name in sorted(columns):
            digest.update(f"{name}\0".encode())
            digest.update(_canonical(columns[name][start:end]))
        found[replicate] = digest.hexdigest()
    return found


def _canonical(values: NDArray[Any]) -> bytes:
    """Values as bytes that do not depend on how an array stores them."""
    match values.dtype.kind:
        case "f":
            return values.astype("<f8").tobytes()
        case "i" | "u":
            return values.astype("<i8").tobytes()
        case "b":
            return values.astype("u1").tobytes()
        case _:
            return "\0".join(map(str, values.tolist())).encode()
