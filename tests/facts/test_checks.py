"""A broken data file is refused, and the message says where."""

from __future__ import annotations

import shutil

import pytest

from migsim.errors import InputError
from migsim.facts import load
from migsim.facts.reading import COLUMNS, FOLDER


@pytest.fixture
def folder(tmp_path):
    for file in COLUMNS:
        shutil.copy(FOLDER / file, tmp_path / file)
    return tmp_path


def change(path, line, old, new):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def message(folder):
    with pytest.raises(InputError) as refused:
        load(folder)
    return str(refused.value)


def test_a_whole_copy_is_accepted(folder):
    assert load(folder).n_corridors == 7116


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "said"),
    [
        ("corridors.csv", 2, "AFG", "AFX", "origin is 'AFX', which is no state of states.csv"),
        ("corridors.csv", 3, "12580", "-12580", "stock_2000 is -12580; it must lie in 0 to 5e+07"),
        ("corridors.csv", 3, "AUS", "ARE", "AFG, ARE stands already on line 2"),
        ("corridors.csv", 2, "ARE", "AFG", "AFG is both origin and destination"),
        ("corridors.csv", 2, "2668", "many", "stock_2000 is 'many', which is not a number"),
        ("corridors.csv", 2, "2668", "", "stock_2000 is empty"),
        ("corridors.csv", 2, "2668", "nan", "stock_2000 is nan; it must lie in"),
        ("panel.csv", 2, "2000", "1999", "year is 1999; it must lie in 2000 to 2017"),
        ("panel.csv", 2, "20130000", "20.13", "population is 20.13; it must lie in"),
        ("panel.csv", 2, "AFG,2000", "AFG,2001", "AFG, 2001 stands already on line 2"),
        ("refugees.csv", 2, "2005", "2006", "refugees are counted in 2005, 2007, 2010"),
        ("refugees.csv", 2, "AFG", "ZZZ", "origin is 'ZZZ'"),
        (
            "states.csv",
            2,
            ",L,L,",
            ",L,M,",
            "income_group_2010 is 'M'; it must be one of (empty), L,",
        ),
        ("states.csv", 2, "AFG", "Afg", "iso3 is 'Afg'; it must be three capital letters"),
        ("states.csv", 2, "33,66", "133,66", "latitude is 133; it must lie in -90 to 90"),
        ("membership.csv", 2, "MNE", "MON", "iso3 is 'MON'"),
    ],
)
def test_a_fault_is_located(folder, file, line, old, new, said):
    change(folder / file, line, old, new)
    found = message(folder)
    assert said in found
    # A second row of the same pair is reported where it stands.
    assert f"{file}:{line + 1 if new == 'AFG,2001' else line}: " in found


def test_all_faults_are_told_at_once(folder):
    change(folder / "corridors.csv", 2, "AFG", "AFX")
    change(folder / "panel.csv", 4, "AFG", "AFX")
    found = message(folder)
    assert "corridors.csv:2: " in found
    assert "panel.csv:4: " in found


def test_a_missing_year_is_named(folder):
    path = folder / "panel.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    assert "panel.csv:2: AFG has no row for 2000" in message(folder)


def test_corridors_above_the_total_are_refused(folder):
    change(folder / "states.csv", 6, "3281000", "3281")
    found = message(folder)
    assert "states.csv:6: the corridors to ARE add up to" in found
    assert "see that both are in persons" in found


def test_other_columns_are_refused(folder):
    change(folder / "refugees.csv", 1, "host", "hosts")
    assert "refugees.csv:1: columns are year, origin, hosts, refugees; they must be" in message(folder)


def test_a_short_row_is_refused(folder):
    change(folder / "refugees.csv", 5, ",AFG", "")
    assert "refugees.csv:5: 3 cells; there must be 4" in message(folder)


def test_a_missing_file_is_named(folder):
    (folder / "panel.csv").unlink()
    assert "panel.csv: no such data file" in message(folder)
