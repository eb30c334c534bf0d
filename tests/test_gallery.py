"""The gallery shows every figure that the package draws, by code that draws it, in small pictures."""

import ast
import re
import sys

import pytest

from migsim import plots
from tests.test_docs import ROOT, generator, text_of

PICTURES = ROOT / "docs" / "figures" / "gallery"
OBJECTS = set(re.findall(r"^(\w+) = ", text_of("gallery.md"), re.M))
"""What the lines of code stand on, as the page tells it."""
NO_FIGURES = {"caption_of", "ranking_table", "save"}
"""What `migsim.plots` offers beside figures."""


def entries():
    return [figure for section in generator().gallery_sections() for figure in section["figures"]]


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A copy of the table to be spoilt."""
    copy = tmp_path / "gallery.toml"
    copy.write_text(generator().GALLERY.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(generator(), "GALLERY", copy)
    return copy


def test_every_figure_of_the_package_is_shown():
    assert generator().missing_from_gallery() == []
    drawn = generator().figure_functions().values()
    assert {name for name in plots.__all__ if getattr(plots, name) not in drawn} == NO_FIGURES
    assert {generator().drawn_by(entry["draws"]) for entry in entries()} == set(drawn)


def test_a_figure_without_an_entry_is_told(table, monkeypatch, capsys):
    text = table.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if 'draws = "weakest"' not in line]
    table.write_text("\n".join(kept), encoding="utf-8")
    assert generator().missing_from_gallery() == ["wins.weakest"]
    monkeypatch.setattr(generator(), "stale_documents", dict)
    assert generator().main(["--check"]) == 1
    assert "no entry for migsim.plots.wins.weakest" in capsys.readouterr().err


def test_a_new_figure_would_be_found(monkeypatch):
    def novel(frame, *, ax=None):
        """A figure that nobody shows."""

    module = sys.modules["migsim.plots.wins"]
    novel.__module__ = module.__name__
    monkeypatch.setattr(module, "novel", novel, raising=False)
    monkeypatch.setattr(module, "__all__", [*module.__all__, "novel"])
    assert generator().missing_from_gallery() == ["wins.novel"]


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["name"])
def test_an_entry_is_one_line_of_code_and_one_sentence(entry):
    assert re.fullmatch(r"[a-z_]+", entry["name"])
    assert re.fullmatch(r"[A-Z][^.]*\.", entry["shows"]), "one sentence"
    used = {node.id for node in ast.walk(ast.parse(entry["code"], mode="eval")) if isinstance(node, ast.Name)}
    assert used <= {"ms", "plots", "pd", *OBJECTS}


def test_the_pictures_are_those_named_and_small():
    sizes = {path.stem: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(sizes) == {entry["name"] for entry in entries()}
    assert len(sizes) == len(entries())
    assert max(sizes.values()) < 60_000
    assert sum(sizes.values()) < 1_500_000
