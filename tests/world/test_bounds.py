"""Numbers stay what they can be: over draws, at the ends of every range, and at the corners of all ranges."""

import re
from collections.abc import Iterator
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migsim.errors import ScenarioError
from migsim.provenance.parameters import registry
from migsim.quantities import UNITS
from migsim.scenario.load import load
from migsim.world.economy import EconomyParameters, migrant_share
from migsim.world.noise import Noise
from tests.lives import Life, arrays, lived, small, varied

SHARES = (
    "economies.unemployment",
    "economies.migrant_unemployment",
    "transfers.cost",
    *(f"opinions.{name}" for name in ("pro", "ambivalent", "anti", "attention", "control")),
    "wellbeing.aspects",
    "policies",
    "commitments.position",
    "commitments.ambiguity",
    "commitments.strength",
    "commitments.pledged",
    "commitments.trust",
    "uptake",
)
NEVER = ("proceedings.discussed", "proceedings.first_met", "proceedings.last_met", "treaties.joined")
"""Years of what may never have happened."""
NOT_NEGATIVE = (
    "people",
    "economies.path",
    "economies.income",
    "transfers",
    "wellbeing.index",
    "commitments.promised",
    "commitments.delivered",
    "ledger.forum_costs",
)
CLOSE = 1e-9


def faults(life: Life) -> Iterator[str]:
    """What is out of bounds in a life, one text a fault."""
    for world in life.worlds:
        for name, values in arrays(world):
            if name in NEVER:
                continue
            if not np.all(np.isfinite(values)):
                yield f"{world.year}: {name} is not finite"
            elif name.startswith(SHARES) and not (values.min() >= -CLOSE and values.max() <= 1.0 + CLOSE):
                yield f"{world.year}: {name} from {values.min()} to {values.max()}"
            elif name.startswith(NOT_NEGATIVE) and values.min() < -CLOSE:
                yield f"{world.year}: {name} down to {values.min()}"
        opinions = world.opinions
        if np.abs(opinions.pro + opinions.ambivalent + opinions.anti - 1.0).max() > 1e-12:
            yield f"{world.year}: opinion shares do not sum to one"
        if world.people.population.min() <= 0.0 or world.economies.income.min() <= 0.0:
            yield f"{world.year}: a state without people or income"
        if np.any(world.commitments.delivered > world.commitments.promised + CLOSE):
            yield f"{world.year}: more delivered than promised"
        if world.wellbeing.index.max() > 100.0 + CLOSE:
            yield f"{world.year}: well-being above 100"
        for session in world.minutes:
            yield from session_faults(session, world.year)
        yield from count_faults(world, life.setting)
    for before, after in life.years:
        if np.any(after.people.returns > before.people.stock * (1.0 + CLOSE) + CLOSE):
            yield f"{after.year}: more people return than there were"


def count_faults(world, setting) -> Iterator[str]:
    """Where the counts of people by corridor, by host and by origin disagree."""
    people, corridors = world.people, setting.corridors
    counts = {
        "everybody": people.stock.sum(axis=-2),
        "hosted": corridors.by_destination(people.stock),
        "immigrants": corridors.by_destination(people.everybody) + setting.base.unattributed,
        "emigrants": corridors.by_origin(people.everybody),
    }
    for name, expected in counts.items():
        if not np.allclose(getattr(people, name), expected, rtol=1e-9, atol=1e-6):
            yield f"{world.year}: {name} is not the sum of its corridors"
    p = setting.parameters.group(EconomyParameters, "world.economy")
    learnt = -0.25 * p.learning * p.harmless_skilled_emigration
    if np.any(world.economies.skill_loss < learnt - CLOSE):
        yield f"{world.year}: skilled departure brings more than learning can"


def session_faults(session, year) -> Iterator[str]:
    for name in ("attended", "on_agenda", "adopted"):
        if not set(np.unique(getattr(session, name))) <= {0.0, 1.0}:
            yield f"{year}: {name} is not 0 or 1"
    for name in ("draft", "position", "ambiguity", "strength", "compromise", "proposals", "civil_report"):
        values = getattr(session, name)
        if not (values.min() >= -CLOSE and values.max() <= 1.0 + CLOSE):
            yield f"{year}: {name} from {values.min()} to {values.max()}"
    if np.any(session.objections > session.attended.sum(axis=-1, keepdims=True)):
        yield f"{year}: more objections than delegations"
    if min(session.matches.min(), session.grants.min(), session.objections.min()) < 0.0:
        yield f"{year}: negative numbers in the minutes"


