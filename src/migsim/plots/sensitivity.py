"""The figures of a sensitivity analysis, all in one place, and an accessor that draws them from its frames.

Each function takes one tidy frame and returns the Axes: `screening` and `tornado` (which settings move the
gains), `indices` and `apart` (where their variance comes from), `attribution` (what brings them about),
`identifiability` (how strong texts would have to be), `discovery` (where all three gain), `weights` (whether
it matters how components are weighed).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from migsim.errors import InputError
from migsim.plots.attribution import attribution
from migsim.plots.discovery import discovery
from migsim.plots.identification import identifiability
from migsim.plots.one_page import conditions
from migsim.plots.one_page_words import NEEDED
from migsim.plots.screening import screening
from migsim.plots.tornado import tornado
from migsim.plots.variance import apart, indices
from migsim.plots.weighings import weights

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SensitivityFigures",
    "apart",
    "attribution",
    "conditions",
    "discovery",
    "identifiability",
    "indices",
    "screening",
    "tornado",
    "weights",
]

FIGURES: Final = {
    "screening": screening,
    "tornado": tornado,
    "indices": indices,
    "apart": apart,
    "attribution": attribution,
    "identifiability": identifiability,
    "discovery": discovery,
    "weights": weights,
}


class SensitivityFigures:
    """Draws the frames of one sensitivity analysis; every method takes ``ax=`` and returns what it drew on.

    Parameters
    ----------
    frames : mapping of str to DataFrame or None
        By name: those of `migsim.plots.sensitivity`, and ``components``. What was not done is missing.
    year : int, optional
        The year whose gains were analysed, for the captions.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame | None], year: int | None = None) -> None:
        self._frames: Final = {name: frame for name, frame in frames.items() if frame is not None}
        self._year: Final = year

    @classmethod
    def open(cls, folder: Path | str) -> SensitivityFigures:
        """The figures of an analysis that was written to a folder.

        Raises
        ------
        InputError
            If it is not the folder of a finished analysis.
        """
        import pandas as pd

        from migsim.ensemble.folders import read_manifest

        path, manifest = Path(folder), read_manifest(Path(folder))
        held = [name for name in manifest.get("outputs", {}) if name.endswith(".csv")]
        if manifest["format"] != "migsim sensitivity" or not held:
            raise InputError(f"{path}: holds no finished analysis; make one with migsim sensitivity")
        return cls(
            {name.removesuffix(".csv"): pd.read_csv(path / name) for name in held}, manifest.get("year")
        )

    def screening(self, outcome: str | None = None, **options: Any) -> Any:
        """Settings by how far each moves the gains, whatever the others are (Morris)."""
        return screening(self._frame("screening"), outcome, **self._with_year(options))

    def tornado(self, outcome: str | None = None, **options: Any) -> Any:
        """One setting at a time, from one end of its range to the other."""
        return tornado(self._frame("tornado"), outcome, **self._with_year(options))

    def indices(self, outcome: str | None = None, **options: Any) -> Any:
        """Which parts of the model make the gains differ (Sobol)."""
        return indices(self._frame("indices"), outcome, **self._with_year(options))

    def apart(self, outcome: str | None = None, **options: Any) -> Any:
        """Luck, parameters and structure: which makes the gains differ."""
        return apart(self._frame("apart"), outcome, **self._with_year(options))

    def attribution(self, of: str | None = None, outcome: str | None = None, **options: Any) -> Any:
        """Which phases or themes bring the gains about (Shapley)."""
        return attribution(self._frame("attribution"), of, outcome, **self._with_year(options))

    def identifiability(self, **options: Any) -> Any:
        """How often all three gain, against strength times pace times lever size."""
        return identifiability(self._frame("identifiability"), **self._with_year(options))

    def discovery(self, **options: Any) -> Any:
        """The region of settings in which all three gain (PRIM)."""
        return discovery(self._frame("discovery"), **self._with_year(options))

    def weights(self, **options: Any) -> Any:
        """Whether it matters how components are weighed."""
        return weights(self._frame("weights"), self._frames.get("components"), **self._with_year(options))

    def conditions(self, **options: Any) -> Any:
        """What would have to be true for the triple win, on one page."""
        return conditions(self._frames, **self._with_year(options))

    def _with_year(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"year": self._year, **options}

    def save_all(self, folder: Path | str, *, svg: bool = False) -> list[Path]:
        """Draw a figure of each frame there is, of attribution two, and the page of conditions.

        Returns
        -------
        list of Path
            The files written.
        """
        from migsim.plots.saving import save

        target = Path(folder)
        written: list[Path] = []
        for name in FIGURES:
            if name not in self._frames:
                continue
            if name != "attribution" or self._frames[name].empty:
                written += save(getattr(self, name)(), target / f"{name}.png", svg=svg)
                continue
            for of in dict.fromkeys(self._frames[name]["of"].astype(str)):
                written += save(self.attribution(of), target / f"attribution_{of}.png", svg=svg)
        if any(name in self._frames and len(self._frames[name]) for name in NEEDED):
            written += save(self.conditions(), target / "conditions.png", svg=svg)
        return written

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            done = ", ".join(self._frames) or "nothing"
            raise InputError(f"no {name} in this analysis; done were: {done}")
        return self._frames[name]
