"""Rooms of delegations for the tests of protocols."""

from dataclasses import replace

import numpy as np

from migsim.negotiation import Chance, Table, protocol
from migsim.negotiation.no_objection import Options

ROOM = [
    ("NLD", 0.08, 4, 80),
    ("BEL", 0.08, 7, 40),
    ("LUX", 0.03, 4, 20),
    ("DEU", 0.16, 4, 80),
    ("FRA", 0.16, 10, 60),
    ("ITA", 0.16, 10, 60),
    ("GBR", 0.16, 10, 90),
    ("IRL", 0.05, 7, 10),
    ("DNK", 0.05, 4, 100),
    ("GRC", 0.08, 7, 70),
]
"""Emission standards in the European Community: capability, position in years, salience in percent."""


def seat(rows, draft, seated=None, objects=None, group=None, weight=None, may_block=None):
    """A table of one paragraph: rows of position, salience, tolerance."""
    position, salience, tolerance = (
        np.array(column, dtype=float)[None, :, None] for column in zip(*rows, strict=True)
    )
    n = len(rows)
    return Table(
        position=position,
        salience=salience,
        tolerance=tolerance,
        weight=np.array(weight or [1.0] * n)[None, :],
        seated=np.array(seated or [1.0] * n)[None, :],
        may_block=np.array(may_block or [1.0] * n)[None, :],
        objects=np.array(objects or [0.0] * n)[None, :, None],
        draft=np.array([[draft]]),
        group=np.array(group or range(n), dtype=np.intp),
        max_ambiguity=0.3,
    )


def sit(position, salience=None, weight=None, seated=None, draft=0.5):
    """A table of any shape: position and salience ``(..., actor, paragraph)``, the rest ``(..., actor)``."""
    x = np.asarray(position, dtype=float)
    of_actors = np.ones(x.shape[:-1])
    return Table(
        position=x,
        salience=np.ones(x.shape) if salience is None else np.asarray(salience, dtype=float),
        tolerance=np.full(x.shape, 0.15),
        weight=of_actors if weight is None else np.asarray(weight, dtype=float),
        seated=of_actors if seated is None else np.asarray(seated, dtype=float),
        may_block=of_actors,
        objects=np.zeros(x.shape),
        draft=np.broadcast_to(np.asarray(draft, dtype=float), (*x.shape[:-2], x.shape[-1])),
        group=np.arange(x.shape[-2]),
        max_ambiguity=0.3,
    )


def rules(max_ambiguity=0.3, drafter_pull=0.0, blocking_share=0.0, who="each_delegation", **more):
    """The largest ambiguity, and the options of the default protocol."""
    return max_ambiguity, Options(who, blocking_share, drafter_pull, **more)


def chance(n_actors, n_rows=1, seed=5):
    """Chance for each row, the same whatever the number of rows."""
    keys = [np.random.SeedSequence(seed, spawn_key=(row,)) for row in range(n_rows)]
    streams = [np.random.Generator(np.random.PCG64(key)) for key in keys]
    return Chance(streams, np.arange(n_actors), n_actors, is_single=False)


def settled(table, rules, seed=5):
    """The text under the default protocol."""
    largest, options = rules
    luck = chance(table.position.shape[-2], table.position.shape[0], seed)
    return protocol("no_objection").negotiate(replace(table, max_ambiguity=largest), options, luck).text