@pytest.mark.parametrize(
    "changes",
    [
        {"world.opinion.reading": "weak"},
        {"world.opinion.reading": "strong"},
        {"processes.gfmd.agenda": "survey"},
        {"processes.gfmd.reading": "chair_summary"},
    ],
)
def test_random_draws(changes):
    assert not list(faults(lived(varied(changes), tuple(range(24)), "ranged")))


def test_all_states():
    definition = load("gfmd-2007-2015").vary(
        "short",
        {
            "years.last": 2007,
            "processes.gfmd.sessions": [{"year": 2007, "chair": "BEL", "themes": ["remittances"]}],
            "shocks.syria": None,
        },
    )
    life = lived(definition, (0, 1), "ranged")
    assert not list(faults(life))
    for world in life.worlds:
        assert migrant_share(world).max() < 1.0


def at_ends(self, purposes, *, year=0):
    """Each parameter of each replicate at one end of its range; replicates 0 and 1 all low and all high.

    Yearly draws of a replicate (whether there is uptake) are all as low or as high as can be.
    """
    almost_one = 1.0 - 2.0**-53

    def end(replicate, purpose):
        coin = crc32(f"{replicate}|{purpose}".encode()) >> 7 & 1
        return (replicate if replicate < 2 else coin) * almost_one

    return np.array([[end(replicate, purpose) for replicate in self.replicates] for purpose in purposes])


@pytest.mark.parametrize("reading", ["weak", "strong"])
def test_corners_of_all_ranges_together(monkeypatch, reading):
    monkeypatch.setattr(Noise, "units", at_ends)
    definition = small(world__opinion__reading=reading)
    life = lived.__wrapped__(definition, tuple(range(40)), "ranged")
    network = registry()["world.flows.network"]
    assert life.setting.parameters["world.flows.network"][:2, 0] == pytest.approx([network.low, network.high])
    assert not list(faults(life))


ANY_SHARE = (
    "world.base.less_europe",
    "world.base.less_elsewhere",
    "world.base.resolute",
    "world.flows.family_share",
    "world.flows.reentry",
    "world.status.overstay",
    "world.status.regularisation",
    "world.status.settlement_of_displaced",
    "world.opinion.lives_count",
    "world.wellbeing.permit",
    "world.wellbeing.temporary_share",
    "world.wellbeing.contribution_share",
    "world.wellbeing.portability",
    "world.wellbeing.barriers",
    "world.wellbeing.network_support",
)
FARTHER = {
    "world.base.lasting_change": (0.1, 5.0),
    "world.base.exit_typical": (0.05, 0.9),
    "world.base.exit_europe": (0.05, 0.99),
    "world.flows.free_movement": (0.0, 5.0),
    "world.flows.unemployment_origin": (-0.1, 0.1),
    "world.flows.temporary_trend": (-0.2, 0.5),
    "world.status.job_loss": (-0.1, 0.5),
    "world.displacement.border": (-5.0, 5.0),
    "world.displacement.crossing": (-5.0, 5.0),
    "world.economy.ageing": (0.0, 5.0),
    "world.economy.learning": (0.0, 2.0),
    "world.economy.own_growth": (0.0, 3.0),
    "world.opinion.economy_strong": (-1.0, 1.0),
    "world.opinion.visible_improvement": (0.01, 10.0),
    "world.opinion.thermostat": (-1.0, 1.0),
    "world.wellbeing.network_size": (1.0, 1e6),
}
"""Far beyond what is plausible."""


