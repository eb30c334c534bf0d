"""The page as a visitor has it: in a real browser, cut off from every host but this computer."""

import contextlib
import http.client
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

SMALL = (Path(__file__).resolve().parents[1] / "small-forum.yaml").read_text(encoding="utf-8")
TITLE = "A <b>forum</b> of <img src=x onerror=document.title='broken'> 24"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000
"""Milliseconds that a busy machine may take; where nothing else runs a page takes a few seconds."""
NOBODY_GAINS = "() => [...document.querySelectorAll('.ms-gain')].every(gain => /\\b0$/.test(gain.innerText))"
CUT_OFF = """
import socket, sys

def refuse(host):
    if host not in ("127.0.0.1", "localhost", "", None):
        print("asked for", host, file=sys.stderr, flush=True)
        raise OSError("there is no network here")

def connect(self, place, real=socket.socket.connect):
    refuse(place[0] if isinstance(place, tuple) else "")
    return real(self, place)

def look_up(host, *rest, real=socket.getaddrinfo, **more):
    refuse(host)
    return real(host, *rest, **more)

socket.socket.connect, socket.getaddrinfo = connect, look_up
from migsim.cli import main
sys.exit(main())
"""
"""The command, in a process that can reach this computer alone and tells whom else it asks for."""

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@contextlib.contextmanager
def explore(folder, *arguments):
    """The command in a process of its own, and the files it writes to."""
    told, complained = folder / "told.txt", folder / "complained.txt"
    with told.open("w") as out, complained.open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", CUT_OFF, "explore", *arguments], stdout=out, stderr=err, cwd=folder
        )
    try:
        yield process, told, complained
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Address, process and complaints of a server that knows a small forum."""
    folder = tmp_path_factory.mktemp("explore")
    file = folder / "forum.yaml"
    quick = SMALL.replace("horizon: 2", "horizon: 1")
    file.write_text(quick.replace("title: Small forum", f'title: "{TITLE}"'), encoding="utf-8")
    with explore(folder, str(file), "--no-browser") as (process, told, complained):
        deadline = time.monotonic() + 3 * PATIENCE / 1000
        while "Ctrl-C" not in told.read_text(encoding="utf-8"):
            assert process.poll() is None, complained.read_text(encoding="utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield told.read_text(encoding="utf-8").split()[1], process, complained


@pytest.fixture(scope="module")
def chromium():
    """A browser for which no other host has an address."""
    expect.set_options(timeout=PATIENCE)
    nobody_else = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", nobody_else])
        yield browser
        browser.close()


def visit(chromium, address):
    """A visitor's page and what it asked for."""
    page = chromium.new_context(viewport={"width": 1440, "height": 1100}).new_page()
    page.set_default_timeout(PATIENCE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_selector(".ms-tile")
    return page, asked


@pytest.fixture(scope="module")
def visitor(served, chromium):
    return visit(chromium, served[0])


@pytest.fixture
def page(visitor):
    """The visitor's page at its start, whatever the test before left there."""
    page, _ = visitor
    page.get_by_role("tab", name="Map and gains").click()
    if page.inner_text("h1") != TITLE:
        choose(page, "A <b>", TITLE)
    press(page, "Reset")
    at(page, 2005)
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def says(page, part, words):
    """Wait until a part of the page says something: what a click changes comes piece by piece."""
    expect(page.locator(part)).to_contain_text(words)


def at(page, year):
    """Wait for the end of a year, in each place that tells it."""
    says(page, ".ms-year-now", f"End of {year}")
    says(page, ".ms-head", f"End of {year}")


def dots(page, how_many):
    """Wait until the map shows so many states."""
    page.wait_for_function(f"() => document.querySelectorAll('.ms-map [data-state]').length {how_many}")


def choose(page, typed, title):
    """Take another scenario, and wait for it."""
    page.locator(".ms-scenario input[type=text]").fill(typed)
    page.get_by_role("option", name=title, exact=True).click()
    says(page, "h1", title)


def figure(page, name):
    """Wait until a figure is there and no other is being drawn in its place; its source and size."""
    drawn = f".ms-picture[aria-busy=false] img[data-figure={name}]"
    page.wait_for_function(f"() => (document.querySelector('{drawn}') || {{}}).naturalWidth > 0")
    image = page.locator(drawn)
    return image.get_attribute("src"), image.bounding_box()


@needs_chromium
def test_it_asks_no_other_host(served, visitor):
    page, asked = visitor
    _, _, complained = served
    figure(page, "triple_win")
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(served[0]).netloc}
    assert len(asked) > 5
    assert "asked for" not in complained.read_text(encoding="utf-8")


@needs_chromium
@pytest.mark.parametrize("headers", [{"Host": "elsewhere.example"}, {"Origin": "http://elsewhere.example"}])
def test_pages_of_other_hosts_are_refused(served, headers):
    connection = http.client.HTTPConnection(urlsplit(served[0]).netloc, timeout=60)
    connection.request("GET", "/", headers=headers)
    assert connection.getresponse().status == 403


@needs_chromium
def test_names_stand_as_text(page):
    assert page.inner_text("h1") == TITLE
    assert page.locator("h1 *, img:not([data-figure])").count() == 0
    assert page.title() == f"{TITLE} – migsim explore"


