"""The sentences under the course of a negotiation: how far texts and actors stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from migsim.plots.wording import number, theme_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_PANELS", "caption", "theme_called"]

MOST_PANELS: Final = 12
VISIBLE: Final = 0.05
"""Points by which a text must part from the compromise to be said to."""


def theme_called(theme: str) -> str:
    """A theme in words; what is not written as an identifier stays as it is.

    Examples
    --------
    >>> theme_called("legal_mobility"), theme_called("EU budget")
    ('Legal mobility', 'EU budget')
    """
    return theme_words(theme) if theme.islower() else theme


def caption(positions: pd.DataFrame, text: pd.DataFrame, n_actors: int, moves: bool) -> str:
    """What the figure shows, and of how many."""
    sentences = [_gap_sentence(text)]
    if moves:
        sentences.append(_spread_sentence(positions))
    if len(text) > 1 or not text["adopted"].all():
        sentences.append(_adoption_sentence(text))
    if left_out := list(text["theme"].astype(str))[MOST_PANELS:]:
        sentences.append(f"Not shown, twelve themes a figure: {_listed(left_out)}.")
    return " ".join([*sentences, f"n = {n_actors:,} actor{'' if n_actors == 1 else 's'}."])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _gap_sentence(text: pd.DataFrame) -> str:
    """How far the text comes out from the compromise mean."""
    gap = text["position"] - text["compromise"]
    if gap.abs().max() < VISIBLE:
        return "The text is the compromise mean." if len(text) == 1 else "All texts are compromise means."
    widest = int(gap.abs().to_numpy().argmax())
    side = "above" if gap.iloc[widest] > 0 else "below"
    most = number(abs(float(gap.iloc[widest])), 1)
    if len(text) == 1:
        stands, blur = (number(float(text[name].iloc[0]), 1) for name in ("position", "ambiguity"))
        return f"The text stands at {stands} ± {blur}, {most} points {side} the compromise mean."
    mean = number(float(gap.abs().mean()), 1)
    return (
        f"Texts stand {mean} points from the compromise mean on average, at most {most}"
        f" ({side} it, on {theme_called(str(text['theme'].iloc[widest]))})."
    )


def _spread_sentence(positions: pd.DataFrame) -> str:
    """Whether the actors come nearer to each other."""
    ends = positions.groupby(["turn", "theme"], observed=True)["position"].agg(["min", "max"])
    spans = (ends["max"] - ends["min"]).groupby("turn").mean()
    last = int(spans.index.max())
    first, final = (number(float(spans[turn]), 1) for turn in (0, last))
    turns = "1 turn" if last == 1 else f"{last} turns"
    over = ", mean of the themes" if len(ends) > len(spans) else ""
    return f"The actors at the two ends stand {first} points apart at the start, {final} after {turns}{over}."


def _adoption_sentence(text: pd.DataFrame) -> str:
    adopted, most = int(text["adopted"].sum()), int(text["objections"].to_numpy().argmax())
    verb = "is" if adopted == 1 else "are"
    found = f"{adopted} of {len(text)} text{'' if len(text) == 1 else 's'} {verb} adopted"
    count = int(text["objections"].iloc[most])
    if not count:
        return f"{found}; nobody is against any."
    on = f", on {theme_called(str(text['theme'].iloc[most]))}" if len(text) > 1 else ""
    against = "1 actor is" if count == 1 else f"{count} actors are"
    return f"{found}; at most {against} against one{on}."