@settings(max_examples=12, deadline=None)
@given(
    shares=st.tuples(*(st.floats(0, 1) for _ in ANY_SHARE)),
    others=st.tuples(*(st.floats(*ends) for ends in FARTHER.values())),
    reading=st.sampled_from(["weak", "strong"]),
    change=st.tuples(st.floats(-90, 900), st.floats(-100, 900)),
)
def test_worlds_far_beyond_the_plausible_are_worlds(shares, others, reading, change):
    classes = ["skilled", "regular", "irregular", "displaced"]
    shocks = {
        "shocks.away": {"kind": "push", "states": ["BGD", "SYR"], "change": {2007: change[0]}},
        "shocks.gate": {"kind": "entry", "states": "all", "classes": classes, "change": {2008: change[1]}},
    }
    values = dict(zip((*ANY_SHARE, *FARTHER), (*shares, *others), strict=True))
    definition = varied({**values, **shocks, "world.opinion.reading": reading})
    assert not list(faults(lived.__wrapped__(definition, (0, 1), "ranged")))


RANGED = [row for row in registry().rows if row.low is not None]
ENDS = [(row.path.replace("*", "gfmd"), end) for row in RANGED for end in (row.low, row.high)]


OPEN = {
    "processes.gfmd.instrument.opened": 2006,
    "processes.gfmd.instrument.paragraphs": ["equal_pay", "transfer_cost"],
}
"""An instrument, without which its parameters say nothing."""


def check_end(path, end):
    row = registry().match(path)
    number = int(end) if row.kind == "integer" else end
    instrument = OPEN if ".instrument." in path else {}
    life = lived.__wrapped__(varied(instrument | {path: number}))
    assert not list(faults(life))


def sampled():
    """Some ends of ranges, every dozen or so of the table."""
    return ENDS[3 :: max(len(ENDS) // 20, 1)]


@pytest.mark.parametrize(("path", "end"), sampled())
def test_an_end_of_a_range(path, end):
    check_end(path, end)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "end"), ENDS)
def test_every_end_of_every_range(path, end):
    check_end(path, end)


GUARDED = [
    row
    for row in registry().rows
    if row.unit in ("part", "multiple", "income", "span", "swing", "months", "spending", "headcount", "rise")
]
"""Rows of the units that keep clear of values by which the model could not be computed."""

GUARDED_ENDS = [
    (row.path.replace("*", "gfmd"), end)
    for row in GUARDED
    for end in (UNITS[row.unit].minimum, UNITS[row.unit].maximum)
]
ADMITTED = [
    ("actors.civil_society.migrants_voice", 0.0),
    ("actors.ignorance_salience", 0.0),
    ("actors.interests.salience_floor", 0.0),
    ("world.base.less_europe", 1.0),
    ("world.base.resolute", 1.0),
    ("world.base.pro", 1.0),
    *(end for end in GUARDED_ENDS if end != ("world.opinion.habituation", 0.1)),
]


@pytest.mark.parametrize(("path", "value"), ADMITTED)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_value_that_a_scenario_may_set_gives_no_nonsense(path, value):
    check_end(path, value)


@pytest.mark.parametrize("row", GUARDED, ids=lambda row: row.path)
def test_a_value_by_which_nothing_could_be_computed_is_refused(row):
    path, unit = row.path.replace("*", "gfmd"), UNITS[row.unit]
    beyond = (0.0, 0.9 * unit.minimum) if unit.minimum > 0.0 else (-1.0, 100.0)
    for value in (*beyond, 1.1 * unit.maximum):
        with pytest.raises(ScenarioError, match=rf"{re.escape(path)}.*{re.escape(unit.bounds)}"):
            varied({path: value})


EXTREMES = [
    ("world.opinion.habituation", 0.1),
    ("world.flows.death", 1.0),
    ("world.status.settlement_of_displaced", 1.0),
    ("processes.gfmd.civil.weight_day_before", 100.0),
]


@pytest.mark.parametrize(("path", "value"), EXTREMES)
def test_an_extreme_that_a_scenario_may_set_gives_no_nonsense(path, value):
    check_end(path, value)


@pytest.mark.parametrize(
    "path",
    [
        "world.opinion.visible_improvement",
        "world.economy.harmless_skilled_emigration",
        "world.wellbeing.network_size",
        "world.base.small_stock",
    ],
)
def test_a_nought_by_which_nothing_could_be_computed_is_refused(path):
    with pytest.raises(ScenarioError, match=re.escape(path)):
        varied({path: 0.0})
