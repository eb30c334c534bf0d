"""The triple win in plain words, for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from migsim.results.projections import year_words
from migsim.results.rounding import NOTHING, percent, places_shown
from migsim.results.summary import gains_in_spreads, share_positive, spread
from migsim.results.texts import by_world, most_against
from migsim.triple_win import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from migsim.results.groups import By
    from migsim.results.run import Run
    from migsim.results.study import Study
    from migsim.world.corridors import Array

__all__ = [
    "difference_interval",
    "difference_words",
    "gain_words",
    "group_words",
    "interval",
    "text_words",
    "triple_win_words",
]

WHO: Final = {
    "migrants": ("Migrants", "gain_migrants", "points"),
    "hosts": ("Host countries", "gain_hosts", "%"),
    "departures": ("Departure countries", "gain_departures", "%"),
    "weakest": ("Least of the three", None, ""),
}
DRAWN: Final = {
    "ranged": "parameters drawn from their ranges",
    "central": "parameters at their central values",
}
ONE_WORLD: Final = "One world shows no range."
CONDITION: Final = "Conditional on the model's assumptions, which `migsim evidence` shows."
HEADINGS: Final = f"{'':20} {'':4}  {'change':37}  {'change in SD':30}  better off"
NO_PROCESS: Final = "Without a process no forum meets, and there is nothing to compare."
BRACKETS: Final = "in brackets the range that holds nine worlds in ten"
COMPARED: Final = f"{'rank':9} {'':34} {'gain':34}  {'all three gain in':24}  difference from the first"

GAINS: Final = (
    f"{'':34} {'migrants, points':28}  {'hosts, % of income':28}  {'departure countries, % of inc.':28}  "
    "policy, % of its drift"
)
OF_GROUPS: Final = f"{'':26} {'states':6}  {'all together':28}  {'as hosts':28}  as departure countries"
TEXTS: Final = (
    f"{'':34} {'adopted':>8}  {'ambiguity':>9}  {'strength':>8}  {'against':>8}  {'from compromise':>15}  "
    "most often against"
)


def triple_win_words(run: Run) -> str:
    """What the forum changes, in a middle year and the last, and in how many worlds there is a gain."""
    if not run.n_replicates:
        return f"{run.title}: no world was finished, so there is nothing to sum up."
    if not run.scenario.spec.processes:
        return f"{run.title}\n{NO_PROCESS}"
    margin = float(run.scenario.value("triple_win.margin"))
    worlds = f"{run.n_replicates} worlds" if run.n_replicates != 1 else "One world"
    if (n_draws := len(set(run.draw_of(run.replicates)))) < len(run.replicates):
        worlds += f" of {n_draws} draws"
    columns = ["replicate", "year", *(f"gain_sd_{group}" for group in GROUPS), "weakest"]
    columns += [column for _, column, _ in WHO.values() if column]
    years = _years(run)
    world = run.table("world", columns, reduce=lambda rows: rows[rows["year"].isin(years)])
    by_year = {year: run.over_lucks(world[world["year"] == year]) for year in years}
    lines = [
        run.title,
        f"{worlds}, each against the same world without a forum; {DRAWN[run.parameters]}, seed {run.seed}",
        "",
        HEADINGS,
    ]
    for group in WHO:
        lines += [_row(rows, group, year, margin) for year, rows in by_year.items()]
    return "\n".join([*lines, "", *_legend(margin, run.n_replicates, years[-1])])


def difference_words(study: Study) -> str:
    """Every scenario of a study: its weakest win in the last common year, and that less the first's."""
    if not any(run.scenario.spec.processes for run in study.runs.values()):
        return NO_PROCESS
    year = study.last_year
    weakest = _weakest(study.difference(year=year), "quantity", year)
    lines = [
        f"Ranked by the gain of whoever gains least, in {year}{study.why_last_year}, in standard deviations"
        " of 2005",
        "",
        COMPARED,
    ]
    ranking = study.ranking()
    for row in ranking.to_dict("records"):
        label, n = row["scenario"], row["n"]
        if not n:
            lines.append(f"{'-':9} {label:34} failed: no world was finished")
            continue
        difference = "(the first)"
        if label != study.reference:
            apart = weakest[label]
            difference = difference_interval(apart, most=5)
            difference += "" if apart["is_paired"] else " unpaired"
            difference = difference if apart["n"] else "none: the first failed"
        middle, low, high = (row[f"weakest_sd_{end}"] for end in ("median", "p05", "p95"))
        cells = f"{_rank(row):9} {label:34} {interval(middle, low, high, n, 5):34}  {_often(row):24}"
        failed = f"  ({row['n_failed']} worlds failed)" if row["n_failed"] else ""
        lines.append(f"{cells}  {difference}{failed}")
    is_one = max(run.n_replicates for run in study.runs.values()) == 1
    legend = ONE_WORLD if is_one else f"{BRACKETS.capitalize()}; of the shares, their 90 % sampling interval."
    return "\n".join([*lines, "", legend, *_ties(ranking), *_past(year), CONDITION])


