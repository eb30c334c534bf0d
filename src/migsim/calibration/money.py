"""How recorded remittances grew beyond what migrants' number and earnings explain, 2005-07.

Receipts of 2005 are met by construction. Those of 2007, brought to dollars of 2005, are compared with the
model's without the trend; the yearly trend ``x`` that closes the gap best is `world.remittances.recording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from migsim.calibration.calm import calm_world
from migsim.calibration.fits import Array, Fit, interval, jackknife
from migsim.calibration.seen import LAST_YEAR_SEEN
from migsim.facts.codes import BASE_YEAR

if TYPE_CHECKING:
    from migsim.facts import Facts

__all__ = ["PATH", "Receipts", "fit_recording", "receipts", "trend"]

PATH: Final = "world.remittances.recording"
# Errors beyond a tenth count by their size rather than its square.
USUAL_ERROR: Final = 0.1
LARGEST_TREND: Final = 0.5
YEARS: Final = LAST_YEAR_SEEN - BASE_YEAR


@dataclass(frozen=True, eq=False)
class Receipts:
    """Receivers with figures of 2005 and 2007, million dollars of 2005 in 2007, ``(receiver,)``.

    ``sent``: by migrants whom the model knows, without the trend; ``others``: the rest of the base year.
    """

    reported: Array
    sent: Array
    others: Array

    def errors(self, yearly: float) -> Array:
        """Log of reported over modelled receipts at a trend."""
        modelled = self.sent * np.exp(yearly * YEARS) + self.others
        found: Array = np.log(self.reported / modelled)
        return found

    def only(self, kept: NDArray[np.bool_]) -> Receipts:
        """The receivers of a choice."""
        return Receipts(self.reported[kept], self.sent[kept], self.others[kept])


def receipts(facts: Facts, values: Mapping[str, float]) -> Receipts:
    """Run the world alone to 2007 at central parameters without the trend, and put figures beside it.

    Parameters
    ----------
    facts
        Figures, those after 2007 removed.
    values
        Values of other parameters, by path, instead of their defaults.
    """
    from migsim.facts import dollar_of
    from migsim.year import live

    setting, world = calm_world(LAST_YEAR_SEEN, {**values, PATH: 0})
    while world.year < LAST_YEAR_SEEN:
        world = live(world, setting)
    sent = setting.corridors.by_origin(world.transfers.sent)[0]
    modelled = world.transfers.received[0]
    places = [facts.index(code) for code in setting.states.iso3]
    reported = facts.remittances_received[places, facts.year(LAST_YEAR_SEEN)] / dollar_of(LAST_YEAR_SEEN)
    first = facts.remittances_received[places, facts.year(BASE_YEAR)]
    known = np.isfinite(first) & (first > 0.0) & (reported > 0.0) & (sent > 0.0) & (modelled > 0.0)
    return Receipts(reported, sent, modelled - sent).only(known)


def trend(money: Receipts) -> float:
    """The yearly trend with the least robust error of log receipts, receivers weighing by receipts."""
    from scipy import optimize

    weights = (money.sent + money.others) / (money.sent + money.others).sum()

    def loss(yearly: float) -> float:
        return float(weights @ (np.sqrt(1.0 + (money.errors(yearly) / USUAL_ERROR) ** 2) - 1.0))

    found = optimize.minimize_scalar(
        loss, bounds=(-LARGEST_TREND, LARGEST_TREND), method="bounded", options={"xatol": 1e-8}
    )
    return float(found.x)


def fit_recording(facts: Facts, values: Mapping[str, float]) -> Fit:
    """The trend of recorded receipts, given the values of other fits."""
    money = receipts(facts, values)
    value, n = trend(money), len(money.reported)
    error = float(jackknife(lambda kept: np.array([trend(money.only(kept))]), n)[1][0])
    low, high = interval(value, error)
    weights = money.sent + money.others
    total = money.reported.sum() / weights.sum()
    return Fit(
        id="recording",
        path=PATH,
        value=value,
        standard_error=error,
        low=low,
        high=high,
        target="remittances received 2007 in dollars of 2005",
        figures="panel.csv remittances 2005, 2007; prices.csv; the world run from 2005 to 2007",
        n=n,
        error_before=float(np.average(np.abs(money.errors(0.0)), weights=weights)),
        error=float(np.average(np.abs(money.errors(value)), weights=weights)),
        error_unit="log receipts, mean weighted by receipts",
        method=(
            "least soft l1 error of log receipts weighted by receipts (scipy minimize_scalar);"
            " standard error: jackknife over receivers"
        ),
        notes=(
            f"reported receipts of 2007 are {total:.2f} of the model's without the trend, all receivers"
            f" together; unweighted median of the yearly gap {np.median(money.errors(0.0)) / YEARS:.3f}",
            "the dollar fell against most hosts' currencies in these years: the trend holds that too",
        ),
    )
