"""How long a negotiation takes: the default protocol on many worlds, the costly ones on a full room.

The inputs are drawn here; the aims are those of the protocols' first specification.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.clock import medians
from benchmarks.figures import Figure
from benchmarks.scene import SEED, Scene
from migsim.negotiation import Chance, Table, protocol
from migsim.negotiation.members import sharing
from migsim.negotiation.no_objection import Options as NoObjection
from migsim.negotiation.smp import Options as Spatial

__all__ = ["measure"]

N_STATES, N_PARAGRAPHS = 193, 20
SPATIAL_TURNS = 25


def room(n_actors: int, n_paragraphs: int, *worlds: int, least_salience: float = 0.0) -> Table:
    """Actors at random, for each world its own."""
    luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED)))
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


def measure(scene: Scene) -> list[Figure]:
    """The figures of this part."""
    return [*_default(scene), *_costly(scene), *_full_rooms(scene)]


def _default(scene: Scene) -> list[Figure]:
    n_worlds = scene.size(1000, 10)
    plenary, nobody = room(N_STATES, N_PARAGRAPHS, n_worlds), Chance.alone(0, [])
    size = f"{N_STATES} states, {N_PARAGRAPHS} paragraphs, {n_worlds} worlds"
    works = {
        who: partial(
            protocol("no_objection").negotiate,
            plenary,
            NoObjection(who_can_block=who, blocking_share=0.025, drafter_pull=20.0),
            nobody,
        )
        for who in ("each_delegation", "share", "regional_groups")
    }
    taken = medians(works, scene.size(3, 1))
    return [
        Figure(
            f"no_objection_{who}",
            f"no_objection, {who}: {size}",
            seconds,
            "s",
            "one negotiation of every paragraph in every world",
            at_most=0.5,
        )
        for who, seconds in taken.items()
    ]


def _costly(scene: Scene) -> list[Figure]:
    nobody, smp, exchange = Chance.alone(0, []), protocol("smp"), protocol("exchange")
    turns = Spatial(min_turns=SPATIAL_TURNS, max_turns=SPATIAL_TURNS)
    spatial, dealers = sharing(room(40, 3, least_salience=0.1)), room(15, 8, least_salience=0.1)
    works = {
        "smp": partial(smp.negotiate, spatial, turns, nobody),
        "exchange": partial(exchange.negotiate, dealers, exchange.options(), nobody),
    }
    taken = medians(works, scene.size(5, 1))
    return [
        Figure(
            "smp",
            f"smp: 40 actors, 3 themes, {SPATIAL_TURNS} turns",
            taken["smp"],
            "s",
            "one negotiation; the C++ program took 7.2 s",
            at_most=0.5,
        ),
        Figure(
            "exchange",
            "exchange: 15 actors, 8 themes, 5 rounds",
            taken["exchange"],
            "s",
            "one negotiation; the Python program took 2.5 s",
            at_most=0.3,
        ),
    ]


def _full_rooms(scene: Scene) -> list[Figure]:
    rooms = {"challenge": 40, "single_text": N_STATES, "nash": N_STATES, "club": N_STATES}
    works = {}
    for name, n_actors in rooms.items():
        way, table = protocol(name), room(n_actors, 8, least_salience=0.1)
        chance = Chance.alone(0, [str(n) for n in range(n_actors)])
        works[name] = partial(way.negotiate, table, way.options(), chance)
    return [
        Figure(name, f"{name}: {rooms[name]} actors, 8 themes", seconds, "s", "one negotiation")
        for name, seconds in medians(works, scene.size(5, 1)).items()
    ]
