"""The parameter registry: the shipped table is sound, and an unsound one is found out."""

import pytest

from migsim.errors import InputError
from migsim.provenance.parameters import COLUMNS, read_registry, registry

HEADER = ",".join(COLUMNS)
LEVERS = "theme,paragraph,acts_on,side,unit,low,default,high,sign_status,title,source,note"


def table(folder, *rows, levers=()):
    (folder / "parameters.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (folder / "levers.csv").write_text("\n".join([LEVERS, *levers]) + "\n", encoding="utf-8")
    return read_registry(folder)


def test_the_shipped_tables_are_sound():
    assert registry().check() == []
    assert len(registry()) > 0


def test_the_registry_is_read_once():
    assert registry() is registry()


def test_a_concrete_path_falls_under_its_row():
    row = registry().match("processes.gfmd.protocol.tolerance")
    assert row is not None
    assert row.path == "processes.*.protocol.tolerance"
    assert registry().match("processes.gfmd") is None
    assert registry().match("processes") is None
    assert registry().match("") is None


def test_a_group_holds_its_rows_only():
    paths = [row.path for row in registry().group("processes.any.protocol")]
    assert paths
    assert all(path.startswith("processes.*.protocol.") for path in paths)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("processes.gfmd.max_theme", "processes.gfmd.max_themes"),
        ("processes.gfmd.tolerance", "processes.gfmd.protocol.tolerance"),
        ("world.flow.network", "world.flows.network"),
        ("zzz", None),
    ],
)
def test_a_mistyped_path_finds_its_neighbour(typed, meant):
    assert registry().suggest(typed) == meant


def test_every_lever_is_a_parameter(tmp_path):
    lever = (
        "remittances,transfer_cost,transfer_cost,host,log,-0.5,-0.2,0.1,sampled,Cost of sending,assumption,"
    )
    row = table(tmp_path, levers=[lever])["levers.transfer_cost"]
    assert (row.kind, row.unit, row.low, row.default, row.high) == ("number", "log", -0.5, -0.2, 0.1)


def test_what_is_drawn_has_a_range_or_is_varied(tmp_path):
    made = table(
        tmp_path,
        "world.a.drawn,number,share,0.5,0,1,,t,assumption,",
        "world.a.held,number,share,0.5,,,,t,assumption,",
        "world.a.varied,choice,choice,x,,,x|y,t,assumption,varied",
        "world.a.chosen,choice,choice,x,,,x|y,t,assumption,",
    )
    assert [row.is_drawn for row in made.rows] == [True, False, True, False]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("world.a.b,number,furlongs,1,,,,t,assumption,", "unit 'furlongs'"),
        ("world.a.b,number,share,0.5,0.6,1,,t,assumption,", "outside its range"),
        ("world.a.b,number,share,0.5,0.1,,,t,assumption,", "one end of a range"),
        ("world.a.b,number,share,1.5,,,,t,assumption,", "outside the bounds of share"),
        ("world.a.b,number,share,0.5,-1,1,,t,assumption,", "outside the bounds of share"),
        ("world.a.b,choice,choice,z,,,x|y,t,assumption,", "not among the options"),
        ("world.a.b,flag,flag,true,,,x|y,t,assumption,", "only a choice has options"),
        ("world.a.b,number,share,0.5,,,,,assumption,", "no title"),
        ("world.a.b,number,share,0.5,,,,t,,", "no source"),
        ("world.a.b,number,share,0.5,,,,t,hearsay,", "source 'hearsay'"),
        ("World.A,number,share,0.5,,,,t,assumption,", "not dotted lower-case"),
        ("processes.gfmd.x,number,share,0.5,,,,t,assumption,", "has * for the process"),
    ],
)
def test_an_unsound_row_is_found_out(tmp_path, row, said):
    problems = table(tmp_path, row).check()
    assert any(said in problem for problem in problems), problems


def test_a_path_stands_once_and_is_no_group(tmp_path):
    row = "world.a.b,number,share,0.5,,,,t,assumption,"
    problems = table(tmp_path, row, row, row.replace("a.b", "a")).check()
    assert "world.a.b: stands twice" in problems
    assert "world.a: is both a parameter and a group of parameters" in problems


@pytest.mark.parametrize(
    "row",
    [
        "world.a.b,number,share,much,,,,t,assumption,",
        "world.a.b,tensor,share,1,,,,t,assumption,",
        "world.a.b,number",
    ],
)
def test_an_unreadable_row_is_named_by_its_line(tmp_path, row):
    with pytest.raises(InputError, match=r"parameters\.csv:2"):
        table(tmp_path, row)
