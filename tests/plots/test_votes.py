"""The figure of votes."""

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.errors import InputError
from migsim.plots.votes import NO_VOTE, SHADES, vote_shares
from tests.plots.conftest import make_votes


def test_shares_are_means_over_worlds_and_sum_to_one():
    table = pd.DataFrame(
        {
            "replicate": [0, 0, 0, 1, 1, 1],
            "state": ["MEX", "USA", "DEU"] * 2,
            "vote": ["yes", "no", "absent", "yes", "abstain", "absent"],
        }
    )
    shares = vote_shares(table, {"Europe": ["DEU"], "America": ["MEX", "USA"], "Asia": ["IND"]})
    assert list(shares.index) == ["Europe", "America"]
    assert shares.loc["America", list(SHADES)].to_dict() == {
        "yes": 0.5,
        "abstain": 0.25,
        "no": 0.25,
        "absent": 0.0,
    }
    assert shares.loc["Europe", "absent"] == 1.0
    assert shares["n_states"].to_list() == [1, 2]
    np.testing.assert_allclose(shares[list(SHADES)].sum(axis=1), 1.0)


def test_bars_fill_the_panel_and_name_every_group():
    by_region, by_income = plots.vote(make_votes())
    for panel, n_groups in ((by_region, 5), (by_income, 4)):
        assert len(panel.get_yticks()) == n_groups
        ends = {}
        for bar in panel.patches:
            ends[bar.get_y()] = ends.get(bar.get_y(), 0.0) + bar.get_width()
        np.testing.assert_allclose(list(ends.values()), 100.0)
        assert len(ends) == n_groups
    assert next(tick.get_text() for tick in by_income.get_yticklabels()).startswith("High income (")


def test_the_caption_counts():
    caption = plots.caption_of(plots.vote(make_votes(4), spread="ranged"))
    yes = make_votes(4).query("vote == 'yes'").groupby("replicate").size()
    assert f"{yes.median():.0f} states (5–95 %: " in caption
    assert "adopted in 4 of the worlds with a vote; n = 4 worlds that differ" in caption


def test_one_vote_is_chosen():
    first = make_votes().assign(year=2016, instrument="declaration")
    both = pd.concat([make_votes(), first])
    figure = plots.vote(both)[0].get_figure()
    assert any("compact, 2018" in text.get_text() for text in figure.texts)
    figure = plots.vote(both, instrument="declaration", titles={"declaration": "The Declaration"})
    assert any("The Declaration, 2016" in text.get_text() for text in figure[0].get_figure().texts)
    with pytest.raises(InputError, match=r"votes were taken on: declaration, compact"):
        plots.vote(both, instrument="treaty")
    with pytest.raises(InputError, match=r"there was one in 2016"):
        plots.vote(both, instrument="declaration", year=2018)


@pytest.mark.parametrize("empty", [make_votes().head(0), pd.DataFrame()])
def test_without_a_vote(empty):
    drawn = plots.vote(empty)
    assert NO_VOTE in plots.caption_of(drawn)
    assert all(panel.get_xlabel() for panel in drawn)