def _rank(row: Mapping[Any, Any]) -> str:
    """A rank, and between which it lies in nine of ten worlds."""
    low, high = row["rank_p05"], row["rank_p95"]
    return f"{row['rank']}" if math.isnan(low) else f"{row['rank']} ({low:.0f}-{high:.0f})"


def _often(row: Mapping[Any, Any]) -> str:
    """In which share of worlds all three gain, with its sampling interval."""
    low, high = (100 * row[f"share_triple_win_{end}"] for end in ("low", "high"))
    ends = f" ({low:.0f} to {high:.0f})" if row["n"] > 1 else ""
    return f"{percent(row['share_triple_win'])}{ends} of {row['n']}"


def _ties(ranking: pd.DataFrame) -> Iterator[str]:
    """Whether the first may as well be another."""
    known = ranking[ranking["n_ranked"] > 1]
    if len(known) > 1:
        best = known.sort_values("share_first", ascending=False, kind="stable").iloc[0]
        yield (
            f"Ranked world by world, none is better than {best['scenario']} in {percent(best['share_first'])}"
            f" of the {best['n_ranked']} worlds that {len(known)} scenarios share."
        )


def gain_words(study: Study) -> str:
    """What every scenario of a study yields to each group in the last common year, and the policy it adds."""
    if not any(run.scenario.spec.processes for run in study.runs.values()):
        return ""
    lines = [
        f"Gains by group in {study.last_year}, against the same world in which nobody meets, and mean policy "
        "added to what states would do alone",
        "",
        GAINS,
    ]
    for row in study.regimes().to_dict("records"):
        if not row["n"]:
            lines.append(f"{row['scenario']:34} failed: no world was finished")
            continue
        names = {"gain_migrants": 3, "gain_hosts": 4, "gain_departures": 4, "ratio": 0}
        cells = [
            interval(row[f"{name}_median"], row[f"{name}_p05"], row[f"{name}_p95"], row["n"], most)
            for name, most in names.items()
        ]
        lines.append(f"{row['scenario']:34} " + "  ".join(f"{cell:28}" for cell in cells).rstrip())
    return "\n".join(lines)


def group_words(run: Run, by: By) -> str:
    """What groups of states gain in the last year; nothing where there is nothing to compare."""
    if not run.n_replicates or not run.scenario.spec.processes:
        return ""
    from migsim.results.group_tables import summed_up

    year = run.scenario.spec.years.last
    table = run.by_group(by, ["gain", "gain_host", "gain_departure"])
    now = table[table["year"] == year]
    now = now.assign(replicate=run.draw_of(now["replicate"]))
    found = summed_up(now).set_index(["group", "quantity"]).to_dict("index")
    lines = [f"Gains of groups of states in {year}, % of income", "", OF_GROUPS]
    for group, n_states in now.groupby("group", sort=False)["n_states"].first().items():
        cells = []
        for name in ("gain", "gain_host", "gain_departure"):
            row = found.get((group, name), {"n": 0})
            told = interval(row["median"], row["low"], row["high"], row["n"]) if row["n"] else "-"
            cells.append(f"{told:28}")
        lines.append(f"{str(group)[:26]:26} {n_states:6}  {'  '.join(cells).rstrip()}")
    return "\n".join(lines)


