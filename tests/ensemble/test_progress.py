"""How far a run is, and how much of it failed."""

import re

from rich.console import Console

from migsim.ensemble import progress
from migsim.ensemble.progress import meter


def test_lines_tell_how_long_and_how_many_failed(capsys, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    with meter("forum", 10, True) as shown:
        shown.advance(5)
        shown.fail(0)
        shown.advance(-3)
        shown.fail(2)
        shown.advance(4)
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"forum: 50% done, about \d+ s left", lines[0])
    assert re.fullmatch(r"forum: 20% done, about \d+ s left", lines[1])
    assert re.fullmatch(r"forum: 60% done, 2 failed, about \d+ s left", lines[2])


def test_what_was_done_before_took_no_time(capsys, monkeypatch):
    now = iter([0.0, 10.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    with meter("forum", 1000, True, before=900) as shown:
        shown.advance(10)
    assert capsys.readouterr().err == "forum: 91% done, about 90 s left\n"


def test_the_bar_tells_failures():
    bar, console = progress._bar(), Console(force_terminal=True, width=100)
    shown = progress._Bar(bar, bar.add_task("forum", total=10, failed=""))
    shown.advance(4)
    shown.fail(3)
    with console.capture() as told:
        console.print(bar.get_renderable())
    assert "3 failed" in told.get()
    assert "40%" in told.get()
