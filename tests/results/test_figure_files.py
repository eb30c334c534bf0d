"""Figures in folders: in one process or two the same files, the world's among them, and old runs without."""

import time

import pytest

import migsim as ms
from migsim.results import figure_files
from migsim.results.figures import Figures
from migsim.results.run import Run
from tests.results.test_study import GIVEN, Broken

OF_WORLD = {"corridors", "implementation", "marketplace", "migrations", "wellbeing", "world_map"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return ms.run(GIVEN, replicates=2, seed=4, workers=1, out=tmp_path_factory.mktemp("run") / "small")


@pytest.mark.slow
def test_two_processes_draw_what_one_does(stored, tmp_path):
    alone = stored.plot.save_all(tmp_path / "one")
    together = stored.plot.save_all(tmp_path / "two", workers=2)
    assert [path.name for path in together] == [path.name for path in alone]
    assert {path.stem for path in alone} >= OF_WORLD
    for one, two in zip(alone, together, strict=True):
        assert one.read_bytes() == two.read_bytes()


def draw_for_long(*_):
    """Stands for a process that draws."""
    time.sleep(40)


def test_an_interruption_does_not_wait_for_who_draws(stored, tmp_path, monkeypatch):
    def interrupted(*_):
        time.sleep(2)
        raise KeyboardInterrupt

    monkeypatch.setattr(figure_files, "_draw_there", draw_for_long)
    monkeypatch.setattr(figure_files, "_draw", interrupted)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        stored.plot.save_all(tmp_path, workers=2)
    assert time.monotonic() - begun < 20


def test_a_run_has_the_figures_of_the_world_and_a_comparison_those_it_can_overlay(stored):
    assert set(stored.plot._names_of_all()) >= OF_WORLD
    several = Figures({"a": stored, "b": stored})._names_of_all()
    assert {"wellbeing", "marketplace", "differences"} <= set(several)
    assert not {"corridors", "migrations", "world_map"} & set(several)


def test_a_run_of_an_earlier_version_is_drawn_without_what_it_did_not_keep(stored, monkeypatch):
    tables = set(stored.tables) - {"migrations", "implementation"}
    monkeypatch.setattr(Run, "tables", property(lambda _: tables))
    names = stored.plot._names_of_all()
    assert {"corridors", "agenda"} <= set(names)
    assert not {"migrations", "implementation"} & set(names)


def test_failed_worlds_are_told_beside_the_name(stored):
    broken = ms.run(GIVEN.vary("Broken", {}).with_behaviour("MEX", Broken()), replicates=3, seed=4, workers=1)
    figures = Figures({"a": stored, "b": broken})
    drawn = figures.weakest()
    assert drawn[0].get_yticklabels()[1].get_text() == "Broken (3 of 3 worlds\nfailed)"
