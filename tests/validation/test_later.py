"""Files of later figures: the forms that are read, and what is said of broken ones."""

import pytest

from migsim.errors import InputError
from migsim.validation.later import read_later


def written(tmp_path, text, name="later.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_long_and_wide_forms_say_the_same(tmp_path):
    long = read_later([written(tmp_path, "origin,destination,year,stock\nMEX,USA,2015,5\nMEX,USA,2019,6\n")])
    wide = read_later(
        [written(tmp_path, "origin,destination,stock_2005,stock_2015,stock_2019\nMEX,USA,1,5,6\n")]
    )
    assert (
        long.figures == wide.figures == {"stock": {2015: {("MEX", "USA"): 5.0}, 2019: {("MEX", "USA"): 6.0}}}
    )
    assert long.last == 2019
    assert long.source("stock") == "later.csv"


def test_other_names_and_columns_beside(tmp_path):
    text = "iso3,year,population,remittances_received,immigrants\nMEX,2009,1,22000,\nUSA,2009,2,,45000000\n"
    figures = read_later([written(tmp_path, text)]).figures
    assert figures["remittances"] == {2009: {("MEX",): 22000.0}}
    assert figures["immigrants"] == {2009: {("USA",): 45000000.0}}
    figures = read_later([written(tmp_path, "origin,destination,year,refugees\nSYR,TUR,2015,9\n")]).figures
    assert figures["refugees"] == {2015: {("SYR", "TUR"): 9.0}}


def test_several_files_are_read_together(tmp_path):
    one = written(tmp_path, "state,year,remittances\nMEX,2008,1\n", "one.csv")
    two = written(tmp_path, "state,year,remittances\nMEX,2009,2\n", "two.csv")
    assert read_later([one, two]).source("remittances") == "one.csv, two.csv"
    assert read_later([]).figures == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: columns are"),
        ("state,year,joy\nMEX,2015,1\n", "they must be one of"),
        ("origin,year,stock\nMEX,2015,1\n", "stock also needs destination"),
        ("origin,destination,stock\nMEX,USA,1\n", "needs a column year"),
        ("origin,destination,year,stock_2015\nMEX,USA,2015,1\n", "not both"),
        ("origin,destination,stock_2025\nMEX,USA,1\n", "years must be 2006 to 2020"),
        (
            "origin,destination,year,stock\nMEX,USA,2021,1\n",
            ":2: year is '2021'; it must be from 2006 to 2020",
        ),
        ("origin,destination,year,stock\nMEX,USA,2005,1\n", ":2: year is '2005'"),
        ("origin,destination,year,stock\nMEX,USA,2015,many\n", ":2: stock is 'many'; it must be a number"),
        ("origin,destination,year,stock\nMEX,USA,2015,-1\n", ":2: stock is '-1'"),
        ("origin,destination,year,stock\nMEX,USA,2015,nan\n", ":2: stock is 'nan'"),
        ("origin,destination,year,stock\nMEX,MEX,2015,1\n", ":2: MEX is both origin and destination"),
        ("origin,destination,year,stock\nmex,USA,2015,1\n", "did you mean MEX?"),
        ("origin,destination,year,stock\nMEX,USA,2015\n", ":2: 3 cells; the first line has 4"),
        (
            "origin,destination,year,stock\nMEX,USA,2015,1\n\nMEX,USA,2015,2\n",
            ":4: stock of MEX-USA in 2015 stands twice",
        ),
        ("origin,destination,year,stock\nMEX,USA,2015,\n", "no figure in it"),
        ("state,year,immigrants\nDEU,2015,14.5\nFRA,2015,12\n", ":2: immigrants is 14.5 at most"),
    ],
)
def test_broken_files_are_refused_with_place_and_remedy(tmp_path, text, said):
    with pytest.raises(InputError) as refused:
        read_later([written(tmp_path, text)])
    assert "later.csv" in str(refused.value)
    assert said in str(refused.value)


def test_every_fault_is_told_at_once(tmp_path):
    rows = "".join(f"X{n:02},USA,2015,1\n" for n in range(30))
    with pytest.raises(InputError) as refused:
        read_later([written(tmp_path, f"origin,destination,year,stock\n{rows}"), tmp_path / "absent.csv"])
    lines = str(refused.value).splitlines()
    assert len(lines) == 26
    assert lines[-1] == "and 6 more"
    assert "origin is 'X00'" in lines[0]
