"""What the page of conditions shows and says: what could be so, and how often all three then gain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from migsim.plots.factor_rows import plain_number
from migsim.plots.factors import short
from migsim.plots.intervals import Interval, wilson
from migsim.plots.tornado import THREE
from migsim.plots.wins import CONDITION
from migsim.plots.wording import NOTHING, decimals, number, percent, several_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EVEN",
    "NEEDED",
    "Cells",
    "Claim",
    "Findings",
    "Frames",
    "caption",
    "interval",
    "is_number",
    "limits",
    "place",
    "verdict",
]

type Frames = Mapping[str, pd.DataFrame | None]
type Cells = dict[str, Any]
"""A row of a frame."""

NEEDED: Final = ("identifiability", "structures", "tornado", "discovery", "weights")
"""The frames that the page is drawn from."""
EVEN: Final = 0.5
"""Share of worlds from which on all three are likelier to gain than not."""
CHANCE: Final = 0.05
"""That any condition at all is said to make it likelier than not where none does."""
WEAKEST: Final = "weakest"
TRIPLE_WIN: Final = "triple win"
MOST_SETTINGS: Final = 4
MOST_SWINGS: Final = 5
MOST_SIDES: Final = 5
WHOLE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that could be so, and in which share of the worlds in which it is all three gain."""

    words: str
    share: Interval


