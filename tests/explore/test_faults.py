"""What the page says when something goes wrong that should not: words, and no traceback."""

from pathlib import Path

import pytest

from migsim.errors import InputError
from migsim.explore.choices import Choice

SMALL = str(Path(__file__).resolve().parents[1] / "small-forum.yaml")


@pytest.fixture
def page():
    from migsim.explore import page

    page.open_with(Choice(SMALL))
    return page


def texts(widget) -> str:
    """All that stands as text in a widget and those within it."""
    if isinstance(widget, str):
        return widget
    inner = list(getattr(widget, "children", None) or ())
    for slot in getattr(widget, "v_slots", None) or ():
        inner += slot["children"] if isinstance(slot["children"], list) else [slot["children"]]
    return " ".join(texts(each) for each in inner)


def failing(fault):
    def fail(*_):
        raise fault

    return fail


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (ZeroDivisionError("inner workings"), "could not be shown"),
        (InputError("the file is gone"), "the file is gone"),
    ],
)
def test_a_page_that_cannot_be_shown_says_so(page, monkeypatch, caplog, fault, said):
    import solara

    monkeypatch.setattr(
        page, "gain_tiles" if isinstance(fault, ZeroDivisionError) else "Life", failing(fault)
    )
    box, rendering = solara.render(page.Page(), handle_error=False)
    told = texts(box)
    rendering.close()
    assert said in told
    assert "inner workings" not in told
    assert "Traceback" not in told
    assert "could not be shown" in caplog.text


def test_a_step_that_fails_stops_the_play_and_says_so(page, monkeypatch):
    visit = page.Visit()
    visit.is_playing.set(True)
    monkeypatch.setattr(visit._life, "step", failing(ZeroDivisionError("inner workings")))
    visit.play()
    assert not visit.is_playing.value
    assert visit.fault.value == page.BROKEN
    assert visit.look.value.year == 2005


def test_a_scenario_that_cannot_begin_leaves_the_world_that_is_there(page):
    visit = page.Visit()
    visit.step()
    visit.choose("no-such-scenario")
    assert "no-such-scenario" in visit.fault.value
    assert visit.look.value.year == 2006
    visit.reset()
    assert (visit.fault.value, visit.look.value.year) == ("", 2005)


def test_a_figure_that_cannot_be_drawn_says_so(page, monkeypatch):
    from migsim.explore import drawing
    from migsim.explore.life import Life

    monkeypatch.setitem(drawing.FIGURES, "opinion", failing(InputError("no such theme")))
    look = Life(Choice(SMALL)).look
    assert drawing.draw("opinion", look, drawing.Subject()).says == "no such theme"