def text_words(study: Study) -> str:
    """The texts of every scenario of a study and who is against them; nothing where none is made."""
    rows = {label: by_world(run) for label, run in study.runs.items()}
    if all(table.empty for table in rows.values()):
        return ""
    lines = ["The texts: means over the paragraphs on the agendas, medians over worlds", "", TEXTS]
    for label, table in rows.items():
        if table.empty:
            lines.append(f"{label:34} no text")
            continue
        middle = table.median()
        most = most_against(study.runs[label])
        said = ", ".join(f"{state} {percent(share)}" for state, share in most)
        clarity = f"{middle['ambiguity']:9.3f}  {middle['strength']:8.2f}"
        dissent = f"{percent(middle['against']):>8}  {middle['from_compromise']:15.3f}  {said or 'nobody'}"
        lines.append(f"{label:34} {percent(middle['adopted']):>8}  {clarity}  {dissent}")
    return "\n".join(lines)


def _weakest(table: pd.DataFrame, by: str, year: int) -> dict[Any, dict[Any, Any]]:
    """The weakest win of each scenario in one year."""
    rows = table[(table[by] == "weakest") & (table["year"] == year)]
    return rows.set_index("scenario").to_dict("index")


def _row(part: pd.DataFrame, group: str, year: int, margin: float) -> str:
    title, column, unit = WHO[group]
    spreads = gains_in_spreads(part, group)
    natural = "" if column is None else f"{_told(part[column].to_numpy())} {unit}"
    return f"{title:20} {year:4}  {natural:37}  {_told(spreads):30}  {_share(spreads, margin)}"


def _told(values: Array) -> str:
    return interval(*spread(values), values.size)


def _share(gains: Array, margin: float) -> str:
    """In how many worlds there is a gain, or whether in the only one."""
    share = share_positive(gains, margin)
    if gains.size == 1:
        return "the only one" if share else "none"
    return percent(share)


def _past(year: int) -> Iterator[str]:
    """That a year lies past the data, if it does."""
    if said := year_words(year):
        yield said


def _legend(margin: float, n: int, year: int) -> Iterator[str]:
    beyond = f"Better off: by more than {margin:g} SD." if margin else ""
    yield ONE_WORLD if n == 1 else f"Middle world, and {BRACKETS}."
    yield "Migrants: points of well-being out of 100, per migrant of 2005. Countries: percent of income."
    yield f"SD: standard deviations of 2005, among migrants or among states. {beyond}".rstrip()
    yield from _past(year)
    yield CONDITION


def _years(run: Run) -> tuple[int, ...]:
    years = run.scenario.spec.years
    return tuple(dict.fromkeys(((years.first + years.last) // 2, years.last)))


def interval(middle: float, low: float, high: float, n: int, most: int = 4) -> str:
    """A median and, of several worlds, the range around it, to the figures of the largest or ``most`` places.

    An end that is not zero is never shown as zero: it gets as many decimals as it needs.
    """
    digits = min(_decimals(max(abs(middle), abs(low), abs(high))), most)
    if n == 1:
        return _signed(middle, digits)
    return f"{_signed(middle, digits)} ({_signed(low, digits)} to {_signed(high, digits)})"


def difference_interval(row: Mapping[Any, Any], most: int = 4) -> str:
    """`interval` of a row of the triple win or of the differences."""
    middle, low, high = (row[f"difference_{end}"] for end in ("median", "p05", "p95"))
    return interval(middle, low, high, row["n"], most)


def _signed(number: float, digits: int) -> str:
    """A number with its sign, which is never lost in rounding."""
    if abs(number) <= NOTHING:
        return "0"
    return f"{number:+.{places_shown(number, digits)}f}"


def _decimals(number: float) -> int:
    """Decimals that show two figures of a number below one, and three of a larger one."""
    if not number or not math.isfinite(number):
        return 2
    size = math.floor(math.log10(abs(number)))
    return max(2 - size, 0) if size >= 0 else 1 - size
