"""As many worlds as the precision of an outcome asks for, whoever runs them."""

import warnings
from itertools import pairwise
from math import inf

import numpy as np
import pytest

import migsim as ms
from migsim.ensemble import shards
from migsim.errors import InputError
from migsim.results import simulation
from migsim.results.adaptive import LEAST, precisions, read_targets, rounds, stop_record, told_precision
from migsim.results.tables import HeldTables
from tests.killing import sha256_of_files
from tests.lives import small


def table(values, year=2009):
    n = len(values)
    return HeldTables(
        {
            "world": {
                "replicate": np.arange(n),
                "year": np.full(n, year),
                "gain_hosts": np.asarray(values, float),
            }
        }
    )


def test_the_interval_is_students():
    [found] = precisions(table([1.0, 2.0, 3.0, 4.0]), {"gain_hosts": 0.1}, range(4))
    assert found.mean == 2.5
    assert found.half_width == pytest.approx(3.182446 * np.std([1, 2, 3, 4], ddof=1) / 2.0, rel=1e-6)
    assert not found.is_reached
    [few] = precisions(table([1.0, 2.0, 3.0, 4.0]), {"gain_hosts": 0.1}, [0])
    assert (few.n, few.half_width) == (1, inf)
    assert stop_record([few])["until"]["gain_hosts"]["half_width"] is None
    assert "over 1 draws; fewer than the 32" in told_precision(stop_record([few]))


def test_rounds_do_not_depend_on_where_the_last_is():
    long, short = list(rounds(10_000)), list(rounds(1_000))
    assert long[0] == LEAST
    assert long[: len(short) - 1] == short[:-1]
    assert all(more <= 1.25 * n + LEAST for n, more in pairwise(long))
    assert list(rounds(20)) == [20]


def test_a_run_ends_when_its_outcomes_are_known(tmp_path):
    until = {"gain_hosts": 0.00012, "trust": 0.05}
    held = ms.run(small(), replicates=200, until=until, workers=1)
    assert LEAST < held.n_replicates < 200
    assert all(each["is_reached"] for each in held.manifest["until"].values())
    assert held.manifest["replicates"]["asked"] == f"0-{held.n_replicates - 1}"
    kept = ms.run(small(), replicates=200, until=until, workers=2, out=tmp_path / "small")
    assert kept.manifest["until"] == held.manifest["until"]
    assert kept.manifest["tables_sha256"] == held.manifest["tables_sha256"]
    with pytest.warns(UserWarning, match="holds this very run"):
        ms.run(small(), replicates=200, until=until, workers=1, out=tmp_path / "small")
    at_once = ms.run(small(), replicates=kept.n_replicates, workers=1, out=tmp_path / "at-once")
    assert sha256_of_files(tmp_path / "small") == sha256_of_files(tmp_path / "at-once")
    assert "until" not in at_once.manifest
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        more = ms.run(
            small(), replicates=200, until={"gain_hosts": 0.00002}, workers=1, out=tmp_path / "small"
        )
    assert more.n_replicates > kept.n_replicates


def test_a_run_ends_at_the_most_and_says_so():
    run = ms.run(small(), replicates=40, until={"gain_hosts": 1e-9}, workers=1)
    assert run.n_replicates == 40
    assert not run.manifest["until"]["gain_hosts"]["is_reached"]


def test_where_every_world_fails_the_first_round_is_enough():
    class Broken(ms.Behaviour):
        def attends(self, delegation):
            raise ZeroDivisionError

    broken = small().with_behaviour("MEX", Broken())
    run = ms.run(broken, replicates=200, until={"gain_hosts": 1.0}, workers=1)
    assert run.manifest["replicates"]["asked"] == f"0-{LEAST - 1}"
    assert run.n_replicates == 0


def test_with_inner_replicates_the_mean_is_over_draws():
    run = ms.run(small(), replicates=64, inner=2, until={"gain_hosts": 10.0}, workers=1)
    assert (run.n_replicates, run.manifest["until"]["gain_hosts"]["draws"]) == (64, 32)
    last = run.world[run.world["year"] == 2009]
    means = last.groupby(last["replicate"] % 1_000_000)["gain_hosts"].mean()
    assert run.manifest["until"]["gain_hosts"]["mean"] == pytest.approx(means.mean(), rel=1e-12)


