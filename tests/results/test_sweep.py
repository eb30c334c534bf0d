"""One scenario at many points of its settings, and what came out at each."""

import numpy as np
import pandas as pd
import pytest

import migsim as ms
from migsim.ensemble.samples import Sample
from migsim.errors import InputError
from migsim.results.points import GAINS
from migsim.results.recorded import plan_of
from migsim.results.sweep import sweep_design
from migsim.results.sweep_results import point_summary, rank_correlations, sweep_words
from migsim.world.worlds import DRAWS
from tests.lives import SEED, small

THEMES, READING, TRUST = "processes.gfmd.max_themes", "processes.gfmd.reading", "trust.start"


@pytest.fixture(scope="module")
def swept():
    over = {THEMES: [1, 2], READING: None}
    return ms.sweep(small(), over, replicates=3, seed=SEED, workers=1)


def test_every_point_is_lived_by_the_same_replicates(swept):
    points = swept.points
    assert len(points) == swept.n_replicates == 4 * 3
    assert points.groupby("point")["luck"].apply(list).tolist() == [[0, 1, 2]] * 4
    assert set(points[READING]) == {"negotiated_conclusions", "chair_summary"}
    assert swept.tables == ("world",)


def test_a_point_is_the_scenario_with_its_settings(swept):
    points = swept.points
    row = points[(points[THEMES] == 1) & (points[READING] == "chair_summary") & (points["luck"] == 2)].iloc[0]
    alone = ms.run(
        small().vary("one theme", {THEMES: 1, READING: "chair_summary"}), replicates=[2], seed=SEED, workers=1
    )
    world = swept.world[swept.world["replicate"] == row["replicate"]]
    for column in ("gain_migrants", "gain_hosts", "gain_departures", "trust", "n_adopted"):
        np.testing.assert_array_equal(world[column], alone.world[column])


def test_outcomes_stand_beside_settings(swept):
    outcomes = swept.outcomes()
    assert list(outcomes.columns[:5]) == ["replicate", "point", "luck", THEMES, READING]
    last = swept.world[swept.world["year"] == 2009].set_index("replicate")["gain_hosts"]
    np.testing.assert_array_equal(outcomes["gain_hosts"], last[outcomes["replicate"]])
    assert len(swept.outcomes(2007)) == 12
    with pytest.raises(InputError, match="year 1999"):
        swept.outcomes(1999)
    summary = point_summary(swept)
    assert summary["n"].tolist() == [3] * 4
    assert (summary["gain_hosts_p05"] <= summary["gain_hosts_median"]).all()


def test_worlds_of_a_sweep_are_not_lucks_of_each_other(swept):
    """Each has a draw of its own, so that a mean over those of a point would hide how they differ."""
    last = swept.world[swept.world["year"] == 2009].set_index("replicate")
    wins = swept.triple_win.query("year == 2009").set_index("group")
    assert wins.loc["hosts", "n"] == 4 * 3
    assert wins.loc["hosts", "difference_median"] == last["gain_sd_hosts"].median()
    closer = small().vary("closer", {"follow_up.pull": 1.4})
    other = ms.sweep(closer, {THEMES: [1, 2], READING: None}, replicates=3, seed=SEED, workers=1)
    found = ms.diff(swept, other).outcomes.set_index("quantity").loc["gain of hosts"]
    moved = other.world[other.world["year"] == 2009].set_index("replicate")["gain_sd_hosts"]
    differences = moved - last["gain_sd_hosts"]
    assert found["n"] == 4 * 3
    assert found["difference_median"] == differences.median()
    assert found["difference_p95"] == pytest.approx(differences.quantile(0.95))


def test_luck_alone_is_varied_with_luck():
    """The number of a luck keys its draw too, so that parameters would change with it."""
    over = {"luck": [0, 1], TRUST: [0.2, 0.4]}
    assert sweep_design(small(), over).spread == "central"
    with pytest.raises(InputError, match="parameters ranged: luck is a factor"):
        sweep_design(small(), over, parameters="ranged")
    assert (
        sweep_design(small(), {TRUST: None}, kind="morris", points=1, parameters="ranged").spread == "ranged"
    )


def test_tables_that_were_asked_for_are_replayed():
    swept = ms.sweep(
        small(), {TRUST: [0.2]}, replicates=1, seed=SEED, workers=1, tables=("world", "corridors")
    )
    assert swept.replay(0).is_same


def test_points_may_come_from_numpy_and_frames():
    frame = pd.DataFrame({TRUST: np.array([0.25, 0.5], dtype=np.float32)})
    asked = sweep_design(small(), {}, points=frame.to_dict("records"))
    assert asked.sample.points == ((0.25,), (0.5,))
    assert len(sweep_design(small(), {TRUST: None}, kind="morris", points=np.int64(2)).sample) == 4
    with pytest.raises(InputError, match=r"point 1: found 'trust.start'; allowed is a mapping.*to_dict"):
        sweep_design(small(), {}, points=frame)
    with pytest.raises(InputError, match="tables: found 'bananas'; allowed are world, states"):
        sweep_design(small(), {TRUST: None}, tables=("bananas",))


