"""Which replicates are run, and in which shards."""

from dataclasses import replace

import pytest

from migsim.ensemble.designs import SHARD_SIZE, design
from migsim.ensemble.progress import meter
from migsim.errors import InputError
from migsim.world.worlds import DRAWS
from tests.lives import small


def test_shards_hold_blocks_of_numbers():
    plan = design(small(), 2 * SHARD_SIZE + 3)
    assert [len(shard.replicates) for shard in plan.shards] == [SHARD_SIZE, SHARD_SIZE, 3]
    some = design(small(), [SHARD_SIZE + 1, 0, SHARD_SIZE, 0])
    assert [(shard.number, shard.replicates) for shard in some.shards] == [(0, (0,)), (1, (16, 17))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"replicates": 0}, "replicates 0"),
        ({"replicates": True}, "replicates true"),
        ({"replicates": [-1]}, "numbers from 0"),
        ({"replicates": []}, "at least one"),
        ({"seed": -1}, "seed -1"),
        ({"seed": 1.5}, "seed 1.5"),
        ({"spread": "wide"}, "parameters 'wide'"),
        ({"inner": 0}, "inner 0"),
        ({"replicates": 2.5}, "replicates 2.5"),
        ({"replicates": [0.5]}, "a list of whole numbers"),
        ({"replicates": [0, DRAWS], "inner": 2}, "numbers from 0"),
    ],
)
def test_what_cannot_be_run_is_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        design(small(), **arguments)


def test_a_key_tells_what_decides_a_world_and_not_how_many_there_are():
    versions = {"migsim": "1"}
    one, more = design(small(), 3), design(small(), 20)
    assert one.key(versions) == more.key(versions)
    keys = {
        one.key(versions),
        one.key({"migsim": "2"}),
        design(small(), 3, seed=1).key(versions),
        design(small(), 3, spread="central").key(versions),
        design(small(years__last=2008), 3).key(versions),
        replace(one, tables=("world",)).key(versions),
    }
    assert len(keys) == 6


def test_inner_replicates_live_the_same_draws_with_other_luck():
    plan = design(small(), 3, inner=2)
    assert plan.replicates == (0, 1, 2, DRAWS, DRAWS + 1, DRAWS + 2)
    _, worlds = plan.batch(plan.replicates)
    assert worlds.draws == (0, 1, 2, 0, 1, 2)
    assert len(set(worlds.lucks)) == 6


def test_progress_is_silent_unless_asked(capsys, monkeypatch):
    monkeypatch.setattr("migsim.ensemble.progress.SECONDS_BETWEEN_LINES", 0.0)
    for is_shown, lines in ((None, 0), (False, 0), (True, 2)):
        with meter("forum", 10, is_shown) as shown:
            shown.advance(5)
            shown.advance(20)
        assert capsys.readouterr().err.count("\n") == lines
