"""A few small runs that the tests of the pages share."""

import shutil

import matplotlib as mpl
import pytest

import migsim as ms
from tests.lives import SMALL

EVIL = '<script>alert(1)</script> & "Friends" </title></style> --> $x$ {{ 7*7 }} | `x`'
"""A title that would do harm wherever it is not taken for text."""


@pytest.fixture(autouse=True)
def no_window():
    """Figures without a window."""
    with mpl.rc_context({"backend": "agg"}):
        yield


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder with a scenario file and runs: two of the small forum, others, a sweep; kept as it is."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(SMALL, folder / SMALL.name)
    small = ms.load(folder / SMALL.name)
    runs = folder / "runs"
    ms.run(small, replicates=3, seed=3, workers=1, out=runs / "small-forum")
    ms.run(small, replicates=3, seed=3, workers=2, out=runs / "again")
    evil = small.vary("evil", {"title": EVIL, "description": f"<img src=x onerror=alert(2)> {EVIL}"})
    ms.run(evil, replicates=2, seed=3, workers=1, out=runs / "evil")
    ms.run(small.vary("nobody", {"processes": {}}), replicates=2, seed=3, workers=1, out=runs / "nobody")
    swept = {"processes.gfmd.max_themes": [1, 2]}
    ms.sweep(small, swept, replicates=1, seed=3, workers=1, out=runs / "sweep")
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """The same in a folder of its own, which is where the test is."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """Reports with two figures in the place of six, for tests that are not about figures."""
    for names in ("OF_ONE", "OF_MANY"):
        monkeypatch.setattr(f"migsim.report.reporting.{names}", ("triple_win", "attendance"))
