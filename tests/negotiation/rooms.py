"""Rooms of delegations for the tests of protocols."""

import numpy as np

from migsim.negotiation import Rules, Table
from migsim.negotiation.text import BLOCKING

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


def seat(rows, draft, seated=None, objects=None, group=None, weight=None):
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
        objects=np.array(objects or [0.0] * n)[None, :, None],
        draft=np.array([[draft]]),
        group=np.array(group or range(n), dtype=np.intp),
    )


def rules(max_ambiguity=0.3, drafter_pull=0.0, blocking_share=0.0, who="each_delegation"):
    one = [np.array([[float(number)]]) for number in (max_ambiguity, drafter_pull, blocking_share)]
    return Rules(*one, who_can_block=np.array([[float(BLOCKING.index(who))]]))
