"""What a protocol is: a way to settle a text, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from migsim.negotiation.chance import Chance
from migsim.negotiation.table import Table
from migsim.negotiation.text import Course

__all__ = ["Protocol"]


def _never(options: Any) -> bool:
    del options
    return False


@dataclass(frozen=True)
class Protocol:
    """A way to settle a text.

    Parameters
    ----------
    name, title, reference
        Its name in files, what it is called, and where it was published.
    summary
        How a text comes about, in a sentence.
    negotiate
        From a table, the options and chance to the course of the negotiation.
    options
        Class of its options.
    themes
        Whether paragraphs are settled one by one or together.
    needs_salience
        Whether it means nothing without differences in salience.
    who_may_block
        In words.
    is_random
        Whether, under these options, it draws lots.
    is_costly
        Whether, under these options, its cost grows faster than the number of actors squared, so that in a
        forum it is left to at most 40 members.
    needs_capability
        Whether an actor of no capability means nothing to it.
    asks_states
        Whether it asks states alone, and so needs some.
    shares_salience
        Whether an actor's saliences are shares of its attention, at most one together.
    is_vectorised
        Whether it takes any number of leading axes; else one table at a time.
    """

    name: str
    title: str
    reference: str
    summary: str
    negotiate: Callable[[Table, Any, Chance], Course]
    options: type
    themes: Literal["one by one", "together"]
    needs_salience: bool
    who_may_block: str
    is_random: Callable[[Any], bool] = _never
    is_costly: Callable[[Any], bool] = _never
    needs_capability: bool = False
    asks_states: bool = False
    shares_salience: bool = False
    is_vectorised: bool = True
