"""The whole analysis of a short forum: what it gives, keeps, goes on from and refuses."""

import json
import warnings

import pandas as pd
import pytest

import migsim as ms
from migsim.analysis import cost, sizes
from migsim.analysis.plans import PARTS, Plans, parts_asked
from migsim.analysis.sensitivity import Sensitivity
from migsim.analysis.sizes import SIZES, Size, size_of
from migsim.analysis.tornado import tornado_paths
from migsim.ensemble import shards
from migsim.ensemble.designs import SHARD_SIZE
from migsim.ensemble.folders import read_manifest
from migsim.ensemble.pilot import Cost, duration
from migsim.errors import EnvironmentProblem, InputError
from tests.analysis.analytic import small

TINY = Size(walks=2, base=2, base_apart=4, worlds=2, orders=2, scaled=3, points=24, lucks=1)
SESSIONS = [{"year": 2007, "chair": "BEL", "themes": ["remittances", "decent_work"]}]
FEW = {
    "years.last": 2007,
    "processes.gfmd.sessions": SESSIONS,
    "states": [
        "ARG",
        "BEL",
        "CHN",
        "DEU",
        "EGY",
        "ETH",
        "FRA",
        "IND",
        "JOR",
        "MAR",
        "MEX",
        "PHL",
        "SYR",
        "USA",
    ],
    "shocks.alarm": None,
    "shocks.flight": None,
}
FRAMES = {
    "screening": (
        "outcome",
        "path",
        "title",
        "group",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "mu",
        "unit",
    ),
    "indices": ("outcome", "group", "S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high", "n"),
    "apart": ("outcome", "source", "S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high", "n"),
    "attribution": ("outcome", "of", "part", "title", "value", "low", "high", "unit", "n"),
    "identifiability": ("scaled", "product", "share", "low", "high", "n", "margin"),
    "discovery": ("box", "path", "title", "low", "high", "range_low", "range_high", "coverage", "density"),
    "tornado": ("outcome", "path", "title", "at_low", "at_high", "central", "low", "high", "unit"),
    "weights": ("outcome", "share", "low", "high"),
    "components": ("component", "share"),
    "structures": ("path", "title", "option", "share", "low", "high", "n", "base", "worlds"),
}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    monkeypatch.setattr(sizes, "SIZES", {**SIZES, "tiny": TINY})


@pytest.fixture(scope="module")
def short():
    return small().vary("short", FEW)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("analysis") / "short"


@pytest.fixture(scope="module")
def done(short, folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "SIZES", {**SIZES, "tiny": TINY})
        return ms.sensitivity(short, size="tiny", workers=1, out=folder, progress=False)


def test_every_frame_is_there_and_tells_the_three_gains_apart(done):
    frames = done.frames
    assert set(frames) >= set(FRAMES) - {"discovery"}
    for name, frame in frames.items():
        assert set(FRAMES[name]) <= set(frame.columns)
        if "outcome" in frame:
            assert set(frame["outcome"]) == {"gain_migrants", "gain_hosts", "gain_departures", "weakest"}
    assert repr(done).count("\n") < 12
    assert "In short: all three gain in" in repr(done)
    for part in done.parts:
        assert f"\n{part.capitalize()}\n" in done.findings


def test_the_folder_holds_frames_findings_figures_runs_and_a_manifest(done, folder):
    manifest = read_manifest(folder)
    assert manifest["format"] == "migsim sensitivity"
    assert manifest["worlds"] == done.worlds
    assert set(done.parts) == set(manifest["parts"])
    for name, frame in done.frames.items():
        assert len(pd.read_csv(folder / f"{name}.csv")) == len(frame)
    assert "findings.txt" in manifest["outputs"]
    assert any(name.startswith("figures/") for name in manifest["outputs"])
    run = ms.Run.open(folder / "runs" / "screening")
    assert run.n_replicates == done.worlds["screening"]
    assert ms.Run.open(folder / "runs" / "themes" / "3").n_replicates == TINY.worlds


def test_what_is_finished_is_not_run_again_and_gives_the_same(done, short, folder):
    before = (folder / "runs" / "hypercube" / "manifest.json").stat().st_mtime_ns
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = ms.sensitivity(short, size="tiny", only=["weights"], workers=1, out=folder, progress=False)
    assert (folder / "runs" / "hypercube" / "manifest.json").stat().st_mtime_ns == before
    pd.testing.assert_frame_equal(again.weights, done.weights)
    manifest = read_manifest(folder)
    assert set(done.parts) == set(manifest["parts"])
    assert "screening.csv" in manifest["outputs"]
    with pytest.raises(InputError, match=r"did not ask for that; its parts are weights"):
        _ = again.screening


def test_the_folder_of_another_analysis_is_refused(done, short, folder, tmp_path):
    with pytest.raises(InputError, match=r"holds a result with seed 2026, not 7"):
        ms.sensitivity(short, size="tiny", only=["weights"], seed=7, workers=1, out=folder)
    other = short.vary("short", {"world.policy.pace": 0.1})
    with pytest.raises(InputError, match=r"as it was set before"):
        ms.sensitivity(other, size="tiny", only=["weights"], workers=1, out=folder)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match=r"other files than an analysis of migsim"):
        ms.sensitivity(short, size="tiny", only=["weights"], workers=1, out=tmp_path)


def test_an_analysis_that_was_cut_off_goes_on(short, tmp_path, monkeypatch):
    from migsim.analysis import bench

    whole = ms.sensitivity(short, size="tiny", only=["weights"], workers=1, progress=False)

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bench, "last_year", cut)
        with pytest.raises(KeyboardInterrupt):
            ms.sensitivity(short, size="tiny", only=["weights"], workers=1, out=tmp_path / "x")
    assert json.loads((tmp_path / "x" / "manifest.json").read_text())["format"] == "migsim sensitivity"
    rest = ms.sensitivity(short, size="tiny", only=["weights"], workers=1, out=tmp_path / "x")
    pd.testing.assert_frame_equal(rest.weights, whole.weights)


