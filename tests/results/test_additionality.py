"""What policy does beyond what states would have done alone, and regimes in one row each."""

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.errors import InputError
from migsim.results.additionality import policy_movements
from migsim.results.regimes import REGIME_COLUMNS, is_null
from migsim.results.wording import gain_words
from tests.lives import small

FORUM = small()
NOBODY = FORUM.vary("Nobody meets", {"processes": {}})
NULL = FORUM.vary("null-no-text", {"processes.gfmd.switches.texts": False})


@pytest.fixture(scope="module")
def study():
    return ms.compare([FORUM, NOBODY, NULL], replicates=3, seed=4, workers=1)


def made_up(policy, baseline):
    """One world from 2005 on."""
    years = range(2005, 2005 + len(policy))
    return pd.DataFrame({"replicate": 0, "year": years, "policy": policy, "baseline_policy": baseline})


def test_what_is_added_is_not_what_states_would_have_done_alone():
    moved = policy_movements(made_up([0.5, 0.6, 0.7], [0.5, 0.55, 0.6]))
    np.testing.assert_allclose(moved["drift"], [0.0, 0.05, 0.1])
    np.testing.assert_allclose(moved["added"], [0.0, 0.05, 0.1])
    np.testing.assert_allclose(moved["ratio"].iloc[1:], [100.0, 100.0])
    assert np.isnan(moved["ratio"].iloc[0])


def test_against_a_drift_downward_what_is_added_keeps_its_sign():
    moved = policy_movements(made_up([0.5, 0.48], [0.5, 0.46]))
    assert moved["ratio"].iloc[-1] == pytest.approx(50.0)
    assert policy_movements(made_up([0.5, 0.44], [0.5, 0.46]))["ratio"].iloc[-1] == pytest.approx(-50.0)


def test_additionality_is_of_each_world_against_its_own_pair(study):
    table = study.additionality()
    world = study["small-forum"].world
    last = world[world["year"] == 2009]
    first = world[world["year"] == 2005].set_index("replicate")["baseline_policy"]
    drift = last.set_index("replicate")["baseline_policy"] - first
    ratio = 100.0 * (last["policy"] - last["baseline_policy"]).to_numpy() / drift.abs().to_numpy()
    rows = table[(table["scenario"] == "small-forum") & (table["year"] == 2009)].set_index("quantity")
    assert rows.loc["ratio", "median"] == np.median(ratio)
    assert rows.loc["ratio", "p95"] == np.quantile(ratio, 0.95)
    assert rows.loc["added", "n"] == 3
    assert rows.loc["added", "share_positive"] == ((last["policy"] > last["baseline_policy"]).mean())
    assert set(table["quantity"]) == {"drift", "added", "ratio"}


def test_where_nobody_meets_nothing_is_added_to_the_drift(study):
    table = study.additionality()
    alone = table[(table["scenario"] == "nobody-meets") & (table["year"] > 2005)].set_index("quantity")
    assert (alone.loc["added", ["median", "p05", "p95"]] == 0.0).all(axis=None)
    assert (alone.loc["ratio", "median"] == 0.0).all()
    drifts = table[(table["quantity"] == "drift") & (table["year"] == 2009)]
    assert drifts["median"].nunique() == 1
    assert (drifts["median"] != 0.0).all()


def test_a_regime_is_one_row_with_its_gains_and_its_difference(study):
    table = study.regimes().set_index("scenario")
    assert ["scenario", *table.columns] == list(REGIME_COLUMNS)
    assert table["is_null"].tolist() == [False, False, True]
    assert np.isnan(table.loc["small-forum", "difference_hosts_median"])
    assert table.loc["nobody-meets", "gain_hosts_p95"] == 0.0
    gain = study["small-forum"].world.query("year == 2009")["gain_hosts"]
    assert table.loc["small-forum", "gain_hosts_median"] == gain.median()
    # Against nobody, the difference of the forum is its gain with the sign reversed.
    assert table.loc["nobody-meets", "difference_hosts_median"] == pytest.approx(-gain.median())
    other = study.regimes(reference="nobody-meets").set_index("scenario")
    assert other.loc["small-forum", "difference_hosts_median"] == pytest.approx(gain.median())
    with pytest.raises(InputError, match="no run 'nothing' in this study"):
        study.regimes(reference="nothing")


def test_the_printed_table_has_every_regime(study):
    lines = gain_words(study).splitlines()
    assert [line.split()[0] for line in lines[3:]] == list(study)
    assert "0 (0 to 0)" in lines[4]
    assert gain_words(ms.compare([study["nobody-meets"], study["nobody-meets"]])) == ""


def test_a_failed_regime_keeps_its_row(study):
    class Broken(ms.Behaviour):
        """A behaviour with a fault of its own."""

        def attends(self, delegation):
            raise ZeroDivisionError

    broken = FORUM.vary("Broken", {}).with_behaviour("MEX", Broken())
    both = ms.Study([study["small-forum"], ms.run(broken, replicates=3, seed=4, workers=1)])
    row = both.regimes().set_index("scenario").loc["broken"]
    assert row["n"] == 0
    assert np.isnan(row["gain_hosts_median"])
    table = both.additionality()
    assert (table.loc[table["scenario"] == "broken", "n"] == 0).all()
    assert "broken                             failed: no world was finished" in gain_words(both)


def test_nulls_are_known_by_their_names():
    found = [name for name in ms.shipped() if is_null(name)]
    assert "ecosystem-without-forum" in found
    assert "ecosystem" not in found
    assert len(found) == 6
