"""The figure of history."""

import numpy as np
import pandas as pd
import pytest

from migsim import plots
from migsim.facts import recorded_parties
from migsim.plots.chronicle import NO_PARTY, NOTHING_MET, meetings, parties

STATES = ("MEX", "PHL", "DEU")


def make_attendance(n: int = 4) -> pd.DataFrame:
    """A forum each year, a council each year, summits in the first world in 2010 and in two in 2015."""
    rows = [
        (replicate, year, process)
        for replicate in range(n)
        for year in (2009, 2010, 2015)
        for process in ("gfmd", "council")
    ]
    rows += [(0, 2010, "summits"), (0, 2015, "summits"), (1, 2015, "summits")]
    return pd.DataFrame(
        [(*row, state, True) for row in rows for state in STATES],
        columns=["replicate", "year", "process", "state", "attended"],
    )


def make_ratifications() -> pd.DataFrame:
    """Mexico was a party before; the Philippines join in one world."""
    rows = [(r, 1999, "migrant-workers-convention", "MEX") for r in range(4)]
    rows.append((2, 2010, "migrant-workers-convention", "PHL"))
    rows.append((0, 2009, "treaty", "DEU"))
    return pd.DataFrame(rows, columns=["replicate", "year", "instrument", "state"])


def drawn(**options):
    given = {"n_worlds": 4, "open_processes": ["summits", "conference"]} | options
    return plots.history(make_attendance(), make_ratifications(), **given)


def rows_of(panel):
    return [tick.get_text().replace("\n", " ") for tick in panel.get_yticklabels()]


def test_shares_are_of_all_worlds():
    shares = meetings(make_attendance(), 8).set_index(["process", "year"])["share"]
    assert shares["summits", 2015] == 2 / 8
    assert shares["gfmd", 2009] == 4 / 8
    assert ("summits", 2009) not in shares.index


def test_parties_add_up_and_worlds_without_any_count():
    table = parties(make_ratifications(), [2009, 2010], [0, 1, 2, 3])
    counts = table.set_index(["instrument", "replicate", "year"])["parties"]
    assert counts["migrant-workers-convention", 2, 2009] == 1
    assert counts["migrant-workers-convention", 2, 2010] == 2
    assert counts["migrant-workers-convention", 3, 2010] == 1
    assert counts["treaty", 1, 2010] == 0
    assert counts["treaty", 0, 2009] == 1


def test_only_what_is_open_has_a_row_and_the_forum():
    top, _ = drawn(titles={"summits": "The clubs"})
    assert rows_of(top) == ["gfmd", "The clubs", "conference", "Others, as their calendars say (number)"]
    said = [text.get_text() for text in top.texts]
    assert said.count("100") == 3, "the forum in three years"
    assert {"25", "50"} <= set(said)
    assert said.count("1") == 3, "the council is counted in the last row"


def test_a_frame_stands_where_the_record_has_it():
    top, _ = drawn()
    (frame,) = [patch for patch in top.patches if patch.get_gid() == "on record"]
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(2015)
    top, _ = drawn(years=range(2009, 2012))
    assert not [patch for patch in top.patches if patch.get_gid() == "on record"]


def test_darker_means_more_worlds():
    top, _ = drawn()
    cells = {
        (round(p.get_x() + 0.48), round(p.get_y() + 0.45)): sum(p.get_facecolor()[:3])
        for p in top.patches
        if p.get_gid() is None
    }
    assert cells[2015, 0] < cells[2015, 1] < cells[2010, 1]
    assert (2009, 1) not in cells


def test_parties_are_lines_with_the_record_as_dots():
    _, bottom = drawn(years=range(2009, 2012))
    lines = {line.get_label(): line for line in bottom.lines}
    np.testing.assert_allclose(lines["treaty"].get_ydata(), 0.0)
    np.testing.assert_allclose(lines["migrant-workers-convention"].get_ydata(), 1.0)
    (dots,) = [line for line in bottom.lines if line.get_linestyle() == "None"]
    known = list(recorded_parties("migrant-workers-convention").values())
    assert list(dots.get_ydata()) == [sum(y <= year for y in known) for year in dots.get_xdata()]
    assert max(dots.get_xdata()) <= 2010


def test_the_caption_says_what_is_certain_and_what_never_met():
    caption = plots.caption_of(drawn(spread="ranged", titles={"conference": "A conference"}))
    assert "Met in no world: A conference." in caption
    assert "Orange frames: the year on record" in caption
    assert "n = 4 worlds that differ in parameters and chance." in caption


def test_nothing_to_show():
    panels = plots.history(make_attendance().head(0), make_ratifications().head(0))
    assert NOTHING_MET in plots.caption_of(panels)
    assert [panel.texts[0].get_text() for panel in panels] == [NOTHING_MET, NO_PARTY]