@dataclass(frozen=True, slots=True)
class Findings:
    """What the analysis found of the triple win.

    Attributes
    ----------
    products
        Rows of ``identifiability``.
    structures
        Rows of ``structures``.
    settings
        Those of the structural settings under which wins differ most, by title.
    swings
        Rows of ``tornado``: what moves the gain of whoever gains least most.
    region, sides
        What is known of the region of the triple win, if one was found, and the settings that it restricts.
    weighed
        How often all three gain over all weights of the components of the countries' gains.
    is_sought
        Whether a region was sought.
    """

    products: list[Cells]
    structures: list[Cells]
    settings: dict[str, list[Cells]]
    swings: list[Cells]
    region: Cells | None
    sides: list[Cells]
    weighed: Cells | None
    is_sought: bool

    @classmethod
    def of(cls, frames: Frames) -> Findings:
        """What the frames say, each of which may be missing."""
        products, structures, swings, boxes, weights = (_records(frames.get(name)) for name in NEEDED)
        region = next((row for row in boxes if str(row["box"]) == TRIPLE_WIN), None)
        weighed = next((row for row in weights if str(row["outcome"]) == WEAKEST), None)
        settings, is_sought = _deciding(structures), frames.get("discovery") is not None
        return cls(products, structures, settings, _swings(swings), region, _sides(boxes), weighed, is_sought)

    @property
    def claims(self) -> list[Claim]:
        """Everything that could be so."""
        return [
            *_of_products(self.products),
            *_of_settings(_by_title(self.structures)),
            *_of_region(self.sides, self.region),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.claims and not self.swings

    @property
    def sure(self) -> list[Claim]:
        """Conditions under which all three gain in most worlds, and not by having been picked of many.

        The likeliest first; intervals are wider the more conditions there are (Bonferroni).
        """
        level = 1.0 - CHANCE / max(len(self.claims), 1)
        found = [
            claim
            for claim in self.claims
            if wilson(claim.share.median * claim.share.n, claim.share.n, level).low > EVEN
        ]
        return sorted(found, key=lambda claim: -claim.share.median)


def _records(frame: pd.DataFrame | None) -> list[Cells]:
    if frame is None or frame.empty:
        return []
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def interval(
    row: Cells, share: str = "share", low: str = "low", high: str = "high", n: str = "n"
) -> Interval:
    """A share with its interval, from columns of these names."""
    n_worlds = int(row[n]) if is_number(row[n]) else 0
    return Interval(float(row[share]), float(row[low]), float(row[high]), n_worlds)


def _deciding(rows: Sequence[Cells]) -> dict[str, list[Cells]]:
    """The options of the structural settings under which wins differ most, by title."""
    by_title = _by_title(rows)
    order = sorted(by_title, key=lambda title: -_span(by_title[title]))
    return {title: by_title[title] for title in order[:MOST_SETTINGS]}


def _by_title(rows: Sequence[Cells]) -> dict[str, list[Cells]]:
    by_title: dict[str, list[Cells]] = {}
    for row in rows:
        by_title.setdefault(str(row["title"]), []).append(row)
    return by_title


def _span(rows: Iterable[Cells]) -> float:
    shares = [float(row["share"]) for row in rows if row["share"] == row["share"]]
    return max(shares) - min(shares) if shares else 0.0


def _swings(rows: Sequence[Cells]) -> list[Cells]:
    """The assumptions that move the gain of whoever gains least most, one at a time."""
    known = [row for row in rows if row["outcome"] == WEAKEST and math.isfinite(_reach(row))]
    return sorted(known, key=lambda row: -_reach(row))[:MOST_SWINGS]


def _three(row: Cells) -> tuple[float, float]:
    """The least and the largest gain that a setting alone leads to."""
    values = [float(row[name]) for name in THREE]
    return (min(values), max(values)) if all(map(math.isfinite, values)) else (math.nan, math.nan)


def _reach(row: Cells) -> float:
    least, most = _three(row)
    return most - least


def _sides(rows: Sequence[Cells]) -> list[Cells]:
    """The settings that the region restricts, the narrowest first."""
    found = [row for row in rows if str(row["box"]) == TRIPLE_WIN and _is_restricted(row)]
    return sorted(found, key=lambda row: place(row)[1] - place(row)[0])[:MOST_SIDES]


def place(row: Cells) -> tuple[float, float]:
    """The region's ends as parts of the setting's range."""
    low, high, start, end = (float(row[name]) for name in ("low", "high", "range_low", "range_high"))
    width = end - start
    if not (math.isfinite(width) and width > 0.0):
        return 0.0, 1.0
    return max(0.0, (low - start) / width), min(1.0, (high - start) / width)


def _is_restricted(row: Cells) -> bool:
    try:
        low, high = place(row)
    except (TypeError, ValueError):
        return False
    return low > WHOLE or high < 1.0 - WHOLE


def is_number(value: object) -> bool:
    """Whether a cell holds a number, and not a gap or words."""
    return isinstance(value, int | float) and value == value


def limits(row: Cells) -> str:
    """Where in its range the region keeps a setting."""
    options = row.get("options")
    if isinstance(options, str) and options:
        return options.replace("_", " ")
    low, high = place(row)
    ends = [plain_number(float(f"{float(row[end]):.3g}")) for end in ("low", "high")]
    if low <= WHOLE:
        return f"at most {ends[1]}"
    return f"at least {ends[0]}" if high >= 1.0 - WHOLE else f"{ends[0]} to {ends[1]}"


def _of_products(rows: Sequence[Cells]) -> list[Claim]:
    """What scaling strength, pace and lever size does."""
    return [
        Claim(f"{row['scaled']} at {float(row['product']):g} times", interval(row))
        for row in rows
        if row["share"] == row["share"]
    ]


def _of_settings(settings: Mapping[str, Sequence[Cells]]) -> list[Claim]:
    return [
        Claim(f"“{short(title, 70, 1)}” is {str(row['option']).replace('_', ' ')}", interval(row))
        for title, options in settings.items()
        for row in options
    ]


def _of_region(sides: Sequence[Cells], box: Cells | None) -> list[Claim]:
    """The region, judged on worlds that it was not found on where there are any.

    None where it says no more than an option of one structural setting does, in more worlds.
    """
    if box is None or not sides or (len(sides) == 1 and sides[0].get("options")):
        return []
    words = several_words([f"“{short(str(row['title']), 50, 1)}” is {limits(row)}" for row in sides], 3)
    seen = box.get("density_unseen")
    if is_number(seen):
        return [Claim(words, interval(box, "density_unseen", "unseen_low", "unseen_high", "n_unseen"))]
    density = float(box["density"])
    return [Claim(words, Interval(density, density, density, int(box["n"])))]


def verdict(found: Findings) -> str:
    """Whether anything makes it likelier than not."""
    claims = found.claims
    if not claims:
        return ""
    if found.structures and _share(found.structures[0], "base_low") > EVEN:
        return "It holds in most worlds as it is"
    if found.sure:
        return "Some conditions make it likelier than not"
    if any(claim.share.median > EVEN for claim in claims):
        return "Some conditions may make it likelier than not, within sampling error"
    if found.is_sought:
        return "No single setting, and no region that was found, makes it likelier than not"
    return "No single setting that was looked at makes it likelier than not"


def caption(found: Findings) -> str:
    """The finding in sentences: how often as it is, where most often, and what turns the sign."""
    sentences = [
        _base(found),
        _best(found),
        _even_words(found.products),
        _swing_words(found.swings),
        _weights_words(found.weighed),
    ]
    if found.region and found.sides and _share(found.region, "unseen_low") <= _share(found.region, "base"):
        sentences.append(
            "On worlds it was not found on, the region is no better than the rest, but for chance."
        )
    if sum(map(len, found.settings.values())) < len(found.structures):
        sentences.append(
            f"Shown are the {len(found.settings)} structural settings under which wins differ most."
        )
    sentences.append(
        "Dots and bands: shares of worlds with 95 % sampling intervals; thin grey line: all worlds. Light and"
        " dark blue: the lower and the upper end of an assumption's range, all else central."
    )
    return " ".join([*(words for words in sentences if words), CONDITION])


def _share(row: Cells, name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else math.nan


def _base(found: Findings) -> str:
    """How often all three gain whatever holds."""
    if rows := found.structures:
        share = interval(rows[0], "base", "base_low", "base_high", "worlds")
        what = "parameters, structure and luck drawn together"
    else:
        centre = [row for row in found.products if float(row["product"]) == 1.0]
        if not centre:
            return ""
        share, what = interval(centre[0]), "as drawn"
    ends = f"{100 * share.low:.0f} to {100 * share.high:.0f}"
    return f"All three gain in {percent(share.median)} of {share.n:,} worlds ({ends}), {what}."


def _best(found: Findings) -> str:
    """Under which conditions it is likeliest."""
    claims = found.claims
    if found.sure:
        told = several_words([f"in {_ends(claim.share)} where {claim.words}" for claim in found.sure], 3)
        return f"They do in more than half of the worlds under some conditions: {told}."
    if not claims:
        return ""
    best = max(claims, key=lambda claim: claim.share.median)
    if best.share.median <= 0.0:
        return "Under nothing that was varied do all three gain in any world."
    return f"They do most often where {best.words}: in {_ends(best.share)} of {best.share.n:,} worlds."


def _ends(share: Interval) -> str:
    return f"{percent(share.median)} ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _even_words(rows: Sequence[Cells]) -> str:
    """Whether strength, pace and lever size reach break-even."""
    if not rows or "even" not in rows[0]:
        return ""
    even = {str(row["scaled"]): float(row["even"]) for row in rows}
    least = {str(row["scaled"]): float(row.get("even_low", math.inf)) for row in rows}
    reached = [f"{name} at {at:.2g} times" for name, at in even.items() if math.isfinite(at)]
    if reached:
        return f"Break-even is reached by {several_words(reached)}."
    most: dict[str, float] = {}
    for row in rows:
        if not row.get("at_bounds", False):
            most[str(row["scaled"])] = max(most.get(str(row["scaled"]), 0.0), float(row["product"]))
    told = several_words([f"{name} up to {product:g} times" for name, product in most.items()])
    is_open = any(math.isfinite(low) for low in least.values())
    return f"Break-even is not reached by {told}{', but for sampling error' if is_open else ''}."


def _weights_words(row: Cells | None) -> str:
    """Whether it hangs on how the components of the countries' gains are weighed."""
    if row is None or not is_number(row["low"]):
        return ""
    ends = f"{percent(row['low'])} to {percent(row['high'])}"
    return f"With other weights of the components of countries' gains, all three gain in {ends} of worlds."


def _swing_words(swings: Sequence[Cells]) -> str:
    """Whether a single assumption turns the sign."""
    if not swings:
        return ""
    first, central = swings[0], float(swings[0]["central"])
    if _reach(first) <= NOTHING:
        return "No single assumption moves the gain of whoever gains least."
    turning = [row for row in swings if _three(row)[0] < -NOTHING and _three(row)[1] > NOTHING]
    ends = _three(first)
    places = decimals(*ends, central)
    told = f"between {number(ends[0], places)} and {number(ends[1], places)} standard deviations"
    moved = f"“{short(str(first['title']), 70, 1)}” moves it most, {told}."
    if abs(central) <= NOTHING:
        return f"Of single assumptions {moved}"
    if not turning:
        return f"No single assumption turns the sign of whoever gains least; {moved}"
    named = several_words([f"“{short(str(row['title']), 50, 1)}”" for row in turning])
    turn = "turns" if len(turning) == 1 else "turn"
    return f"Alone, {named} {turn} the sign of whoever gains least; {moved}"
