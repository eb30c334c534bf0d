"""A negotiation alone, with its figure and its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.ensemble.folders import MANIFEST, read_manifest, write_manifest
from migsim.ensemble.places import made_at_once, refuse_foreign
from migsim.ensemble.store import write_csv
from migsim.ensemble.versions import versions
from migsim.negotiation.alone import DEFAULT_PROTOCOL, settlement
from migsim.negotiation.alone.outcome import Settlement
from migsim.results.manifest import output_sha256

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FIGURE", "NEGOTIATION_FORMAT", "Negotiation", "held_mark", "negotiate", "refuse_taken"]

NEGOTIATION_FORMAT: Final = "migsim negotiation"
FORMAT_VERSION: Final = 1
FIGURE: Final = "positions.png"


class Negotiation(Settlement):
    """What a negotiation came to, with its figure and a folder to keep it in."""

    def plot(self, **options: Any) -> Any:
        """Draw where the actors stand over the turns, and the text: see `migsim.plots.courses`."""
        from migsim.plots.courses import course

        given = {"roles": self.roles, "protocol": self.protocol.title} | options
        return course(self.positions, self.text, **given)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by name, as they are saved."""
        wins = self.win_probabilities
        named = {"positions": self.positions, "outcome": self.outcome, "text": self.text}
        return named | ({"win_probabilities": wins} if len(wins) else {}) | dict(self.events)

    def save(self, folder: Path | str) -> Path:
        """Write the tables as CSV, the figure, and a manifest.

        An earlier negotiation by the same protocol is replaced, files added to it are kept, and a folder that
        holds anything else is refused.

        Raises
        ------
        InputError
            If the folder is taken.
        EnvironmentProblem
            If it cannot be written.
        """
        with made_at_once(*_place(folder, self.protocol.name)) as made:
            for name, frame in self.frames().items():
                write_csv(made / f"{name}.csv", frame)
            self._draw(made / FIGURE)
            write_manifest(made, self._identity() | {"outputs": output_sha256(made)})
        return Path(folder)

    def _draw(self, path: Path) -> None:
        from migsim.plots.saving import save

        save(self.plot(), path)

    def _identity(self) -> dict[str, Any]:
        return {
            "format": NEGOTIATION_FORMAT,
            "format_version": FORMAT_VERSION,
            "protocol": self.protocol.name,
            "input_sha256": self.input_sha256,
            "mark": self.mark,
            "options": {name: _plain(value) for name, value in self.options.items()},
            "n_actors": len(self.roles),
            "n_themes": len(self.text),
            "n_turns": self.n_turns,
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": versions(),
        }


def negotiate(
    frame: pd.DataFrame | Mapping[str, Any] | str | os.PathLike[str],
    protocol: str = DEFAULT_PROTOCOL,
    **options: object,
) -> Negotiation:
    """Let actors negotiate by a protocol, outside any forum.

    Parameters
    ----------
    frame
        A DataFrame, columns by name, or the path of a CSV file, with a row for each actor and theme: actor,
        role, capability, theme, position (0-100), salience (0-1). See `migsim.negotiation.alone.cells`.
    protocol
        Name of the protocol; `migsim.protocols` lists them.
    **options
        Of the protocol, of persuasion, and tolerance, max_ambiguity, observer_weight and seed.

    Raises
    ------
    migsim.errors.InputError
        With every fault of the input, or every option that is unknown or not allowed.

    Examples
    --------
    >>> import migsim as ms
    >>> rows = {"actor": ["A", "B"], "position": [20, 60], "capability": [3, 1]}
    >>> ms.negotiate(rows, protocol="compromise").text["position"].round(6).tolist()
    [30.0]
    """
    return of_settlement(settlement(frame, protocol, options, "option"))


def of_settlement(settled: Settlement) -> Negotiation:
    """A settlement with its figure and its folder."""
    return Negotiation(**{each.name: getattr(settled, each.name) for each in fields(settled)})


def refuse_taken(folder: Path | str, protocol: str) -> None:
    """Refuse a place that holds something else than a negotiation by this protocol.

    Raises
    ------
    InputError
        If it does.
    """
    refuse_foreign(*_place(folder, protocol))


def _place(folder: Path | str, protocol: str) -> tuple[Path, dict[str, str], str]:
    """Where a negotiation goes, what one that it may replace says in its manifest, and what it is."""
    identity = {"format": NEGOTIATION_FORMAT, "protocol": protocol}
    return Path(os.path.realpath(folder)), identity, "a negotiation of migsim"


def held_mark(folder: Path | str) -> str | None:
    """The mark of the negotiation that a folder holds; none if it holds none."""
    path = Path(os.path.realpath(folder))
    return str(read_manifest(path).get("mark")) if (path / MANIFEST).exists() else None


def _plain(value: object) -> object:
    """An option as JSON can hold it."""
    return str(value) if isinstance(value, float) and value in (float("inf"), float("-inf")) else value
