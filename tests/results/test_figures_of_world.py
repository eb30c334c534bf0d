"""The figures of the world, drawn from a run: they read little, and say what there is."""

import matplotlib as mpl
import numpy as np
import pytest

import migsim as ms
from migsim import plots
from migsim.errors import InputError
from migsim.results.study import Study
from tests.lives import SMALL, varied

NAMES = ("marketplace", "wellbeing", "implementation", "corridors", "migrations", "world_map")


@pytest.fixture(autouse=True)
def no_window():
    import matplotlib.pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        yield
    plt.close("all")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return ms.run(SMALL, replicates=3, workers=1, out=tmp_path_factory.mktemp("runs") / "small")


@pytest.fixture(scope="module")
def alone():
    return ms.run(varied({"processes": {}}).vary("alone", {}), replicates=3, workers=1)


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_run_draws_them(run, name):
    caption = plots.caption_of(getattr(run.plot, name)())
    assert "n = 3" in caption or "3 paired worlds" in caption or "3 worlds" in caption
    assert "nan" not in caption


def test_a_map_reads_one_column_of_the_years_it_shows(run, monkeypatch):
    asked = []
    read = type(run._source).read

    def watched(self, name, columns=None, state=None, reduce=None):
        found = read(self, name, columns, state, reduce)
        asked.append((name, columns, len(found)))
        return found

    monkeypatch.setattr(type(run._source), "read", watched)
    run.plot.world_map("income", since=2005)
    assert asked == [("states", ["replicate", "year", "state", "income"], 3 * 2 * 24)]


def test_a_difference_to_a_run_without_processes_is_the_paired_difference(run, alone):
    study = Study([run, alone])
    drawn = study.plot.world_map("wellbeing", against=alone.name)
    assert "difference to" in drawn.get_figure().texts[0].get_text()
    there = run.table("states", ["year", "wellbeing"]).query("year == 2009")["wellbeing"].to_numpy()
    without = alone.table("states", ["year", "wellbeing"]).query("year == 2009")["wellbeing"].to_numpy()
    rises = (np.median((there - without).reshape(3, -1), axis=0) > 0.0).sum()
    assert f"up in {rises} and" in plots.caption_of(drawn)


def test_what_cannot_be_shown_is_refused(run):
    with pytest.raises(InputError, match="there are role_host"):
        run.plot.world_map("wealth")
    with pytest.raises(InputError, match="it has 2005 to 2009"):
        run.plot.world_map("income", since=1999)
    with pytest.raises(InputError, match="no run 'other'"):
        run.plot.world_map("income", against="other")


def test_nothing_happens_where_nobody_meets(alone):
    assert "no marketplace was held" in plots.caption_of(alone.plot.marketplace())
    assert "no text was pledged" in plots.caption_of(alone.plot.implementation())
    assert "No state differs in any world." in plots.caption_of(alone.plot.world_map())