@needs_chromium
def test_step_and_reset(page):
    page.wait_for_function(NOBODY_GAINS)
    first, _ = figure(page, "triple_win")
    for year in (2006, 2007):
        press(page, "Step")
        at(page, year)
    page.wait_for_function(f"() => !({NOBODY_GAINS})()")
    page.wait_for_function("old => document.querySelector('img[data-figure]').src !== old", arg=first)
    press(page, "Reset")
    at(page, 2005)
    page.wait_for_function(NOBODY_GAINS)


@needs_chromium
def test_play_ends_with_the_last_year_and_every_tab_has_its_figures(page):
    press(page, "Play")
    at(page, 2009)
    page.get_by_text("The scenario ends in 2009.").wait_for()
    assert page.get_by_role("button", name="Step", exact=True).is_disabled()
    tabs = {
        "Map and gains": ["triple_win"],
        "Positions and text": ["positions", "agenda"],
        "Opinion": ["opinion"],
        "One state": ["state_story"],
    }
    for tab, names in tabs.items():
        page.get_by_role("tab", name=tab).click()
        for name in names:
            source, box = figure(page, name)
            assert source.startswith("data:image/svg+xml")
            assert box["width"] > 300
            assert box["height"] > 150
    page.get_by_role("tab", name="Positions and text").click()
    assert page.locator(".ms-sheet tbody tr").count() > 3
    page.get_by_role("tab", name="Without the forum").click()
    page.get_by_text("Trust among states").wait_for()


@needs_chromium
def test_a_click_on_a_state_tells_its_story(page):
    dots(page, "=== 24")
    press(page, "Step")
    at(page, 2006)
    press(page, "Step")
    at(page, 2007)
    for iso3, region in (("PHL", "South-eastern Asia"), ("DEU", "Western Europe")):
        box = page.locator(f".ms-map [data-state={iso3}]").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        says(page, ".ms-story", region)
    says(page, ".ms-story", "In 2007 it")


@needs_chromium
def test_a_parameter_that_cannot_be_is_a_message_and_the_world_stays(page):
    press(page, "Step")
    at(page, 2006)
    page.fill(".ms-extra textarea", "processes.gfmd.max_themes = 900")
    press(page, "Reset")
    says(page, ".ms-fault", re.compile(r"^\s*processes\.gfmd\.max_themes: .*900"))
    assert "Traceback" not in page.inner_text("body")
    at(page, 2006)
    page.fill(".ms-extra textarea", "processes.gfmd.max_themes = 1")
    page.wait_for_selector(".ms-pending")
    press(page, "Reset")
    at(page, 2005)
    page.wait_for_selector(".ms-fault", state="detached")
    page.fill(".ms-extra textarea", "")


@needs_chromium
def test_another_scenario_begins_at_once(page):
    press(page, "Step")
    at(page, 2006)
    choose(page, "No forum", "No forum")
    at(page, 2005)
    says(page, ".ms-head", "Nobody meets")
    dots(page, "> 190")
    choose(page, "A <b>", TITLE)
    dots(page, "=== 24")


@needs_chromium
def test_a_narrow_window_shows_buttons_and_what_they_do_at_once(page):
    usual = page.viewport_size
    page.set_viewport_size({"width": 820, "height": 1000})
    try:
        says(page, ".ms-head", "End of 2005: nobody has met yet.")
        press(page, "Step")
        at(page, 2006)
        says(page, ".ms-head", "End of 2006: what meeting has changed")
        for part in (".ms-year-now", ".ms-scenario", ".ms-tile", ".ms-map"):
            box = page.locator(part).first.bounding_box()
            assert 0 <= box["x"] <= 820 - box["width"], part
            assert box["y"] < 800, (part, box)
        wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wider)
    finally:
        page.set_viewport_size(usual)


@needs_chromium
def test_visitors_do_not_share_a_world(page, served, chromium):
    other, _ = visit(chromium, served[0])
    press(other, "Step")
    at(other, 2006)
    assert page.inner_text(".ms-year-now") == "End of 2005"
    press(page, "Step")
    at(page, 2006)
    press(page, "Step")
    at(page, 2007)
    assert other.inner_text(".ms-year-now") == "End of 2006"
    other.context.close()


@needs_chromium
def test_ctrl_c_ends_it_while_a_page_plays_and_once_more_changes_nothing(page, served):
    _, process, complained = served
    press(page, "Play")
    at(page, 2006)
    process.send_signal(signal.SIGINT)
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert complained.read_text(encoding="utf-8") == ""


def test_a_port_in_use_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with explore(tmp_path, "no-forum", "--no-browser", "--port", str(port)) as (
            process,
            told,
            complained,
        ):
            assert process.wait(timeout=60) == 3
        said = complained.read_text(encoding="utf-8")
        assert said.startswith(f"port {port} of 127.0.0.1 is in use; choose another with --port")
        assert said.count("\n") == 1
        assert told.read_text(encoding="utf-8") == ""


def test_without_the_extra_the_command_names_it(capsys, monkeypatch):
    from migsim.cli import main
    from migsim.explore import serving

    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    assert main(["explore", "no-forum", "--no-browser"]) == 3
    said = capsys.readouterr().err
    assert 'pip install "migsim[explore]"' in said
    assert said.count("\n") == 1


def test_a_scenario_that_is_not_there_is_a_fault_of_the_input(capsys):
    from migsim.cli import main

    assert main(["explore", "no-such-forum", "--no-browser"]) == 2
    assert "no-such-forum" in capsys.readouterr().err
