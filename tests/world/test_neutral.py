"""Each mechanism can be switched off, and then does nothing; and what it does not concern never minds it.

Policies are held, so that a change reaches nothing by way of what states decide. States still weigh what a
mechanism would do for them: their ideals may differ.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from migsim.world.flows import DISPLACED, IRREGULAR, REGULAR, SKILLED
from migsim.world.vocabulary import ASPECTS
from tests.lives import HELD, Life, differing, moved, varied

ALWAYS = {"economies.path", "economies.unemployment", "policies.policy", "policies.practice", "conditions"}
"""What no mechanism of the world touches."""
WEIGHED = {"policies.ideal", "policies.knowledge"}
FLOWS = {"people.flow", "people.stock", "people.everybody", "people.hosted", "people.population"}
OPINION = {"opinions.pro", "opinions.ambivalent", "opinions.anti"}
BEYOND_PEOPLE = ("people", "economies", "transfers", "ledger")
"""What feelings and opinions do not reach."""


@dataclass(frozen=True)
class Mechanism:
    """A parameter at its neutral value and at work.

    ``begins``: the first year it shows; then ``changes`` differ, and what starts with one of ``leaves`` does
    not. ``given``: what must have been moved for it to work; without it nothing ever differs.
    """

    path: str
    off: float
    on: float
    begins: int
    changes: set[str]
    leaves: tuple[str, ...]
    given: dict[str, float] = field(default_factory=dict)

    def lives(self, given: dict[str, float] | None = None) -> tuple[Life, Life]:
        chosen = self.given if given is None else given
        off, on = (varied({**HELD, self.path: value}) for value in (self.off, self.on))
        return moved(off, **chosen), moved(on, **chosen)


MECHANISMS = [
    Mechanism(
        "world.flows.free_movement",
        1.0,
        2.0,
        2007,
        FLOWS | {"people.inflow", "people.outflow"},
        ("people.returns", "economies.migrant_unemployment"),
    ),
    Mechanism(
        "world.flows.family_share",
        0.0,
        0.4,
        2006,
        FLOWS,
        ("people.returns", "economies.migrant_unemployment"),
        {"openness_family": 0.3},
    ),
    Mechanism(
        "world.flows.reentry",
        0.0,
        0.5,
        2006,
        FLOWS,
        ("people.returns", "economies.migrant_unemployment"),
        {"return_regular": 0.3},
    ),
    Mechanism(
        "world.flows.temporary_trend",
        0.0,
        0.03,
        2006,
        {"people.returns", "people.stock", "people.inflow", "people.outflow", "wellbeing.index"},
        ("people.flow",),
    ),
    Mechanism(
        "world.status.job_loss",
        0.0,
        0.06,
        2009,
        {"people.stock", "people.hosted"},
        ("people.flow", "people.returns", "people.population", "people.inflow", "people.outflow"),
    ),
    Mechanism(
        "world.economy.ageing",
        0.0,
        1.0,
        2006,
        {"economies.host_effect", "economies.income", "gains.output"},
        ("people", "economies.origin_effect", "economies.skill_loss", "economies.migrant_unemployment"),
    ),
    Mechanism(
        "world.economy.learning",
        0.0,
        0.2,
        2006,
        {"economies.skill_loss", "economies.income", "gains.skills"},
        ("people", "economies.origin_effect", "economies.host_effect", "economies.migrant_unemployment"),
    ),
    Mechanism(
        "world.wellbeing.network_support",
        0.0,
        0.5,
        2006,
        {"wellbeing.aspects", "wellbeing.index", "gains.integration"},
        (*BEYOND_PEOPLE, "opinions"),
    ),
    Mechanism(
        "world.wellbeing.contribution_share",
        0.0,
        0.5,
        2006,
        {"wellbeing.aspects", "wellbeing.index"},
        (*BEYOND_PEOPLE, "opinions", "gains"),
    ),
    Mechanism(
        "world.opinion.lives_count",
        0.0,
        1.0,
        2006,
        OPINION | {"wellbeing.index"},
        (*BEYOND_PEOPLE, "opinions.attention", "opinions.control"),
        {"message": 0.3},
    ),
    Mechanism(
        "world.opinion.thermostat",
        0.0,
        0.1,
        2006,
        OPINION | {"wellbeing.index"},
        (*BEYOND_PEOPLE, "opinions.attention", "opinions.control"),
        {"openness_regular": 0.3},
    ),
    Mechanism(
        "world.base.increase_fades",
        0.0,
        0.02,
        2007,
        {"people.population", "economies.host_effect"},
        ("people.stock", "people.flow", "people.returns", "people.inflow", "people.outflow"),
    ),
    Mechanism(
        "world.accounts.reception",
        0.0,
        0.2,
        2006,
        {"gains.fiscal", "gains.hosts"},
        (*BEYOND_PEOPLE, "opinions", "wellbeing", "gains.output", "gains.departures"),
    ),
    Mechanism(
        "world.accounts.wage_incidence",
        0.0,
        1.0,
        2006,
        {"gains.output", "gains.hosts"},
        (*BEYOND_PEOPLE, "opinions", "wellbeing", "gains.fiscal", "gains.departures"),
        {"migrant_wage": 0.1},
    ),
]
BY_NAME = {mechanism.path.rpartition(".")[2]: mechanism for mechanism in MECHANISMS}


def lists(mechanism: Mechanism) -> str:
    return mechanism.path.rpartition(".")[2]


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lists)
def test_a_mechanism_changes_what_it_concerns_and_leaves_the_rest(mechanism):
    off, on = mechanism.lives()
    for before, after in zip(off.worlds, on.worlds, strict=True):
        changed = differing(before, after)
        assert not {name for name in changed if name.startswith(tuple(ALWAYS))}
        if 2005 < before.year < mechanism.begins:
            assert not {name for name in changed if name.startswith(BEYOND_PEOPLE)}, before.year
    changed = differing(off.at(mechanism.begins), on.at(mechanism.begins))
    assert mechanism.changes <= changed
    assert not {name for name in changed if name.startswith(mechanism.leaves)}


@pytest.mark.parametrize("mechanism", [m for m in MECHANISMS if m.given], ids=lists)
def test_without_its_occasion_a_mechanism_is_silent(mechanism):
    off, on = mechanism.lives({})
    for before, after in zip(off.worlds, on.worlds, strict=True):
        assert differing(before, after) <= WEIGHED


@pytest.mark.parametrize(
    "name", ["network_support", "contribution_share", "lives_count", "thermostat"], ids=str
)
def test_feelings_and_opinions_never_move_people_or_money_while_policy_is_held(name):
    off, on = BY_NAME[name].lives()
    for before, after in zip(off.worlds, on.worlds, strict=True):
        assert not {each for each in differing(before, after) if each.startswith(BEYOND_PEOPLE)}


def of_class(record: Callable[[Life], np.ndarray], name: str) -> list[bool]:
    """For each class of the first year, whether a mechanism changes it."""
    off, on = BY_NAME[name].lives()
    return [not np.array_equal(record(off)[0, k], record(on)[0, k]) for k in range(4)]


def flow(life: Life) -> np.ndarray:
    return life.at(2006).people.flow


def returns(life: Life) -> np.ndarray:
    return life.at(2006).people.returns


def test_classes_that_a_mechanism_concerns():
    """Families are regular movers; who has papers may come again; only regular stays grow shorter."""
    assert of_class(flow, "reentry") == [True, True, False, False]
    assert of_class(flow, "family_share") == [False, True, True, False]
    assert of_class(returns, "temporary_trend") == [False, True, False, False]


def test_who_may_come_back_comes_again():
    """Of the returns that the policy adds, half are here again within the year if the border is open."""
    off, on = BY_NAME["reentry"].lives()
    without = moved(varied({**HELD, "world.flows.reentry": 0.0}))
    for k in (SKILLED, REGULAR):
        added = on.at(2006).people.returns[0, k] - without.at(2006).people.returns[0, k]
        again = on.at(2006).people.flow[0, k] - off.at(2006).people.flow[0, k]
        assert added.sum() > 1_000.0
        np.testing.assert_allclose(again, 0.5 * added, rtol=1e-6, atol=1e-6)
    entry = {"kind": "entry", "states": "all", "classes": ["skilled", "regular"], "change": {2007: -100}}
    shut = moved(varied({**HELD, "shocks.shut": entry}), last=2007, return_regular=0.3)
    assert shut.at(2006).people.flow[0, :IRREGULAR].max() > 1_000.0
    assert shut.at(2007).people.flow[0, :IRREGULAR].max() < 1e-2


def test_a_slump_costs_papers_and_no_people():
    off, on = (life.at(2009).people.stock[0] for life in BY_NAME["job_loss"].lives())
    np.testing.assert_allclose(on.sum(axis=0), off.sum(axis=0), rtol=1e-12, atol=1e-6)
    np.testing.assert_array_equal(on[SKILLED], off[SKILLED])
    np.testing.assert_array_equal(on[DISPLACED], off[DISPLACED])
    assert on[IRREGULAR].sum() > off[IRREGULAR].sum()
    calm = [
        moved(
            varied({**HELD, "shocks": {}, "world.economy.growth_noise": 0.0, "world.status.job_loss": value})
        )
        for value in (0.0, 0.06)
    ]
    np.testing.assert_allclose(*(life.last.people.stock for life in calm), rtol=1e-9)


def test_free_movement_concerns_free_corridors_alone():
    off, on = BY_NAME["free_movement"].lives()
    free = np.isin(np.arange(len(off.setting.corridors)), off.setting.base.free_corridors(2007))
    one, other = (life.at(2007).people.flow[0] for life in (off, on))
    assert 0 < free.sum() < free.size
    np.testing.assert_array_equal(other[:, ~free], one[:, ~free])
    assert np.any(other[:, free] != one[:, free])


@pytest.mark.parametrize(
    ("name", "aspects"),
    [("network_support", {"work", "participation"}), ("contribution_share", {"services"})],
)
def test_aspects_that_a_mechanism_moves(name, aspects):
    off, on = (life.at(2006).wellbeing.aspects for life in BY_NAME[name].lives())
    moved_ones = {aspect for n, aspect in enumerate(ASPECTS) if np.any(off[:, :, n] != on[:, :, n])}
    assert moved_ones == aspects


def test_what_is_not_contributed_cannot_be_lost_on_leaving():
    none = {**HELD, "world.wellbeing.contribution_share": 0.0}
    one, other = (moved(varied({**none, "world.wellbeing.portability": value})) for value in (0.1, 0.9))
    for before, after in zip(one.worlds, other.worlds, strict=True):
        assert not differing(before, after)
    lever = moved(varied(none), portability=0.5)
    assert differing(lever.last, one.last) == {"conditions.host"}
