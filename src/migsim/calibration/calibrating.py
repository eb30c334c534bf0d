"""All fits together, in their order: receipts and ratifications last, in a world that holds the others."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from migsim.calibration.fits import Fit, rounded
from migsim.calibration.flight import Split, fit_flight
from migsim.calibration.gravity import fit_network
from migsim.calibration.identities import Identity, identities
from migsim.calibration.jobs import fit_okun
from migsim.calibration.money import fit_recording
from migsim.calibration.ratification import fit_ratification
from migsim.calibration.seen import seen
from migsim.calibration.views import fit_views
from migsim.provenance.parameters import Registry, registry

if TYPE_CHECKING:
    import pandas as pd

    from migsim.facts import Facts

__all__ = ["Calibration", "calibrate"]

MOST_SHOWN: Final = 10
SMALL_STOCK: Final = "world.base.small_stock"


@dataclass(frozen=True, eq=False)
class Calibration:
    """Everything that was fitted, and how well.

    Attributes
    ----------
    fits
        One per calibrated parameter.
    flight
        The split of the displaced over hosts, with its errors by origin.
    identities
        What the base year meets without being fitted.
    date
        Day of the fits.
    """

    fits: tuple[Fit, ...]
    flight: Split
    identities: tuple[Identity, ...]
    date: str

    def agrees(self, fit: Fit, rows: Registry | None = None) -> bool:
        """Whether the registry holds a fit's value and range, to the digits of the record."""
        row = (rows or registry()).get(fit.path)
        if row is None or row.low is None or row.high is None:
            return False
        held = (float(row.default), row.low, row.high)
        return held == tuple(rounded(number) for number in (fit.value, fit.low, fit.high))

    def to_frame(self) -> pd.DataFrame:
        """One row per fit, with the registry's value and whether it agrees; notes are left out."""
        import pandas as pd

        table = registry()
        rows = [
            {key: value for key, value in asdict(fit).items() if key != "notes"}
            | {
                "registry": float(table[fit.path].default) if fit.path in table else float("nan"),
                "agrees": self.agrees(fit),
                "date": self.date,
            }
            for fit in self.fits
        ]
        return pd.DataFrame(rows)

    def origins(self) -> pd.DataFrame:
        """Errors of the split of the displaced, by origin: with published values, fitted, and left out."""
        import pandas as pd

        return pd.DataFrame([asdict(each) for each in self.flight.origins])

    def __repr__(self) -> str:
        agreeing = sum(self.agrees(fit) for fit in self.fits)
        lines = [f"Calibration of {self.date}: {len(self.fits)} fits; the registry agrees with {agreeing}"]
        lines += [
            f"  {fit.path} = {rounded(fit.value):g} ({rounded(fit.low):g} to {rounded(fit.high):g})"
            for fit in self.fits[:MOST_SHOWN]
        ]
        left = len(self.fits) - MOST_SHOWN
        return "\n".join([*lines, f"  and {left} more"] if left > 0 else lines)


def calibrate(facts: Facts | None = None) -> Calibration:
    """Refit everything that is calibrated; a few seconds.

    Parameters
    ----------
    facts
        The figures, the shipped ones by default. Whatever they hold after 2007 is removed first.

    Returns
    -------
    Calibration
    """
    from migsim.facts import load

    known = seen(facts or load())
    small_stock = float(registry()[SMALL_STOCK].default)
    flight, split = fit_flight(known, small_stock)
    fits = (fit_network(known, small_stock), *flight, fit_okun(known), *fit_views(known))
    values = {fit.path: rounded(fit.value) for fit in fits}
    return Calibration(
        fits=(*fits, fit_recording(known, values), *fit_ratification(values)),
        flight=split,
        identities=identities(known),
        date=datetime.date.today().isoformat(),
    )