def test_a_cell_of_a_file_of_points_is_read_by_itself(tmp_path):
    """One odd cell is named with its own line, whatever stands above it."""
    path = tmp_path / "points.csv"
    path.write_text(f"{TRUST},{THEMES}\n0.5,1\n0.6,2\nabc,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"points\.csv:4: trust\.start: 'abc'; a number"):
        sweep_design(small(), {}, points=path)
    path.write_text(f"{TRUST},{THEMES}\n1,1\n0.6,2.5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"points\.csv:3: processes\.gfmd\.max_themes: 2\.5"):
        sweep_design(small(), {}, points=path)
    path.write_text(f"point,{TRUST},{THEMES},n\n0, 1 ,1,4\n1,0.6,2,4\n", encoding="utf-8")
    assert sweep_design(small(), {}, points=path).sample.points == ((1, 1), (0.6, 2))


def test_files_are_not_swept(tmp_path):
    """A folder would hold their names, and not what was in them."""
    path = tmp_path / "own.csv"
    path.write_text("state,quantity,year,value,source\nMEX,unemployment,2005,9.0,mine\n", encoding="utf-8")
    for asked in ({"over": {"facts": [str(path)]}}, {"points": [{"facts": str(path)}]}):
        with pytest.raises(InputError, match="facts: a file may change"):
            ms.sweep(small(), **asked)


def test_a_column_is_drawn_upon_like_a_setting():
    """A parameter set by column gives what the same value gives where the scenario sets it.

    Only payoffs know of the difference: what states expect of a lever is found at central parameters.
    """
    at = ms.sweep(small(), {TRUST: [0.2, 0.4]}, replicates=1, parameters="central", seed=SEED, workers=1)
    for value, replicate in zip((0.2, 0.4), (0, 1), strict=True):
        alone = ms.run(
            small().vary("trust", {TRUST: value}), replicates=1, parameters="central", seed=SEED, workers=1
        )
        world = at.world[at.world["replicate"] == replicate]
        np.testing.assert_array_equal(world["gain_migrants"], alone.world["gain_migrants"])


def test_a_sweep_outlives_its_process(tmp_path):
    over = {TRUST: (0.1, 0.5), "luck": None}
    made = ms.sweep(
        small(), over, kind="latin_hypercube", points=5, seed=SEED, workers=1, out=tmp_path / "swept"
    )
    again = ms.Run.open(tmp_path / "swept")
    assert again.sample == made.sample
    assert plan_of(again).key({}) == plan_of(made).key({})
    assert again.points.equals(made.points)
    assert rank_correlations(again).shape == (1, 4)


class Swept:
    """A run of 30 points with ten lucks each; the outcome is of the point alone, and no setting has any."""

    title, scenario = "Swept", small()

    def __init__(self, kind="latin_hypercube", paths=(TRUST, "follow_up.pull")):
        stream = np.random.Generator(np.random.PCG64(5))
        points = tuple(map(tuple, stream.random((30, len(paths))).tolist()))
        self.sample = Sample(kind, (*paths, "luck"), tuple((*point, n) for n, point in enumerate(points)))
        worth = stream.random(30)
        self.n_replicates = 300
        self._rows = pd.DataFrame(
            [
                dict(zip(self.sample.paths, self.sample.points[n], strict=True))
                | {"point": n, "luck": luck, "triple_win": False}
                | dict.fromkeys((*GAINS, "weakest"), worth[n] + 1e-6 * luck)
                for luck in range(10)
                for n in range(30)
            ]
        )
        self.points = self._rows

    def outcomes(self):
        return self._rows


def test_chance_is_judged_by_points_and_not_by_worlds():
    """The threshold of 300 worlds would be 0.12."""
    run = Swept()
    assert list(rank_correlations(run).index) == [TRUST, "follow_up.pull"]
    assert "one in twenty lies beyond ±0.37 (30 points)" in sweep_words(run)
    for kind in ("morris", "sobol"):
        assert "one in twenty" not in sweep_words(Swept(kind))
    assert sweep_words(Swept(paths=())).splitlines()[2:] == ["Worlds with a triple win: 0 %."]


def test_no_correlation_is_told_where_nothing_varies():
    run = Swept()
    run._rows["gain_hosts"] = 0.0
    assert "no figure" in sweep_words(run)
    assert "nan" not in sweep_words(run)


def test_more_replicates_run_only_the_new_worlds(tmp_path, monkeypatch):
    from migsim.ensemble import shards

    ran = []
    whole = shards.run_batch
    monkeypatch.setattr(shards, "run_batch", lambda s, w, *more: ran.extend(w.numbers) or whole(s, w, *more))
    arguments = {"over": {TRUST: [0.1, 0.2, 0.3]}, "seed": SEED, "workers": 1, "out": tmp_path / "swept"}
    ms.sweep(small(), replicates=1, **arguments)
    assert sorted(ran) == [0, 1, 2]
    ran.clear()
    more = ms.sweep(small(), replicates=2, **arguments)
    assert sorted(ran) == [DRAWS, DRAWS + 1, DRAWS + 2]
    anew = ms.sweep(small(), replicates=2, **arguments | {"out": None})
    assert more.manifest["tables_sha256"] == anew.manifest["tables_sha256"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"over": {}}, "at least one setting"),
        ({"over": {TRUST: [7.0]}}, TRUST),
        ({"over": {"trust.strt": None}}, "did you mean start"),
        ({"over": {TRUST: None}, "kind": "cube"}, "kind 'cube'"),
        ({"over": {TRUST: None}, "kind": "sobol", "points": 3}, "power of two"),
        ({"over": {TRUST: None}, "kind": "latin_hypercube", "points": 0}, "points 0"),
        ({"over": {TRUST: None}, "replicates": 0}, "replicates 0"),
        ({"over": {TRUST: None}, "points": 7}, "set steps"),
        ({"over": {TRUST: None}, "kind": "morris", "steps": 4}, "of a grid"),
        ({"over": {TRUST: None}, "points": [{THEMES: 1}]}, "stand for themselves"),
        (
            {"over": {TRUST: None, "luck": None}, "kind": "latin_hypercube", "replicates": 2},
            "luck is a factor",
        ),
        ({"over": {}, "points": [{TRUST: 0.1}, {THEMES: 1}]}, "point 1: says nothing"),
        ({"over": {}, "points": [{TRUST: 0.1}, {TRUST: 7}]}, "point 2: trust.start"),
        ({"over": {}, "points": [{TRUST: 7}]}, TRUST),
    ],
)
def test_what_cannot_be_swept_is_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        sweep_design(small(), **arguments)


