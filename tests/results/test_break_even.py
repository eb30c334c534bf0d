"""Break-even depth and breadth, run small."""

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.results.breadth import breadth
from migsim.results.break_even import FORUM, IMPOSED, MEASURES, RATIFIED, break_even
from tests.lives import small

TREATY = {
    "opened": 2006,
    "threshold": 1,
    "paragraphs": ["equal_pay", "labour_admission"],
    "equality": 0.0,
    "reservations": False,
}


@pytest.fixture(scope="module")
def runs():
    binding = small().vary(
        "treaty",
        {"processes.gfmd": None, "processes": {"treaty": {"instrument": TREATY}}, "instruments.level": -1.0},
    )
    options = {"replicates": 2, "parameters": "central", "workers": 1, "progress": False}
    return break_even((0.0, 0.6, 1.0), convention=binding, forum=small(), **options)


def test_every_depth_is_run_on_the_draws_of_the_forum(runs):
    assert list(runs["regime"].unique()) == [FORUM, RATIFIED, IMPOSED]
    assert runs.groupby("regime").size().to_dict() == {FORUM: 2, RATIFIED: 6, IMPOSED: 6}
    assert set(MEASURES) < set(runs.columns)
    assert runs.loc[runs["regime"] == FORUM, "depth"].isna().all()


def test_a_text_that_asks_nothing_does_nothing_and_a_deeper_one_more(runs):
    for regime in (RATIFIED, IMPOSED):
        policy = runs[runs["regime"] == regime].groupby("depth")["policy"].mean()
        assert policy.iloc[0] == 0.0
        assert policy.iloc[-1] > 0.0
    imposed = runs[runs["regime"] == IMPOSED].set_index(["replicate", "depth"])["policy"].unstack()
    assert (np.diff(imposed, axis=1) > 0.0).all()


def test_all_are_parties_where_nobody_is_asked(runs):
    by_regime = runs.groupby("regime")["parties"]
    assert (by_regime.get_group(IMPOSED) == 24).all()
    ratified = by_regime.get_group(RATIFIED)
    assert ratified.between(0, 24).all()
    assert 0 < ratified.mean() < 24
    assert (by_regime.get_group(FORUM) == 0).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"depths": (0.5, 1.5)}, "depths: found 1.5"),
        ({"convention": small()}, "0 of its processes have an instrument"),
    ],
)
def test_what_cannot_be_run_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        break_even(**options)


def test_breadth_falls_with_equality_clauses_and_rises_with_security():
    table = breadth((0.2, 0.8), replicates=2)
    assert len(table) == 2 * 2 * 3
    central = table[table["world"] == 0].set_index(["equality", "depth"])["parties"]
    assert (central.loc[1.0] < central.loc[0.0]).all()
    wanted = breadth((0.2,), (0.0,), security=1.0, replicates=0)
    assert wanted["parties"].iloc[0] > 3.0 * central.loc[(0.0, 0.2)]
    assert (table["developed"] <= table["developed_members"]).all()


@pytest.mark.parametrize(
    ("options", "said"), [({"depths": (2.0,)}, "found 2.0"), ({"paragraphs": ("joy",)}, "found 'joy'")]
)
def test_unknown_texts_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        breadth(**options)
