"""What a design will cost, from a pilot of three."""

import resource
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from migsim.ensemble import pilot as pilots
from migsim.ensemble.designs import design
from migsim.ensemble.pilot import _peak_memory, pilot
from tests.lives import small


@pytest.fixture(scope="module")
def cost():
    return pilot(design(small(), 40), 2)


def test_all_worlds_are_counted(cost):
    assert (cost.worlds, cost.shards, cost.workers) == (40, 3, 2)
    assert cost.seconds > 0.0
    assert cost.memory > 1e7
    assert str(cost).startswith("40 worlds in 3 shards: about ")


def test_the_cost_is_reckoned_from_a_first_world_one_alone_and_three_together(monkeypatch):
    # Ready after 2 s, one world 1 s, three 1.5 s, written in 0.3 s; 100 MB, and 20 MB more for three.
    moments = iter([0.0, 2.0, 3.0, 3.0, 4.5, 4.5, 4.8])
    peaks = iter([100e6, 120e6])
    monkeypatch.setattr(pilots, "_run", lambda *_: {})
    monkeypatch.setattr(pilots, "_on_disk", lambda *_: 30_000)
    monkeypatch.setattr(pilots, "_peak_memory", lambda: next(peaks))
    monkeypatch.setattr(pilots.time, "perf_counter", lambda: next(moments))
    cost = pilot(design(small(), 40), 2)
    # Shards of 16, 16 and 8 worlds: the first of each 1 s, each further 0.25 s, each written in 0.1 s.
    assert cost.starting == pytest.approx(2.0 + pilots.STARTING)
    assert cost.seconds - cost.starting == pytest.approx((3 * 1.0 + 37 * 0.25 + 40 * 0.1) / 2)
    assert cost.memory == pytest.approx(3 * (100e6 + 10e6 * 16))
    assert cost.disk == pytest.approx(40 * 10_000)


def test_more_worlds_cost_more_and_fewer_tables_less(cost):
    more = pilot(design(small(), 400), 2)
    assert more.disk == pytest.approx(10 * cost.disk, rel=0.01)
    assert more.seconds > cost.seconds
    few = pilot(replace(design(small(), 40), tables=("world",)), 2)
    assert few.disk < cost.disk / 2


def test_no_more_processes_are_reckoned_with_than_there_are_shards():
    cost = pilot(design(small(), 10), 8)
    assert cost.workers == 1
    assert "10 worlds in one shard: about" in str(cost)


@pytest.mark.parametrize(("platform", "expected"), [("linux", 5120.0), ("darwin", 5.0)])
def test_memory_is_told_in_bytes_whatever_the_system_counts(platform, expected, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda _: SimpleNamespace(ru_maxrss=5))
    assert _peak_memory() == expected
