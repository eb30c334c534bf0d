"""Figures of the world: what their captions find, and edges."""

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.errors import InputError
from migsim.facts import load
from migsim.facts.last_years import LAST_YEAR_OF_DATA, LAST_YEARS
from migsim.facts.treaties import LAST_YEAR_RECORDED
from migsim.plots.fulfilment import done_by_world
from migsim.plots.projections import MARK
from tests.plots.conftest import (
    PARTS,
    make_implementation,
    make_lives,
    make_market,
    make_moves,
    make_texts,
    make_world,
)


def words_in(drawn):
    panels = np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()
    return " ".join(text.get_text() for panel in panels for text in panel.texts)


def test_a_market_is_summed_over_years():
    caption = plots.caption_of(plots.marketplace(make_market()))
    assert "12 projects (5–95 %: 10 to 14) are matched in all years" in caption
    assert "delegations ask 211 times" in caption


def test_a_market_shows_the_themes_it_served():
    _, themes = plots.marketplace(make_market())
    assert [label.get_text() for label in themes.get_yticklabels()] == ["Legal mobility", "Remittances"]


def test_many_scenarios_have_a_row_each_and_none_is_dropped():
    frames = {f"s{n}": make_market() for n in range(6)} | {"failed": None}
    drawn = plots.marketplace(frames)
    assert [label.get_text() for label in drawn[0].get_yticklabels()] == [*frames]
    assert "No result: failed" in plots.caption_of(drawn)
    lives = plots.wellbeing({"a": make_lives(), "failed": None})
    assert [label.get_text() for label in lives[0].get_yticklabels()] == ["a", "failed"]
    assert "No result: failed" in plots.caption_of(lives)


def test_no_market_and_no_pledge():
    silent = make_market().assign(market_demands=0.0, market_offers=0.0, matches=0.0)
    assert "no marketplace was held" in words_in(plots.marketplace(silent))
    unpledged = make_implementation().assign(pledges=0.0, asked=0.0)
    assert "no text was pledged" in words_in(plots.implementation(unpledged))


@pytest.mark.parametrize("empty", [pd.DataFrame(), make_moves().head(0)])
def test_no_world(empty):
    for draw in (plots.implementation, plots.corridors, plots.migrations):
        drawn = draw(empty)
        assert "no world was run" in words_in(drawn)
        assert "Nothing to show" in plots.caption_of(drawn)
    for draw in (plots.marketplace, plots.wellbeing):
        assert "no world was run" in words_in(draw({"gfmd": empty}))


def test_what_is_done_is_measured_against_the_paired_world():
    done = done_by_world(make_implementation(n=1))
    assert set(done["theme"]) == {"remittances"}
    assert done.loc[done["year"] == 2015, "done"].item() == pytest.approx(10.0)
    drawn = plots.implementation(make_implementation())
    assert "11 % (5–95 %: 10 to 11) is done by 2015" in plots.caption_of(drawn)
    assert "–" in {text.get_text() for text in drawn.texts}, "pledged where as much is done already"


def test_lives_are_compared_with_the_paired_world():
    caption = plots.caption_of(plots.wellbeing(make_lives()))
    assert "displaced 1.1 (5–95 %: 1.0 to 1.1)" in caption
    assert "skilled 0 in every world" in caption
    with pytest.raises(InputError, match="there are work, status"):
        plots.wellbeing(make_lives(), aspect="wages")


def test_corridors_stand_by_size():
    drawn = plots.corridors(make_moves(), most=2)
    names = [label.get_text() for label in drawn[0].get_yticklabels()]
    assert names == ["Mexico – United States", "Syria – Türkiye"]
    assert "Largest in 2015: Mexico – United States, 10.6 million people" in plots.caption_of(drawn)
    assert "beyond chance on 2 of these 2" in plots.caption_of(drawn)
    with pytest.raises(InputError, match="it has 2005, 2015"):
        plots.corridors(make_moves(), year=2010)


def test_corridors_of_a_full_record_sum_the_classes():
    record = make_moves().drop(columns=["baseline_stock", "baseline_flow"])
    halves = pd.concat(
        [record.assign(**{"class": name, "stock": record["stock"] / 2}) for name in ("a", "b")]
    )
    drawn = plots.corridors(halves)
    assert "10.6 million people" in plots.caption_of(drawn)
    assert "no paired world" in words_in(drawn)


def test_bands_add_up_and_their_ends_are_told():
    drawn = plots.migrations(make_moves(pairs=PARTS), amount="stock")
    caption = plots.caption_of(drawn)
    assert "Southern Asia to Western Asia (11); Northern Africa to Europe (5)." in caption
    assert "The forum adds 3 thousand" in caption
    written = words_in(drawn)
    assert "Europe 8" in written, "as an origin"
    assert "Europe 12" in written, "as a destination"
    with pytest.raises(InputError, match="allowed are flow, stock"):
        plots.migrations(make_moves(), amount="people")


def test_one_world_has_no_interval():
    drawn = (
        plots.marketplace(make_market(n=1)),
        plots.wellbeing(make_lives(n=1)),
        plots.implementation(make_implementation(n=1)),
        plots.corridors(make_moves(n=1)),
        plots.migrations(make_moves(n=1, pairs=PARTS)),
    )
    for each in drawn:
        assert "n = 1" in plots.caption_of(each)
        assert "5–95" not in plots.caption_of(each)
        assert "beyond chance" not in plots.caption_of(each)


def marks(drawn):
    panels = np.atleast_1d(np.asarray(drawn, dtype=object)).ravel()
    return [[part for part in panel.get_children() if part.get_gid() == MARK] for panel in panels]


def test_years_past_the_data_are_shaded_in_every_figure_over_years():
    for drawn in (
        plots.triple_win(make_world()),
        plots.opinion(make_world()),
        plots.remittances(make_world()),
        plots.implementation(make_implementation()),
        plots.marketplace(make_market()),
    ):
        found = marks(drawn)
        assert all(len(each) == 1 for each in found)
        assert "Shaded years are a projection" in plots.caption_of(drawn)
    band = marks(plots.triple_win(make_world()))[0][0]
    assert band.get_x() == LAST_YEAR_OF_DATA + 0.5
    for drawn in (plots.triple_win(make_world(years=range(2005, 2014))), plots.agenda(make_texts())):
        assert not any(marks(drawn))
        assert "projection" not in plots.caption_of(drawn)


def test_shading_moves_no_axis():
    before = plots.remittances(make_world(years=range(2005, 2014))).get_xlim()
    after = plots.remittances(make_world(years=range(2006, 2015))).get_xlim()
    assert np.diff(before) == pytest.approx(np.diff(after))


def test_the_last_years_are_those_of_the_figures():
    facts = load()
    last = {
        name: int(facts.years[np.flatnonzero(np.isfinite(getattr(facts, name)).any(axis=0))[-1]])
        for name in ("growth", "remittances_received")
    }
    assert last["growth"] == LAST_YEARS["growth"] == LAST_YEAR_OF_DATA
    assert last["remittances_received"] == LAST_YEARS["remittances"]
    assert facts.stock_years[-1] == LAST_YEARS["stocks"]
    assert facts.refugee_years[-1] == LAST_YEARS["refugees"]
    assert LAST_YEARS["ratifications"] == LAST_YEAR_RECORDED
