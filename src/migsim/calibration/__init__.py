"""What the model's numbers were fitted to, and the fits themselves: every one by a library's optimiser.

Fits see figures up to 2007 only; what came later is for validation. ``calibrate()`` does them all.
"""

from __future__ import annotations

from migsim.calibration.calibrating import Calibration, calibrate
from migsim.calibration.fits import Fit

__all__ = ["Calibration", "Fit", "calibrate"]
