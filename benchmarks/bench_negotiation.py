"""How long a negotiation takes: the default protocol on many worlds, the costly ones on a full room.

Run with ``make bench``; figures of speed are never tests. Each figure is the median of several runs. The
inputs are drawn here; the aims are those of the protocols' first specification.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_world import median_seconds
from migsim.negotiation import Chance, Table, protocol
from migsim.negotiation.members import sharing
from migsim.negotiation.no_objection import Options as NoObjection
from migsim.negotiation.smp import Options as Spatial

N_STATES, N_PARAGRAPHS, N_WORLDS = 193, 20, 1000
SPATIAL_TURNS = 25


def room(n_actors: int, n_paragraphs: int, *worlds: int, least_salience: float = 0.0) -> Table:
    """Actors at random, for each world its own."""
    luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence(2026)))
    shape = (*worlds, n_actors, n_paragraphs)
    return Table(
        position=luck.random(shape),
        salience=least_salience + (1.0 - least_salience) * luck.random(shape),
        tolerance=np.full(shape, 0.15),
        weight=0.1 + luck.random(shape[:-1]),
        seated=np.ones(shape[:-1]),
        may_block=np.ones(shape[:-1]),
        objects=np.zeros(shape),
        draft=luck.random((*worlds, n_paragraphs)),
        group=np.arange(n_actors) % 5,
        max_ambiguity=0.3,
    )


def main() -> None:
    """Print one line a figure."""
    nobody = Chance.alone(0, [])
    plenary = room(N_STATES, N_PARAGRAPHS, N_WORLDS)
    size = f"{N_STATES} states x {N_PARAGRAPHS} paragraphs x {N_WORLDS} worlds"
    for who in ("each_delegation", "share", "regional_groups"):
        options = NoObjection(who_can_block=who, blocking_share=0.025, drafter_pull=20.0)
        seconds = median_seconds(partial(protocol("no_objection").negotiate, plenary, options, nobody))
        print(f"no_objection, {who}, {size}: {seconds:.2f} s (aim 0.5)")
    spatial = sharing(room(40, 3, least_salience=0.1))
    turns = Spatial(min_turns=SPATIAL_TURNS, max_turns=SPATIAL_TURNS)
    seconds = median_seconds(partial(protocol("smp").negotiate, spatial, turns, nobody))
    print(
        f"smp, 40 actors x 3 themes x {SPATIAL_TURNS} turns: {seconds:.2f} s (aim 0.5; the C++ program 7.2)"
    )
    dealers = room(15, 8, least_salience=0.1)
    exchange = protocol("exchange")
    seconds = median_seconds(partial(exchange.negotiate, dealers, exchange.options(), nobody))
    print(f"exchange, 15 actors x 8 themes x 5 rounds: {seconds:.2f} s (aim 0.3; the Python program 2.5)")
    for name, n_actors in (
        ("challenge", 40),
        ("single_text", N_STATES),
        ("nash", N_STATES),
        ("club", N_STATES),
    ):
        way, table = protocol(name), room(n_actors, 8, least_salience=0.1)
        chance = Chance.alone(0, [str(n) for n in range(n_actors)])
        seconds = median_seconds(partial(way.negotiate, table, way.options(), chance))
        print(f"{name}, {n_actors} actors x 8 themes: {seconds:.3f} s")


if __name__ == "__main__":
    main()
