"""Picking in a notebook: what is offered, what is drawn again, and what happens without ipywidgets."""

import sys

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from migsim import widgets
from migsim.errors import InputError


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """What is displayed, in a list; and no figure kept."""
    kept = []
    plt.switch_backend("agg")
    monkeypatch.setattr(widgets, "_display", kept.append)
    yield kept
    plt.close("all")


def controls_of(page):
    """The controls above the output, by what they are called."""
    return {control.description: control for control in page.children[0].children}


def test_what_is_picked_is_handed_on(shown):
    drawn = []
    widgets.pick(
        lambda **picked: drawn.append(picked),
        theme=("remittances", "decent_work"),
        the_year=range(2007, 2011),
        state={"Mexico": "MEX", "Morocco": "MAR"},
    )
    assert drawn == [{"theme": "remittances", "the_year": 2010, "state": "MEX"}]
    controls = controls_of(shown[-1])
    assert list(controls) == ["theme", "the year", "state"]
    assert [told for told, _ in controls["theme"].options] == ["remittances", "decent work"]
    controls["theme"].value = "decent_work"
    controls["the year"].value = 2008
    controls["state"].value = "MAR"
    assert drawn[-1] == {"theme": "decent_work", "the_year": 2008, "state": "MAR"}
    assert len(drawn) == 4


def test_figures_are_shown_and_let_go_and_others_are_kept(shown):
    mine = plt.figure()
    widgets.pick(lambda theme: plt.subplots()[1], theme=["a", "b"])
    figures = [each for each in shown if isinstance(each, plt.Figure)]
    assert len(figures) == 1
    assert plt.get_fignums() == [mine.number]


def test_tables_are_shown(shown):
    widgets.pick(lambda n: pd.DataFrame({"n": [n]}), n=range(3))
    tables = [each for each in shown if isinstance(each, pd.DataFrame)]
    assert [table["n"].item() for table in tables] == [2]


def test_without_ipywidgets_a_sentence_says_what_is_shown(shown, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    drawn = []
    widgets.pick(lambda **picked: drawn.append(picked), theme=["decent_work", "b"], year=range(2007, 2010))
    assert drawn == [{"theme": "decent_work", "year": 2009}]
    said = capsys.readouterr().out
    assert "this is theme decent work, year 2009" in said
    assert 'pip install "migsim[notebook]"' in said
    assert shown == []


@pytest.mark.parametrize("choices", [{}, {"theme": []}, {"theme": "remittances"}, {"year": 2007}])
def test_faults_say_what_is_allowed(choices):
    with pytest.raises(InputError, match=r"pick: .*(allowed|such as)"):
        widgets.pick(print, **choices)