def test_runs_of_different_years_each_tell_their_last():
    swept = ms.sweep(small(), {"years.last": [2007, 2009]}, replicates=1, seed=SEED, workers=1)
    alone = ms.run(small(years__last=2007), replicates=1, seed=SEED, workers=1)
    assert swept.outcomes()["gain_hosts"].tolist()[0] == alone.world["gain_hosts"].iloc[-1]
    assert len(swept.outcomes()) == 2
    assert "2 worlds at 2 points, each in its last year, 2007 to 2009\n" in sweep_words(swept)
    assert ms.Study([swept]).last_year == 2007


def test_points_are_told_with_all_digits_of_a_count_and_flags_in_words():
    over = {"processes.gfmd.switches.texts": [True, False], "luck": [979_612, 979_613]}
    said = sweep_words(ms.sweep(small(years__last=2006), over, parameters="central", seed=SEED, workers=1))
    assert "texts yes, luck 979612  " in said
    assert "texts no, luck 979613   " in said


def test_a_point_without_a_finished_world_says_so(monkeypatch):
    from migsim.ensemble import shards

    def fail_at_the_second(setting, worlds, *more):
        if any(number % DRAWS for number in worlds.numbers):
            raise ValueError("broken")
        return whole(setting, worlds, *more)

    whole = shards.run_batch
    monkeypatch.setattr(shards, "run_batch", fail_at_the_second)
    run = ms.sweep(small(), {THEMES: [1, 2]}, replicates=2, seed=SEED, workers=1)
    summary = point_summary(run)
    assert summary["n"].dtype.kind == "i"
    assert summary["n"].tolist() == [2, 0]
    assert "max_themes 2  no world was finished\n" in sweep_words(run)
    assert "nan" not in sweep_words(run)


def test_a_margin_that_is_swept_is_the_margin_of_its_worlds():
    swept = ms.sweep(small(), {"triple_win.margin": [0.0, 0.5]}, replicates=4, seed=SEED, workers=1)
    outcomes = swept.outcomes()
    wins = outcomes["weakest"] > outcomes["triple_win.margin"]
    assert wins.tolist() == outcomes["triple_win"].tolist()


def test_points_are_never_taken_for_draws(swept):
    run = ms.run(small(), replicates=2, seed=SEED, workers=1)
    with pytest.raises(InputError, match="same points"):
        ms.diff(swept, run)
    with pytest.raises(InputError, match="same points"):
        ms.compare([run, swept]).difference()


def test_a_scenario_without_a_design_says_so():
    with pytest.raises(InputError, match="no design of its own"):
        ms.sweep(small())
