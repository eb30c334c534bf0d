"""What an analysis found, in sentences with numbers and intervals, and with what the sample leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from migsim.analysis.attribution import MEETING, MEETING_ALONE
from migsim.analysis.discovery import TRIPLE_WIN
from migsim.analysis.identifiability import TOGETHER
from migsim.analysis.outcomes import GAINS, OUTCOMES, UNITS, WEAKEST, share_of
from migsim.plots.attribution import REST, TOTAL, signed
from migsim.plots.factors import rivals, share_words
from migsim.plots.identification import apart_words, break_even_words
from migsim.plots.intervals import Interval
from migsim.plots.screening import FEWEST_WALKS
from migsim.plots.tornado import reach, turns_sign
from migsim.plots.variance import SMALL_SHARE, summed_words
from migsim.plots.weighings import ONE_INDEX
from migsim.plots.wording import NOTHING, decimals, number, worlds_words
from migsim.results.projections import year_words
from migsim.results.rounding import percent

if TYPE_CHECKING:
    import pandas as pd

    from migsim.analysis.sensitivity import Sensitivity

__all__ = ["findings"]

WHO: Final = {
    "gain_migrants": "Migrants' gain",
    "gain_hosts": "Hosts' gain",
    "gain_departures": "Departure countries' gain",
    WEAKEST: "The weakest win",
}
NAMED: Final = 4
NO_WORLD: Final = "Nothing was found: too many worlds failed."
WIDE: Final = 1.0
"""Width of an interval of a share of variance that says little."""


def findings(done: Sensitivity) -> str:
    """The findings of every part that was asked for, one paragraph a part."""
    say = {
        "screening": _screening,
        "indices": _indices,
        "apart": _apart,
        "attribution": _attribution,
        "identifiability": _identifiability,
        "discovery": _discovery,
        "tornado": _tornado,
        "weights": _weights,
    }
    paragraphs = [list(_head(done))]
    for part in done.parts:
        frame = done.frames[part]
        lines = list(say[part](frame)) if len(frame) else [_nothing(part, done)]
        if part == "weights" and len(frame):
            lines += _components(done.components)
        paragraphs.append([f"{part.capitalize()}", *(f"  {line}" for line in lines)])
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def _nothing(part: str, done: Sensitivity) -> str:
    if part == "discovery" and len(done.structures):
        return "Too few worlds are won, or lost, by any side for a region to be sought."
    return NO_WORLD


def _head(done: Sensitivity) -> Iterator[str]:
    years = done.scenario.spec.years
    yield (
        f"{done.scenario.title}: what its gains of {years.last} depend on"
        f" ({sum(done.worlds.values()):,} worlds, size {done.size}, seed {done.seed})"
    )
    if said := year_words(years.last):
        yield said
    failed = {name: n for name, n in done.failures.items() if n}
    if failed:
        told = ", ".join(f"{n} of {done.worlds[name]:,} in {name}" for name, n in failed.items())
        yield f"Failed worlds: {told}; they are left out with the walk, row or pair that they belong to."
    if "weights" in done.parts and len(done.weights):
        row = _by_outcome(done.weights)[WEAKEST]
        share = share_of(round(row["equal"] * row["n"]), int(row["n"]))
        yield (
            f"In short: all three gain in {percent(row['equal'])} of worlds ({percent(share.low)} to"
            f" {percent(share.high)}, parameters, structure and luck drawn together, n = {int(row['n']):,})."
        )


def _screening(frame: pd.DataFrame) -> Iterator[str]:
    for outcome in _outcomes(frame):
        rows = frame[frame["outcome"] == outcome].sort_values("mu_star", ascending=False)
        moving = rows[rows["mu_star"] > NOTHING]
        if moving.empty:
            yield f"{WHO[outcome]} never moves."
            continue
        shares = moving["mu_star"].to_numpy() / float(moving["mu_star"].sum())
        named = "; ".join(f"{row['title']} {_effect(row)}" for row in _rows(moving.head(NAMED)))
        effects = {row["path"]: _interval(row, "mu_star") for row in _rows(moving)}
        n_never = len(rows) - len(moving)
        is_open = moving["n"].iloc[0] < FEWEST_WALKS or rivals(effects, list(effects))
        yield (
            f"{WHO[outcome]} ({UNITS[outcome]}, over the whole range of a parameter) moves most with:"
            f" {named}."
            f" The first ten of {len(rows)} make up {percent(shares[:10].sum())} of all movement."
            + (f" {n_never} never {'moves' if n_never == 1 else 'move'} it." if n_never else "")
            + (" Which is first, the sample leaves open." if is_open else "")
        )
    n_walks = int(frame["n"].max())
    alone = ", which leaves open how far each moves a gain" if n_walks < FEWEST_WALKS else ""
    yield (
        f"Walks: {n_walks}{alone}. Structure, choices and whole numbers stay as the scenario has them:"
        " they are switched and have no slope. The indices of variance have them."
    )


def _indices(frame: pd.DataFrame) -> Iterator[str]:
    for outcome in _outcomes(frame):
        every = frame[frame["outcome"] == outcome]
        rows = every.dropna().sort_values("ST", ascending=False)
        if rows.empty:
            yield _shareless(outcome, every)
            continue
        named = "; ".join(_share(row, "group") for row in _rows(rows.head(NAMED)))
        small = [row["group"] for row in _rows(rows) if row["ST_high"] < SMALL_SHARE]
        yield (
            f"{WHO[outcome]}: share of variance in total and alone: {named}."
            f" {summed_words(_interval(_rows(rows)[0], 'S1_sum'))}"
            + (f" Small, under {percent(SMALL_SHARE)} in total: {', '.join(small)}." if small else "")
            + _too_wide(rows)
        )


def _apart(frame: pd.DataFrame) -> Iterator[str]:
    for outcome in _outcomes(frame):
        every = frame[frame["outcome"] == outcome]
        rows = every.dropna()
        if rows.empty:
            yield _shareless(outcome, every)
            continue
        yield (
            f"{WHO[outcome]}: share of variance in total and alone: "
            + "; ".join(_share(row, "source") for row in _rows(rows))
            + f". {summed_words(_interval(_rows(rows)[0], 'S1_sum'))}{_too_wide(rows)}"
        )


def _shareless(outcome: str, rows: pd.DataFrame) -> str:
    """Why no part has a share in the variance of an outcome."""
    if rows["n"].max() > 1:
        return f"{WHO[outcome]} never varies."
    return f"{WHO[outcome]}: no result, since too many worlds failed."


def _too_wide(rows: pd.DataFrame) -> str:
    """A warning where the intervals are too wide to say anything of the largest, and the shares on ranks."""
    if float((rows["ST_high"] - rows["ST_low"]).max()) < WIDE:
        return ""
    column = "group" if "group" in rows.columns else "source"
    first = rows.sort_values("ST_ranks", ascending=False).head(NAMED)
    on_ranks = "; ".join(f"{row[column]} {share_words(_interval(row, 'ST_ranks'))}" for row in _rows(first))
    return (
        " A few worlds far out decide these shares; take a larger size before believing them. Of the ranks of"
        f" worlds, where none is far out, in total: {on_ranks}."
    )


def _attribution(frame: pd.DataFrame) -> Iterator[str]:
    for of, table in frame.groupby("of", sort=False):
        for outcome in _outcomes(table):
            rows, begun = table[table["outcome"] == outcome], f"{WHO[outcome]} by {of}"
            if not rows["n"].max():
                yield f"{begun}: no result, since too many worlds failed."
                continue
            if rows[["value", "low", "high"]].abs().to_numpy().max() <= NOTHING:
                yield f"{begun}: it never moves."
                continue
            (total,) = _rows(rows[rows["part"] == TOTAL])
            rows = rows[rows["part"] != TOTAL]
            is_sure = rows["value"].abs() > rows["value_conf"]
            order = rows[is_sure]["value"].abs().sort_values(ascending=False).index
            named = "; ".join(
                f"{row['title']} {_signed(row['value'])} ± {_number(row['value_conf'])}"
                for row in _rows(rows.loc[order].head(NAMED))
            )
            counted, orders = is_sure[rows["part"] != REST], int(total["orders"])
            n_open = int((~counted).sum())
            verb = "is" if n_open == 1 else "are"
            is_open = f" {n_open} of {len(counted)} parts {verb} within sampling error of nothing."
            yield (
                f"{begun}: {_whole(total)} in the mean of"
                f" {worlds_words(int(total['n']), is_paired=False)}"
                + (f" and {orders} drawn orders" if orders else "")
                + f", of which {named or 'no part can be told from nothing'}."
                + (is_open if n_open else "")
            )
    for title in frame[frame["part"] == MEETING]["title"].unique():
        if title == MEETING_ALONE:
            yield f"{title}: what sessions cost and stir with all six phases off."
        else:
            yield (
                f"{title}: what is left with all six phases off, so what sessions cost and stir and what"
                " treaties and agreements of two do."
            )


def _whole(total: dict[str, Any]) -> str:
    """A whole gain with half its interval, and whether it may be nothing; one world has no interval."""
    value, half = float(total["value"]), float(total["value_conf"])
    ends = f" ± {_number(half)}" if half >= 0.0 else ""
    unsure = ", which may be nothing," if abs(value) <= half else ""
    return f"{_signed(value)}{ends} {total['unit']}{unsure}"


def _identifiability(frame: pd.DataFrame) -> Iterator[str]:
    centre = frame[(frame["scaled"] == TOGETHER) & (frame["product"] == 1.0)].iloc[0]
    yield (
        f"As drawn, all three gain in {percent(centre['share'])} of {int(centre['n'])} worlds"
        f" ({percent(centre['low'])} to {percent(centre['high'])}); the median weakest win is"
        f" {_signed(centre['weakest'])} standard deviations."
    )
    yield from break_even_words(frame)
    for scaled, rows in frame.groupby("scaled", sort=False):
        beyond = rows[~rows["plausible"]]["product"]
        if len(beyond):
            yield f"{str(scaled).capitalize()}: implausible at {', '.join(f'{x:g}' for x in beyond)} times."
    for row in _rows(frame[frame["at_bounds"]]):
        yield (
            f"{str(row['scaled']).capitalize()} at {row['product']:g} times: hard bounds keep"
            f" {percent(row['clipped'])} of values from it; this point is not compared."
        )
    yield apart_words(frame)
    yield from _most_apart(frame[frame["weakest_apart"]])


def _most_apart(told: pd.DataFrame) -> Iterator[str]:
    """Where the weakest win differs most from that of all together."""
    if told.empty:
        return
    rows = _rows(told.reindex(told["gap"].abs().sort_values(ascending=False).index).head(2))
    named = " and ".join(
        f"{row['scaled']} at {row['product']:g} ({_signed(row['weakest'])}, {_signed(row['gap'])} from all"
        " together)"
        for row in rows
    )
    yield f"The weakest win differs most in {named}."


def _discovery(frame: pd.DataFrame) -> Iterator[str]:
    if TRIPLE_WIN not in set(frame["box"]):
        yield "Too few worlds are won, or lost, by all three for a region; instead, those of each side."
    for box, rows in frame.groupby("box", sort=False):
        first = rows.iloc[0]
        sides = [row for row in _rows(rows) if row["path"]]
        named = "; ".join(_side(row) for row in sides) or "no setting restricts it beyond chance"
        yield (
            f"{str(box).capitalize()} (in {percent(first['base'])} of worlds): {named}. There it holds in"
            f" {percent(first['density'])} of worlds (of {int(first['n_unseen'])} it was not found on, in"
            f" {percent(first['density_unseen'])}, {percent(first['unseen_low'])} to"
            f" {percent(first['unseen_high'])}), with {percent(first['coverage'])} of all its cases in"
            f" {percent(first['mass'])} of the space."
        )
        if sides and not first["unseen_low"] > first["base"]:
            yield "  On unseen worlds this box is no better than the whole space: do not believe it."


def _tornado(frame: pd.DataFrame) -> Iterator[str]:
    for outcome in _outcomes(frame):
        rows = frame[frame["outcome"] == outcome]
        if reach(rows).max() <= NOTHING:
            yield f"{WHO[outcome]} never moves from {_signed(rows['central'].iloc[0])} {UNITS[outcome]}."
            continue
        named = "; ".join(
            f"{row['title']} (from {_signed(row['at_low'])} to {_signed(row['at_high'])})"
            for row in _rows(rows.head(NAMED))
        )
        yield (
            f"{WHO[outcome]}, {_signed(rows['central'].iloc[0])} {UNITS[outcome]} at central values: {named}."
            f" Alone, {int(turns_sign(rows).sum())} of {len(rows)} parameters turn its sign."
        )


def _weights(frame: pd.DataFrame) -> Iterator[str]:
    rows = _by_outcome(frame)
    for outcome in GAINS[1:]:
        row = rows[outcome]
        yield (
            f"{WHO[outcome]} is positive in {percent(row['share'])} of worlds with the median weights of its"
            f" components ({percent(row['low'])} to {percent(row['high'])} over nine in ten weights);"
            f" {percent(row['equal'])} with equal ones."
        )
    row = rows[WEAKEST]
    yield (
        f"Triple win: {percent(row['share'])} ({percent(row['low'])} to {percent(row['high'])});"
        f" {percent(row['equal'])} with equal weights."
    )


def _components(frame: pd.DataFrame) -> list[str]:
    if frame["share"].sum() <= NOTHING:
        return ["  The three gains never vary: there are no principal components."]
    first = frame.iloc[0]
    loads = ", ".join(f"{WHO[gain].split("'")[0].lower()} {first[gain]:+.2f}" for gain in GAINS)
    verdict = (
        "the three gains are one index" if first["share"] > ONE_INDEX else "the three gains are not one index"
    )
    said = f"The first principal component holds {percent(first['share'])} of their variance ({loads})"
    return [f"  {said}: {verdict}."]


def _side(row: dict[str, Any]) -> str:
    chance = f"chance {row['quasi_p']:.2g}"
    if row["options"]:
        return f"{row['title']}: {str(row['options']).replace('_', ' ')} ({chance})"
    low, high = row["low"] > row["range_low"], row["high"] < row["range_high"]
    if low and high:
        return f"{row['title']} from {row['low']:.3g} to {row['high']:.3g} ({chance})"
    where = f"above {row['low']:.3g}" if low else f"below {row['high']:.3g}"
    return f"{row['title']} {where} of {row['range_low']:.3g} to {row['range_high']:.3g} ({chance})"


def _share(row: dict[str, Any], column: str) -> str:
    alone = share_words(_interval(row, "S1"))
    return (
        f"{row[column]} {share_words(_interval(row, 'ST'))},"
        f" {'nothing alone' if alone == 'nothing' else f'alone {alone}'}"
    )


def _interval(row: dict[str, Any], name: str) -> Interval:
    return Interval(row[name], row[f"{name}_low"], row[f"{name}_high"], int(row["n"]))


def _effect(row: dict[str, Any]) -> str:
    effect = _interval(row, "mu_star")
    places = decimals(effect.median, effect.low, effect.high)
    told = number(effect.median, places)
    ends = f" ({number(effect.low, places)} to {number(effect.high, places)})"
    return told if effect.n < FEWEST_WALKS else told + ends


def _outcomes(frame: pd.DataFrame) -> list[str]:
    held = set(frame["outcome"])
    return [outcome for outcome in OUTCOMES if outcome in held]


def _by_outcome(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {str(row["outcome"]): row for row in _rows(frame)}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _number(value: float) -> str:
    return number(value, decimals(value))


def _signed(value: float) -> str:
    return signed(value, decimals(value))
