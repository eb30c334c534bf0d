"""Runs of other programs on our inputs, held against ours: spatial model, exchange, challenge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from migsim.negotiation.alone import settlement
from migsim.negotiation.alone.outcome import Settlement
from migsim.negotiation.verification.verdicts import EXACT, Check, agree, largest, options_of_case, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["challenge_runs", "exchange_runs", "run_of_case", "spatial_runs"]

SPATIAL: Final = ("smp_a_6x1", "smp_b_10x1", "smp_d_16x3", "smp_f_24x1", "smp_h_8x3")
EXCHANGE: Final = ("exch_i_8x4", "exch_k_15x8")
CHALLENGE: Final = ("bdm_l_8",)
POINTS, PROBABILITY, CLOSE = 1e-6, 1e-9, 1e-9
"""Precisions: positions of the spatial model and the exchange, probabilities, and the challenge model."""

type Numbers = dict[tuple[object, ...], float]


def run_of_case(name: str, protocol: str, options: Mapping[str, object]) -> Settlement:
    """One of the reference inputs, negotiated."""
    return settlement(rows_by_column(rows_of("reference", name, "input.csv")), protocol, options, "case")


def rows_by_column(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Any]]:
    """Rows as columns; cells stay text."""
    kept = list(rows)
    return {name: [row[name] for row in kept] for name in kept[0]}


def spatial_runs() -> Iterator[Check]:
    """Positions of every turn, win probabilities and the number of turns, under every recorded option set."""
    for name in SPATIAL:
        sets = {
            label: each
            for label, each in options_of_case(name)["option_sets"].items()
            if "excluded" not in each and not each["failed"]
        }
        turns = {}
        for label, each in sets.items():
            done = run_of_case(name, "smp", each["options"])
            turns[label] = done.n_turns
            rows = [row for row in rows_of("reference", name, "output.csv") if row["option_set"] == label]
            what = f"{name} {label}"
            yield _compared(
                "smp", what, "positions", _frame(done.positions), _theirs(rows, "position_0_100"), POINTS
            )
            wins = done.win_probabilities
            ours = _numbers(zip(wins["turn"], wins["actor"], wins["win_probability"], strict=True))
            found: Numbers = {
                (int(row["turn"]), row["actor"]): float(row["value"])
                for row in rows
                if row["quantity"] == "win_probability"
            }
            yield _compared("smp", what, "win probabilities", ours, found, PROBABILITY)
        expected = {label: each["turns"] for label, each in sets.items()}
        yield Check(
            "smp", name, "number of turns", *agree(list(turns.items()), list(expected.items())), EXACT
        )


def exchange_runs() -> Iterator[Check]:
    """Realised exchanges in order, votes, outcomes, and where the next round starts."""
    for name in EXCHANGE:
        options = options_of_case(name)
        known = ("SALIENCE_WEIGHT", "FIXED_WEIGHT", "ALLOW_RANDOM", "rounds")
        done = run_of_case(name, "exchange", {option.lower(): options[option] for option in known})
        rows = rows_of("reference", name, "output.csv")
        yield from _realised(name, done.events["exchanges"])
        realised = done.events["exchanges"].groupby("round").size().tolist()
        yield Check(
            "exchange", name, "exchanges a round", *agree(realised, options["realised_per_round"]), EXACT
        )
        ours = {key: value for key, value in _frame(done.positions).items() if key[0] != 0}
        yield _compared("exchange", name, "votes", ours, _theirs(rows, "voting_position"), POINTS)
        outcome = done.outcome[done.outcome["quantity"] == "outcome"]
        ours = _numbers(
            zip(outcome["turn"], [""] * len(outcome), outcome["theme"], outcome["value"], strict=True)
        )
        expected = _theirs(rows, "outcome_initial") | _theirs(rows, "outcome_voting")
        yield _compared("exchange", name, "outcomes", ours, expected, POINTS)
        after = done.events["next_round"]
        ours = _numbers(zip(after["round"], after["actor"], after["issue"], after["position"], strict=True))
        yield _compared("exchange", name, "next round", ours, _theirs(rows, "start_position_next"), POINTS)


def _realised(name: str, ours: pd.DataFrame) -> Iterator[Check]:
    theirs = rows_of("reference", name, "exchanges.csv")
    words = [column for column in theirs[0] if column.startswith(("actor", "supply_issue"))]
    numbers = [column for column in theirs[0] if column not in (*words, "round", "seq")]
    order = [tuple(row[column] for column in ("round", "seq", *words)) for row in theirs]
    found = list(ours[["round", "seq", *words]].astype(str).itertuples(index=False, name=None))
    yield Check("exchange", name, "order of exchanges", *agree(found, order), EXACT)
    expected = [float(row[column]) for row in theirs for column in numbers]
    gap = largest(ours[numbers].to_numpy(float).ravel().tolist(), expected)
    yield Check("exchange", name, "terms of exchanges", *gap, POINTS)


def challenge_runs() -> Iterator[Check]:
    """Positions, offers, risk exponents, medians and means by round."""
    for name in CHALLENGE:
        options = options_of_case(name)
        done = run_of_case(name, "challenge", {"q": options["q"], "rounds": options["rounds"]})
        rows = rows_of("reference", name, "output.csv")
        issue = str(done.text["theme"][0])
        stands = done.positions
        positions = _numbers(zip(stands["turn"], stands["actor"], stands["position"], strict=True))
        yield _compared("challenge", name, "positions", positions, _of_actors(rows, "position"), CLOSE)
        risks = done.events["risk_exponents"]
        ours = _numbers(zip(risks["round"], risks["actor"], risks["value"], strict=True))
        yield _compared("challenge", name, "risk exponents", ours, _of_actors(rows, "risk_exponent"), CLOSE)
        for quantity, theirs in (
            ("weighted_mean", "weighted_mean"),
            ("weighted_median", "median_pairwise_vote"),
        ):
            ours = _by_turn(done, quantity, issue)
            expected: Numbers = {key[:1]: value for key, value in _of_actors(rows, theirs).items()}
            yield _compared("challenge", name, quantity.replace("_", " "), ours, expected, CLOSE)
        yield from _offers(name, done.events["offers"])


def _offers(name: str, ours: pd.DataFrame) -> Iterator[Check]:
    theirs = rows_of("reference", name, "offers.csv")
    words = ["round", "actor", "offer_type", "from_actor"]
    numbers = [column for column in theirs[0] if column not in words]
    order = [tuple(row[column] for column in words) for row in theirs]
    found = list(ours[words].astype(str).itertuples(index=False, name=None))
    yield Check("challenge", name, "offers taken", *agree(found, order), EXACT)
    expected = [float(row[column]) for row in theirs for column in numbers]
    gap = largest(ours[numbers].to_numpy(float).ravel().tolist(), expected)
    yield Check("challenge", name, "terms of offers", *gap, CLOSE)


def _compared(
    protocol: str, name: str, quantity: str, ours: Numbers, theirs: Numbers, precision: float
) -> Check:
    """Numbers under the same keys; a key that only one of them has is an infinite difference."""
    if ours.keys() != theirs.keys():
        return Check(protocol, name, quantity, len(theirs), float("inf"), precision)
    gap = largest((ours[key] for key in theirs), theirs.values())
    return Check(protocol, name, quantity, *gap, precision)


def _numbers(rows: Iterable[tuple[Any, ...]]) -> Numbers:
    return {(int(turn), *key): float(value) for turn, *key, value in rows}


def _frame(positions: pd.DataFrame) -> Numbers:
    columns = (positions[name] for name in ("turn", "actor", "theme", "position"))
    return _numbers(zip(*columns, strict=True))


def _by_turn(done: Settlement, quantity: str, theme: str) -> Numbers:
    rows = done.outcome[(done.outcome["quantity"] == quantity) & (done.outcome["theme"] == theme)]
    return _numbers(zip(rows["turn"], rows["value"], strict=True))


def _theirs(rows: Iterable[Mapping[str, str]], quantity: str) -> Numbers:
    """Numbers of a reference by turn, actor and issue."""
    return {
        (int(row.get("turn") or row["round"]), row["actor"], row["issue"]): float(row["value"])
        for row in rows
        if row["quantity"] == quantity
    }


def _of_actors(rows: Iterable[Mapping[str, str]], quantity: str) -> Numbers:
    """Numbers of a reference on one issue, by round and actor."""
    return {
        (int(row["round"]), row["actor"]): float(row["value"]) for row in rows if row["quantity"] == quantity
    }