@pytest.mark.parametrize(
    "text", ["gain_hosts", "gain_hosts=", "=1", "gain_hosts=0", "gain_hosts=nan", "a=-1"]
)
def test_targets_are_checked(text):
    with pytest.raises(InputError, match="until"):
        read_targets([text])


@pytest.mark.parametrize("until", [["gain_hosts"], "gain_hosts=0.1", 0.1])
def test_targets_are_a_mapping(until):
    with pytest.raises(InputError, match=r'until .*; allowed is a mapping, such as {"gain_hosts": 0.002}'):
        ms.run(small(), until=until, workers=1)


@pytest.mark.parametrize(
    ("outcome", "hint"),
    [
        ("gain_host", "did you mean gain_hosts"),
        ("year", "it has .*gain_hosts"),
        ("replicate", "it has .*gain_hosts"),
    ],
)
def test_an_unknown_outcome_is_refused_before_a_world_is_run(outcome, hint, tmp_path, monkeypatch):
    monkeypatch.setattr("migsim.ensemble.shards.run_batch", lambda *_: pytest.fail("a world was run"))
    for out in (None, tmp_path / "small"):
        with pytest.raises(InputError, match=f"table world has no column '{outcome}'; {hint}"):
            ms.run(small(), until={outcome: 0.1}, replicates=32, workers=1, out=out)
    assert not list(tmp_path.iterdir())


def test_a_run_that_goes_on_ends_where_a_new_one_does(tmp_path):
    until = {"gain_hosts": 0.00012}
    fresh = ms.run(small(), replicates=200, until=until, workers=1)
    for n in (5, 33):
        ms.run(small(), replicates=n, workers=1, out=tmp_path / str(n))
        gone_on = ms.run(small(), replicates=200, until=until, workers=1, out=tmp_path / str(n))
        assert gone_on.replicates == fresh.replicates
        assert gone_on.manifest["until"] == fresh.manifest["until"]


def test_a_run_of_more_worlds_than_are_enough_is_not_made_smaller(tmp_path):
    out = tmp_path / "small"
    ms.run(small(), replicates=40, workers=1, out=out)
    with pytest.raises(InputError, match="holds a run of 40 worlds, 8 more than are enough; use it as it is"):
        ms.run(small(), replicates=200, until={"gain_hosts": 10.0}, workers=1, out=out)
    assert ms.Run.open(out).n_replicates == 40
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.parametrize("is_killed", [False, True])
def test_failed_worlds_are_run_again_where_fewer_would_be_enough(is_killed, tmp_path, monkeypatch):
    lived = shards.run_batch

    def failing(definition, worlds, *rest):
        return 1 / 0 if 7 in worlds.numbers else lived(definition, worlds, *rest)

    def asked():
        until = {"gain_hosts": 10.0}
        return ms.run(small(), replicates=200, until=until, workers=1, out=tmp_path / "small")

    with monkeypatch.context() as patch:
        patch.setattr(shards, "run_batch", failing)
        if is_killed:
            patch.setattr(simulation, "keep_only", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                asked()
        else:
            assert asked().n_replicates == 63
    again = asked()
    assert (again.n_replicates, len(again.failures)) == (64, 0)
    assert again.manifest["until"]["gain_hosts"]["draws"] == 64
    with pytest.warns(UserWarning, match="holds this very run"):
        assert asked().manifest == again.manifest
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_only_one_table_is_joined_to_see_how_closely_means_are_known(monkeypatch):
    joined = []
    held = simulation._held
    monkeypatch.setattr(simulation, "_held", lambda *words: joined.append(words[1:]) or held(*words))
    run = ms.run(small(), replicates=64, until={"gain_hosts": 1e-9}, workers=1)
    assert joined == [(("world",),), (("world",),), ()]
    assert {"world", "states"} <= set(run.tables)
