"""The protocols side by side: what each rests on, who may block, and what it may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from migsim.negotiation.options import Option, options_of
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.registry import protocol, protocol_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "properties", "protocols"]

COLUMNS: Final = (
    "name",
    "title",
    "themes",
    "needs_salience",
    "who_may_block",
    "deterministic",
    "cost",
    "reference",
)


def protocols() -> pd.DataFrame:
    """The protocols by which a text can come about, one row each.

    Returns
    -------
    DataFrame
        Name, title, whether themes are settled one by one or together, whether the protocol means nothing
        without saliences, who may block, whether the same input always gives the same text, how cost grows
        with the number of actors n, and where it was published.

    Examples
    --------
    >>> protocols()["name"].tolist()[:2]
    ['no_objection', 'compromise']
    """
    import pandas as pd

    return pd.DataFrame([properties(protocol(name)) for name in protocol_names()], columns=list(COLUMNS))


def properties(rules: Protocol) -> dict[str, object]:
    """What is known of one protocol, by column.

    Examples
    --------
    >>> properties(protocol("no_objection"))["deterministic"]
    'yes, unless readings is set'
    """
    told = {True: "yes", False: "no"}
    return {
        "name": rules.name,
        "title": rules.title,
        "themes": rules.themes,
        "needs_salience": rules.needs_salience,
        "who_may_block": rules.who_may_block,
        "deterministic": _told(rules, lambda options: told[not rules.is_random(options)]),
        "cost": _told(rules, lambda options: "above n²" if rules.is_costly(options) else "at most n²"),
        "reference": rules.reference,
    }


def _told(rules: Protocol, judge: Callable[[Any], str]) -> str:
    """A judgement under the default options, and the options of which a single one can overturn it."""
    default = rules.options()
    usual = judge(default)
    overturning = [
        f"{name} is {value}" if option.kind == "choice" else f"{name} is set"
        for name, option in options_of(rules.options).items()
        for value in _extremes(option)
        if judge(replace(default, **{name: value})) != usual
    ]
    return f"{usual}, unless {' or '.join(dict.fromkeys(overturning))}" if overturning else usual


def _extremes(option: Option) -> tuple[object, ...]:
    match option.kind:
        case "choice":
            return option.choices
        case "flag":
            return (False, True)
        case "whole":
            return (int(option.least), int(option.most))
    return (option.least, option.most)
