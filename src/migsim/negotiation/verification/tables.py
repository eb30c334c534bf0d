"""Tables from the literature, and functions of simple numbers, held against the protocols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from migsim.negotiation.alone import settlement
from migsim.negotiation.chance import Chance
from migsim.negotiation.interdependent_contract import mediate_contract
from migsim.negotiation.persuasion import deffuant, hegselmann_krause
from migsim.negotiation.spatial_bargain import meet
from migsim.negotiation.spatial_contest import utility
from migsim.negotiation.table import Array
from migsim.negotiation.verification.equal_members import largest_modest_pledge, payoffs
from migsim.negotiation.verification.verdicts import EXACT, Check, agree, largest, rows_of
from migsim.negotiation.voting import Election, victory_probability, vote

__all__ = [
    "clubs",
    "clusters",
    "contracts",
    "elections",
    "emission_rounds",
    "emission_texts",
    "emissions",
]

LEAST_YEARS, YEARS = 4.0, 6.0
"""The emission standards: from 4 years of delay, over 6."""
CLOSED_FORM: Final = 1e-9
UNIT: Final = 1e-6
PRINTED: Final = 0.08
"""What rounds of the challenge model may differ from the printed table, which has one decimal."""
KNOWN_TO_DIFFER: Final = ("weighted_median", 2)
ISSUES, STEPS, TEMPERATURE, SEEDS = 100, 20_000, 3.0, 50
"""The contract of the mediated single text as published, over this many seeds."""
BAND: Final = 0.5
"""Clusters by which means of ten draws may differ."""
DRAWS, LEAST_TURNS, TURNS_BY_REACH = 10, 40, 6.0
"""Draws; turns, more of them the shorter the reach, by which clusters are settled."""
MAJOR: Final = 0.02
"""Share of the actors that makes a cluster a major one; also the gap that parts clusters after meetings."""
GAP_OF_ROUNDS: Final = 1e-3


def emissions() -> dict[str, list[Any]]:
    """The emission-standards case as an input; years of delay from 0 to 100."""
    rows = rows_of("published", "emission_standards_input.csv")
    position = [(float(row["position_years"]) - LEAST_YEARS) / YEARS * 100.0 for row in rows]
    kept = {name: [row[name] for row in rows] for name in ("actor", "capability", "salience_pct")}
    return {**kept, "position": position}


def _years(position: float) -> float:
    return LEAST_YEARS + YEARS * position / 100.0


def emission_texts() -> Iterator[Check]:
    """What each closed form makes of the emission standards."""
    case = emissions()
    alike = {**case, "capability": [1.0] * 10, "salience_pct": [100.0] * 10}
    plain: dict[str, tuple[dict[str, list[Any]], str, dict[str, object]]] = {
        "compromise_mean": (case, "compromise", {}),
        "weighted_median": (case, "majority", {}),
        "unweighted_mean": (alike, "compromise", {}),
        "unweighted_median": (alike, "majority", {}),
        "midrange": (alike, "no_objection", {"tolerance": 0.0, "max_ambiguity": 1.0}),
    }
    for row in rows_of("published", "protocols_emissions_reference.csv"):
        named, said = row["protocol"], row["parameter"]
        options: dict[str, object]
        if named == "nash_quadratic":
            given, protocol, options = case, "nash", {"disagreement": float(said.removeprefix("D="))}
        elif named == "no_objection_min_ambiguity":
            tau, largest_blur = (float(part.partition("=")[2]) for part in said.split(";"))
            given, protocol = case, "no_objection"
            options = {"tolerance": tau, "max_ambiguity": largest_blur, "observer_weight": 0.0}
        else:
            given, protocol, options = plain[named]
        text = settlement(given, protocol, options, "case").text.iloc[0]
        ours, theirs = [_years(text["position"])], [float(row["outcome_years"])]
        if row["ambiguity"]:
            ours += [text["ambiguity"] / 100.0, float(text["adopted"])]
            theirs += [float(row["ambiguity"]), float(row["adopted"] == "True")]
        what = f"{named} {said}".strip() if protocol in ("nash", "no_objection") else named
        yield Check(protocol, "emission standards", what, *largest(ours, theirs), CLOSED_FORM)


def emission_rounds() -> Iterator[Check]:
    """The challenge model on the emission standards, in full digits and as printed."""
    rows = rows_of("published", "emission_bdm_scholz_code_faithful_rounds.csv")
    done = settlement(emissions(), "challenge", {"rounds": len(rows) - 1}, "case")
    actors = list(done.roles)
    stands = [_years(value) for value in done.positions["position"]]
    theirs = [float(row[actor]) for row in rows for actor in actors]
    name = "emission standards"
    yield Check("challenge", name, "positions by round", *largest(stands, theirs), CLOSED_FORM)
    printed = rows_of("published", "emission_standards_published.csv")
    for quantity in ("weighted_median", "weighted_mean"):
        values = done.outcome[done.outcome["quantity"] == quantity]["value"]
        ours = [_years(value) for value in values]
        words = quantity.replace("_", " ")
        theirs = [float(row[quantity]) for row in rows]
        yield Check("challenge", name, f"{words} by round", *largest(ours, theirs), CLOSED_FORM)
        of_rounds = {int(row["round"]): float(row["value"]) for row in printed if row["quantity"] == quantity}
        known = {turn: value for turn, value in of_rounds.items() if (quantity, turn) == KNOWN_TO_DIFFER}
        judged = {turn: value for turn, value in of_rounds.items() if turn not in known}
        gap = largest((ours[turn] for turn in judged), judged.values())
        yield Check("challenge", f"{name}, printed", f"{words} by round", *gap, PRINTED)
        for turn, value in known.items():
            gap = largest([ours[turn]], [value])
            yield Check("challenge", f"{name}, printed", f"{words} of round {turn}", *gap, PRINTED, True)


def elections() -> Iterator[Check]:
    """Votes, victory probabilities, utilities and bargains on simple numbers, and elections of a standard."""
    rows = rows_of("published", "ktab_unit_vote.csv")
    ours = [
        float(vote(r["voting_rule"], float(r["weight"]), float(r["u_i"]) - float(r["u_j"]))) for r in rows
    ]
    yield _unit("smp", "unit tables", "votes", ours, rows, "vote")
    rows = rows_of("published", "ktab_unit_vprob.csv")
    ours = [float(victory_probability(r["vp_model"], float(r["s1"]), float(r["s2"]))) for r in rows]
    yield _unit("smp", "unit tables", "victory probabilities", ours, rows, "p1")
    rows = rows_of("published", "ktab_unit_bsutil.csv")
    ours = [float(utility(np.array(float(r["d"])), float(r["R"]))) for r in rows]
    yield _unit("smp", "unit tables", "utilities", ours, rows, "util")
    bargains = [_bargain({name: float(value) for name, value in r.items()}) for r in rows_of(*BARGAINS)]
    theirs = [float(r[name]) for r in rows_of(*BARGAINS) for name in ("b_i", "b_j")]
    yield Check(
        "smp", "unit tables", "bargains", *largest([x for pair in bargains for x in pair], theirs), UNIT
    )
    yield from _elected()


BARGAINS: Final = ("published", "ktab_unit_bargain.csv")


def _bargain(row: dict[str, float]) -> tuple[float, float]:
    x, s = ((np.array([row[f"{letter}_i"]]), np.array([row[f"{letter}_j"]])) for letter in "ts")
    kind = "S1P1" if row["n"] == 1 else "S2P2"
    b_i, b_j = meet(kind, x, s, np.array([row["p_i"]]))
    return float(b_i[0]), float(b_j[0])


def _unit(
    protocol: str,
    name: str,
    quantity: str,
    ours: Sequence[float],
    rows: Sequence[dict[str, str]],
    column: str,
) -> Check:
    return Check(protocol, name, quantity, *largest(ours, [float(row[column]) for row in rows]), UNIT)


def _elected() -> Iterator[Check]:
    """Elections among 4, 7 and 10 years, under every rule."""
    case, rows = emissions(), rows_of("published", "ktab_unit_pce_emissions.csv")
    stands = np.array([0.0, 0.5, 1.0])
    position = np.array(case["position"]) / 100.0
    weight = np.array(
        [float(c) * float(s) for c, s in zip(case["capability"], case["salience_pct"], strict=True)]
    )
    worth = 1.0 - np.abs(position[:, None] - stands)
    found = [
        Election(r["voting_rule"], r["vp_model"], r["pce_model"]).probabilities(weight / 100.0, worth)
        for r in rows
    ]
    theirs = [float(r[column]) for r in rows for column in ("p_4yr", "p_7yr", "p_10yr")]
    ours = np.array(found).ravel().tolist()
    yield Check("majority", "Condorcet elections", "probabilities", *largest(ours, theirs), UNIT)
    expected = []
    for r in rows:
        options = {"rule": "condorcet", "victory_prob_model": r["vp_model"]} | {
            name: r[name] for name in ("voting_rule", "pce_model")
        }
        outcome = settlement(case, "majority", options, "case").outcome
        expected.append(_years(float(outcome[outcome["quantity"] == "expected"]["value"].iloc[0])))
    yield _unit("majority", "Condorcet elections", "expected years", expected, rows, "expected_years")


def clubs() -> Iterator[Check]:
    """Size, depth and payoffs of a self-enforcing agreement with linear benefit and quadratic cost."""
    rows, name = rows_of("published", "iea_linear_quadratic_analytic.csv"), "linear benefit, quadratic cost"
    sizes = [int(row["N"]) for row in rows]
    stable = [int(row["stable_coalition_kstar"]) for row in rows]
    full, modest = ([_founded(n, pledge) for n, pledge in zip(sizes, each, strict=True)] for each in (
        [1.0] * len(sizes), [largest_modest_pledge(n) * (1.0 - UNIT) for n in sizes],
    ))  # fmt: skip
    yield Check("club", name, "members at the full pledge", *agree([club[0] for club in full], stable), EXACT)
    yield Check(
        "club", name, "members at the largest modest pledge", *agree([c[0] for c in modest], sizes), EXACT
    )
    depth = largest([club[1] for club in full], [float(k) for k in stable])
    yield Check("club", name, "depth at the full pledge", *depth, UNIT)
    pledges = [largest_modest_pledge(n) for n in sizes]
    theirs = [float(row["alpha_max_full_participation"]) for row in rows]
    yield Check("club", name, "largest modest pledge", *largest(pledges, theirs), UNIT)
    three = {
        "payoff_noncoop_bb_over_c": [payoffs(n, 0)[1] for n in sizes],
        "payoff_consensus_at_alpha_max": [payoffs(n, n, largest_modest_pledge(n))[0] for n in sizes],
        "payoff_first_best": [payoffs(n, n)[0] for n in sizes],
    }
    for column, ours in three.items():
        gap = largest(ours, [float(row[column]) for row in rows])
        yield Check("club", name, column.replace("_", " ").removesuffix(" bb over c"), *gap, 5.1e-5)


def _founded(n: int, pledge: float) -> tuple[int, float]:
    """Members of the club that ``n`` equal actors found, and its depth in units of what one does alone."""
    alone = 20.0
    rows = {"actor": [f"actor {number}" for number in range(n)], "position": [alone] * n}
    outcome = settlement(rows, "club", {"pledge": pledge}, "case").outcome.set_index("quantity")["value"]
    return int(outcome["members"]), float(outcome["text_position"]) / alone


def contracts() -> Iterator[Check]:
    """Who annealing helps: two hill-climbers find the worst contract, two annealers the best."""
    climbs, anneals = "hill_climber", "annealer"
    wishes = 2.0 * _chance(SEEDS, 2).uniform(2, ISSUES, ISSUES) - 1.0
    wishes = 0.5 * (wishes + np.swapaxes(wishes, -1, -2))
    welfare = [
        mediate_contract(wishes, kinds, STEPS, TEMPERATURE, _chance(SEEDS, 2, first=SEEDS))[1]
        for kinds in ((climbs, climbs), (climbs, anneals), (anneals, anneals))
    ]
    case = f"{ISSUES} issues, {SEEDS} seeds"
    order = [float(each.mean()) for each in welfare]
    out_of_order = float(sum(one >= other for one, other in pairwise(order)))
    told = " < ".join(f"{each:.2f}" for each in order)
    yield Check("single_text", case, f"binary contract: mean welfare {told}", len(order), out_of_order, EXACT)
    lost = float((welfare[0] >= welfare[2]).sum())
    yield Check("single_text", case, "binary contract: seeds with annealers no better", SEEDS, lost, EXACT)


def clusters() -> Iterator[Check]:
    """How many major clusters bounded confidence leaves, against means of ten draws."""
    for row in rows_of("published", "bounded_confidence_measured.csv"):
        n, reach = int(row["N"]), float(row["epsilon"])
        chance = _chance(DRAWS, n)
        start = chance.uniform(n, 1)
        turns = max(LEAST_TURNS, round(TURNS_BY_REACH / reach))
        if row["model"] == "deffuant":
            end, gap = deffuant(start, reach, float(row["mu"]), turns, chance)[-1], MAJOR
        else:
            end, gap = hegselmann_krause(start, reach, turns)[-1], GAP_OF_ROUNDS
        ours = float(np.mean([_n_major(each[:, 0], gap) for each in end]))
        found = abs(ours - float(row["mean_major_clusters"]))
        what = f"{row['model']}, N = {n}, epsilon = {row['epsilon']}"
        yield Check("persuasion", "bounded confidence", f"major clusters, {what}", DRAWS, found, BAND)


def _n_major(position: Array, gap: float) -> int:
    """Clusters parted by more than a gap, of at least `MAJOR` of the actors."""
    ordered = np.sort(position)
    sizes = np.diff(np.flatnonzero(np.concatenate(([True], np.diff(ordered) > gap, [True]))))
    return int((sizes >= MAJOR * len(ordered)).sum())


def _chance(places: int, n: int, first: int = 0) -> Chance:
    """Chance for several places, each with a seed of its own."""
    seeds = (np.random.SeedSequence(first + place) for place in range(places))
    streams = tuple(np.random.Generator(np.random.PCG64(seed)) for seed in seeds)
    return Chance(streams, np.arange(n), n, is_single=False)
