"""Give and take: two sides trade themes before the plenary, and a market pairs demands with offers."""

from __future__ import annotations

from itertools import permutations
from math import floor, inf
from typing import Any, Final

from benchmarks.per_agent.delegation import Delegation, between

__all__ = ["assign", "hold_market", "trade_themes"]

MOST_PROJECTS: Final = 40


def trade_themes(session: Any) -> None:
    """On one theme hosts move toward departure countries, on another these toward hosts, for equal gain."""
    here = [state for state in session.states if state.is_here]
    cares: dict[str, tuple[float, float]] = {}
    wants: dict[str, tuple[float, float]] = {}
    for theme in session.agenda:
        cares[theme] = of_sides(here, {state: state.minds(theme) for state in here})
        wants[theme] = of_sides(here, {state: state.of_theme(state.proposal, theme) for state in here})
    possible = [(*trade(first, second, cares, wants), first, second) for first, second in pairs(session)]
    moves_of_hosts: dict[str, float] = {}
    moves_of_departures: dict[str, float] = {}
    traded: set[str] = set()
    for gain, by_hosts, by_departures, first, second in sorted(possible, key=lambda each: -each[0]):
        if gain > 0.0 and not traded & {first, second}:
            moves_of_hosts[first], moves_of_departures[second] = by_hosts, by_departures
            traded |= {first, second}
    strength = session.here.linkage.strength * session.links
    for state in here:
        for a, lever in enumerate(session.levers):
            hosts_want, departures_want = wants.get(lever.theme, (0.0, 0.0))
            toward = departures_want - hosts_want
            step = state.host * moves_of_hosts.get(lever.theme, 0.0) * toward
            step -= state.departure * moves_of_departures.get(lever.theme, 0.0) * toward
            state.proposal[a] = between(state.proposal[a] + strength * step, 0.0, 1.0)


def pairs(session: Any) -> list[tuple[str, str]]:
    """Themes of the agenda two at a time: that on which hosts move, and that on which they are met."""
    return list(permutations(session.agenda, 2))


def of_sides(here: list[Delegation], values: dict[Delegation, float]) -> tuple[float, float]:
    """Means of hosts and of departure countries, each delegation by its share of the role."""
    by_hosts = sum(state.host * values[state] for state in here) / sum(state.host for state in here)
    departures = sum(state.departure for state in here)
    return by_hosts, sum(state.departure * values[state] for state in here) / departures


def trade(
    first: str, second: str, cares: dict[str, tuple[float, float]], wants: dict[str, tuple[float, float]]
) -> tuple[float, float, float]:
    """What each side gains, and the part of the gap that hosts cross on the first, others on the second."""
    (hosts_p, departures_p), (hosts_q, departures_q) = cares[first], cares[second]
    gap_p, gap_q = (abs(wants[theme][1] - wants[theme][0]) for theme in (first, second))
    both_p, both_q = hosts_p + departures_p, hosts_q + departures_q
    reach_p, reach_q = gap_p * hosts_p / both_p, gap_q * departures_q / both_q
    shift_p = min(reach_p, reach_q * both_q / both_p)
    shift_q = shift_p * both_p / both_q
    gain = shift_q * hosts_q - shift_p * hosts_p
    if reach_p <= 0.0 or reach_q <= 0.0:
        return 0.0, 0.0, 0.0
    return gain, shift_p / reach_p, shift_q / reach_q


def hold_market(session: Any) -> None:
    """Departure countries that lack practice ask, developed states offer, a task force pairs them."""
    rule, here = session.here.marketplace, [state for state in session.states if state.is_here]
    needs, offers = {}, {}
    for state in here:
        lacks = sum(1.0 - state.practice[theme] for theme in session.agenda)
        needs[state] = lacks * state.departure * (1.0 - state.is_developed)
        offers[state] = rule.budget * state.product * state.trust * state.is_developed
    asking = [state for state in here if needs[state] > 0.0]
    possible = [state for state in here if state.is_developed]
    ready = [state for state in possible if offers[state] >= rule.project]
    interest, support = len(asking) / max(len(here), 1), len(ready) / max(len(possible), 1)
    if not session.trades or interest < rule.least_interest or support < rule.least_support:
        return
    funds = {state: int(min(floor(offers[state] / rule.project), rule.projects_per_donor)) for state in here}
    donors = [state for state in sorted(here, key=lambda each: -funds[each]) for _ in range(funds[state])]
    donors = donors[:MOST_PROJECTS]
    asking = sorted(asking, key=lambda each: -needs[each])[:MOST_PROJECTS]
    worth = [[needs[b] - rule.ties * session.between_km(a, b) / 10_000.0 for b in asking] for a in donors]
    for row, column in assign(worth):
        donor, asker = donors[row], asking[column]
        size = min(rule.project, rule.largest_share * asker.product)
        donor.grants_given += size
        asker.grants_received += size
        session.matches += 1
        session.grants += size
        for theme in session.agenda:
            asker.practice[theme] += rule.practice * (1.0 - asker.practice[theme])


def assign(worth: list[list[float]]) -> list[tuple[int, int]]:
    """Pairs of a row and a column that are worth most together, as many as there can be.

    The Hungarian method, row by row: each new row takes its cheapest way through those placed before it.
    """
    if not worth or not worth[0]:
        return []
    if len(worth) > len(worth[0]):
        turned = assign([list(column) for column in zip(*worth, strict=True)])
        return [(row, column) for column, row in turned]
    n_rows, n_columns = len(worth), len(worth[0])
    of_row, of_column = [0.0] * (n_rows + 1), [0.0] * (n_columns + 1)
    placed, came_from = [0] * (n_columns + 1), [0] * (n_columns + 1)
    for row in range(1, n_rows + 1):
        placed[0], at = row, 0
        cheapest, is_done = [inf] * (n_columns + 1), [False] * (n_columns + 1)
        while placed[at]:
            is_done[at] = True
            least, following = inf, 0
            for column in range(1, n_columns + 1):
                if is_done[column]:
                    continue
                cost = -worth[placed[at] - 1][column - 1] - of_row[placed[at]] - of_column[column]
                if cost < cheapest[column]:
                    cheapest[column], came_from[column] = cost, at
                if cheapest[column] < least:
                    least, following = cheapest[column], column
            for column in range(n_columns + 1):
                if is_done[column]:
                    of_row[placed[column]] += least
                    of_column[column] -= least
                else:
                    cheapest[column] -= least
            at = following
        while at:
            placed[at] = placed[came_from[at]]
            at = came_from[at]
    return [(placed[column] - 1, column - 1) for column in range(1, n_columns + 1) if placed[column]]
