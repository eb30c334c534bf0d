"""What a session's output can do, rung by rung."""

import numpy as np
import pytest

from migsim.forum.session import RUNGS, effects
from tests.lives import differing, lived, varied

MANY = (0, 1)


def at_rung(rung, **changes):
    settings = {"processes.gfmd.output": rung} | changes
    return lived(varied(settings), MANY, "ranged")


def test_the_ladder_is_climbed_rung_by_rung():
    reached = {}
    for rung in RUNGS:
        life = at_rung(rung)
        on = effects(life.setting, "gfmd")
        reached[rung] = [
            bool(getattr(on, name).all()) for name in ("trust", "knowledge", "practice", "texts")
        ]
    assert reached["discuss"] == [True, False, False, False]
    assert reached["exchange"] == [True, True, False, False]
    assert reached["practices"] == [True, True, True, False]
    assert reached["common_understanding"] == [True, True, True, True]


def test_talk_alone_moves_trust_and_attention_and_nothing_else_in_its_year():
    talk = at_rung("discuss", **{"processes.gfmd.report.overload": 0.0})
    silent = at_rung(
        "discuss", **{f"processes.gfmd.switches.{name}": False for name in ("trust", "attention", "costs")}
    )
    moved = differing(talk.at(2007), silent.at(2007))
    assert {"commitments.trust", "opinions.attention", "ledger.forum_costs"} <= moved
    assert not any(
        name.startswith(("policies.policy", "policies.practice", "policies.knowledge")) for name in moved
    )


def test_an_exchange_teaches_and_does_not_train():
    talk, exchange, practices = (
        at_rung(rung).at(2007).policies for rung in ("discuss", "exchange", "practices")
    )
    assert np.all(exchange.knowledge >= talk.knowledge)
    assert exchange.knowledge.max() > talk.knowledge.max() or np.any(exchange.knowledge > talk.knowledge)
    np.testing.assert_array_equal(exchange.practice, talk.practice)
    assert np.any(practices.practice > exchange.practice)


@pytest.mark.parametrize("rung", ["discuss", "exchange", "practices"])
def test_below_a_common_understanding_nobody_is_pledged(rung):
    assert not any(world.commitments.pledged.any() for world in at_rung(rung).worlds)


def test_a_higher_rung_has_more_force():
    weak, usual, strong = (
        at_rung(rung).at(2007).commitments.strength
        for rung in ("common_understanding", "recommendation", "declaration")
    )
    assert np.all(weak <= usual)
    assert np.all(usual <= strong)
    assert np.any(weak < usual)
    assert strong.max() <= 1.0