def test_what_cannot_be_analysed_is_refused(short):
    with pytest.raises(InputError, match=r"no-forum: nobody meets in it"):
        ms.sensitivity("no-forum", size="quick")
    idle = short.vary("idle", {"processes.gfmd.sessions": []})
    with pytest.raises(InputError, match=r"idle: nobody meets in it"):
        ms.sensitivity(idle, size="quick")
    with pytest.raises(InputError, match=r"size 'huge'; allowed are quick, default, large"):
        ms.sensitivity(short, size="huge")
    with pytest.raises(InputError, match=r"only 'luck'; allowed are screening"):
        ms.sensitivity(short, only=["luck"])


def test_discovery_without_its_library(short, monkeypatch):
    from migsim.analysis import sensitivity as module

    monkeypatch.setattr(module, "is_installed", lambda: False)
    with pytest.raises(EnvironmentProblem, match=r"pip install \"migsim\[discovery\]\""):
        ms.sensitivity(short, size="tiny", only=["discovery"])
    with pytest.warns(UserWarning, match="it is left out"):
        parts = module._possible(PARTS, is_named=False)
    assert "discovery" not in parts


def test_failed_worlds_are_counted_and_said(short, done):
    failures = {**done.failures, "indices": 2}
    told = Sensitivity(
        short, "tiny", 2026, done.parts, done._plans, done._found, done.worlds, failures
    ).findings
    assert "Failed worlds: 2 of " in told
    assert "in indices" in told


@pytest.mark.parametrize(
    ("parts", "design", "said"),
    [
        (["attribution"], "phases", "Hosts' gain by phases: no result, since too many worlds failed."),
        (["attribution"], "themes", "Hosts' gain by themes: no result, since too many worlds failed."),
        (["identifiability"], "identifiability", "Nothing was found: too many worlds failed."),
        (["weights"], "hypercube", "Nothing was found: too many worlds failed."),
        (["tornado"], "tornado", "Nothing was found: too many worlds failed."),
    ],
)
def test_a_part_without_a_finished_world_says_so(short, done, parts, design, said, tmp_path):
    found = dict(done._found)
    lost = {key: each * float("nan") for key, each in (found["themes"] if design == "themes" else {}).items()}
    found[design] = lost or found[design] * float("nan")
    kept = Sensitivity(
        short, "tiny", 2026, tuple(parts), done._plans, found, done.worlds, dict.fromkeys(done.worlds, 0)
    )
    assert said in kept.findings
    assert "nan" not in kept.findings
    assert kept.plot.save_all(tmp_path)


def test_the_other_parts_are_kept_if_all_worlds_of_a_design_fail(short, monkeypatch):
    """One coalition of themes whose worlds all fail takes the themes with it and nothing else."""
    whole = shards.run_batch

    def fails(definition, worlds, *rest):
        if not definition.spec.processes["gfmd"].sessions:
            raise FloatingPointError("no solution")
        return whole(definition, worlds, *rest)

    monkeypatch.setattr(shards, "run_batch", fails)
    half = ms.sensitivity(short, size="tiny", only=["attribution"], workers=1, progress=False)
    assert half.failures == {"phases": 0, "themes": TINY.worlds}
    assert "Hosts' gain by themes: no result, since too many worlds failed." in half.findings
    assert "Meeting itself: " in half.findings


def test_sizes_say_how_many_worlds():
    gfmd = ms.load("gfmd-2007-2015")
    quick, default = (
        sum(Plans(gfmd, size_of(name), 1).worlds(PARTS).values()) for name in ("quick", "default")
    )
    assert 1_000 < quick < 3_500
    assert 9_000 < default < 17_000
    assert parts_asked(["weights", "apart"]) == ("apart", "weights")


def test_what_is_announced_is_what_was_run(short, done):
    announced = Plans(short, TINY, 2026).worlds(done.parts)
    most, run = announced.pop("tornado"), done.worlds["tornado"]
    assert 0 < run <= most
    assert announced | {"tornado": run} == done.worlds


def test_starting_counts_once_a_part_however_many_worlds(short, monkeypatch):
    told = Cost(worlds=20, shards=1, workers=1, seconds=110.0, memory=0.0, disk=0.0, starting=100.0)
    monkeypatch.setattr(cost, "pilot", lambda *_: told)
    plans = Plans(short, TINY, 1)
    counts = plans.worlds(("apart", "weights"))
    assert len(counts) == 2
    expected = 2 * 100.0 + 0.5 * sum(counts.values())
    assert f"about {duration(expected)} with" in cost.told_cost(plans, ("apart", "weights"), 1)


def test_the_pilot_has_shards_as_full_as_those_of_the_analysis(short):
    """Short shards cost more a world: a small sample among all variants of structure would tell too much."""
    sample = cost._sample_of(Plans(short, TINY, 1), 10_000)
    assert len(sample.replicates) / len(sample.shards) > 0.75 * SHARD_SIZE


def test_the_tornado_is_planned_from_what_the_screening_chose(short, done):
    """Nothing is kept in the plans: the same ends give the same design, and the frame holds them."""
    plans = Plans(short, TINY, 2026)
    ends = tornado_paths(done.screening, plans.space)
    assert len(plans.tornado(ends).replicates) == done.worlds["tornado"]
    assert set(done.tornado["path"]) == set(ends)
    with pytest.raises(KeyError):
        plans.plan("tornado")
