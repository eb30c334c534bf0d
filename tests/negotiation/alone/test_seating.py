"""Seating the actors of an input, and everything that can be wrong with it."""

import numpy as np
import pandas as pd
import pytest

from migsim.errors import InputError
from migsim.negotiation.alone.seating import seat
from migsim.negotiation.registry import protocol

SETUP = {"tolerance": 0.15, "max_ambiguity": 0.3, "observer_weight": 0.1}
TWO = {"actor": ["A", "B"], "position": [20, 60]}


def seated(given, name="compromise", **setup):
    return seat(given, protocol(name), **(SETUP | setup))


def faults(given, name="compromise"):
    with pytest.raises(InputError) as error:
        seated(given, name)
    return str(error.value).splitlines()


def test_what_is_not_given_takes_its_default():
    sitting = seated(TWO)
    assert sitting.actors == ("A", "B")
    assert sitting.roles == ("host", "host")
    assert sitting.themes == ("text",)
    assert sitting.table.position.tolist() == [[0.2], [0.6]]
    assert sitting.table.salience.tolist() == [[1.0], [1.0]]
    assert sitting.table.weight.tolist() == [1.0, 1.0]
    assert sitting.table.may_block.tolist() == [1.0, 1.0]
    assert sitting.table.group.tolist() == [0, 1]


def test_columns_of_other_tables_are_understood():
    plain = seated({**TWO, "theme": ["x", "x"], "salience": [0.5, 0.25]})
    other = seated(
        {"Actor": ["A", "B"], "issue": ["x", "x"], "position_0_100": [20, 60], "salience_pct": ["50", "25"]}
    )
    assert other.themes == plain.themes
    np.testing.assert_array_equal(other.table.position, plain.table.position)
    np.testing.assert_array_equal(other.table.salience, plain.table.salience)


def test_order_is_that_of_first_rows_whatever_the_order_of_the_others():
    rows = pd.DataFrame(
        [("B", "y", 1), ("A", "x", 2), ("B", "x", 3), ("A", "y", 4)], columns=["actor", "theme", "position"]
    )
    sitting = seated(rows)
    assert (sitting.actors, sitting.themes) == (("B", "A"), ("y", "x"))
    assert sitting.table.position.tolist() == [[0.01, 0.03], [0.04, 0.02]]


def test_draft_leans_to_those_who_are_no_states_by_their_weight():
    rows = {
        "actor": ["A", "B", "C"],
        "role": ["host", "departure", "igo"],
        "capability": [3, 1, 5],
        "position": [0, 40, 90],
    }
    sitting = seated(rows, observer_weight=0.2)
    assert sitting.table.may_block.tolist() == [1.0, 1.0, 0.0]
    assert sitting.table.draft.tolist() == pytest.approx([0.8 * 0.1 + 0.2 * 0.9])
    assert seated({**rows, "role": ["host"] * 3}).table.draft.tolist() == pytest.approx([0.49 / 0.9])
    assert seated({**rows, "role": ["civil"] * 3}).table.draft.tolist() == pytest.approx([0.49 / 0.9])
    indifferent = seated({**rows, "salience": [0, 0, 0]}, observer_weight=0.2)
    assert indifferent.table.draft.tolist() == pytest.approx([0.8 * 0.1 + 0.2 * 0.9])


def test_groups_are_those_named():
    named = seated({"actor": list("ABCD"), "position": [1] * 4, "group": ["east", "west", "east", ""]})
    group = named.table.group
    assert group[0] == group[2]
    assert len({group[0], group[1], group[3]}) == 3


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("position", 101, "position: found 101; allowed: a number from 0 to 100"),
        ("position", "abc", "position: found 'abc'"),
        ("position", "1_0", "position: found '1_0'"),
        ("position", "50,5", "write a decimal point"),
        ("position", float("nan"), "position: found nothing"),
        ("position", float("inf"), "position: found inf"),
        ("position", True, "position: found true"),
        ("position", None, "position: found nothing"),
        ("position", [1], "position: found a list"),
        ("position", pd.NA, "position: found nothing"),
        ("capability", -1, "capability: found -1; allowed: a number, 0 or more"),
        ("capability", 1e300, "capability: found 1e+300"),
        ("salience", 88, "or name the column salience_pct, from 0 to 100"),
        (
            "role",
            "hst",
            "role: found 'hst'; allowed: host, departure, transit, igo, civil; did you mean host?",
        ),
        ("actor", "", "actor: found nothing"),
        ("actor", "a\x1bb", "actor: found 'a\\x1bb'"),
        ("theme", "x" * 201, "theme: found"),
    ],
)
def test_cells_that_are_not_allowed_are_told_with_their_row(column, cell, told):
    columns = {
        "actor": ["A", "B"],
        "role": ["host", "host"],
        "capability": [1.0, 1.0],
        "theme": ["x", "x"],
        "position": [1.0, 2.0],
        "salience": [1.0, 1.0],
    }
    columns[column] = [columns[column][0], cell]
    found = faults(pd.DataFrame(columns, dtype=object))
    assert len(found) == 1
    assert found[0].startswith("frame row 2: ")
    assert told in found[0]


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text(
        "actor,role,capability,issue,position_0_100,salience_pct\n"
        "A,hst,1,x,5,50\nA,host,1,x,50,150\nB,host,1,x,,1\nB,igo,2,y,1,1\n"
    )
    found = faults(str(path))
    places = [line.removeprefix(f"{path}:").split(":")[:2] for line in found]
    assert places == [
        ["1", " actor"],
        ["2", " role"],
        ["3", " salience_pct"],
        ["3", " actor"],
        ["4", " position_0_100"],
        ["5", " role"],
        ["5", " capability"],
    ]
    assert "A says nothing on theme y; add a row, with salience 0 if it does not care" in found[0]


def test_many_faults_are_cut_and_counted():
    found = faults({"actor": [f"A{n}" for n in range(100)], "position": [-1] * 100})
    assert len(found) == 26
    assert found[-1] == "... and 75 more faults; mend these first"


def test_pairs_stand_once_each():
    twice = faults({"actor": ["A", "A"], "position": [1, 2]})
    assert twice == [
        "frame row 2: actor: A speaks twice on text, first at frame row 1; one row for each actor and theme; "
        "delete one of them"
    ]
    silent = faults({"actor": ["A", "B", "B"], "theme": ["x", "x", "y"], "position": [1, 2, 3]})
    assert silent == [
        "frame: actor: A says nothing on theme y; add a row, with salience 0 if it does not care"
    ]


def test_an_actor_has_one_role_capability_and_group():
    rows = {"actor": ["A", "A"], "theme": ["x", "y"], "position": [1, 2]}
    for column, cells in (("role", ["host", "igo"]), ("capability", [1, 2]), ("group", ["e", "w"])):
        found = faults({**rows, column: cells})
        assert len(found) == 1
        assert f"one {column} for each actor" in found[0]


def test_columns_that_are_missing_or_near_are_named():
    found = "\n".join(faults({"actor": ["A"], "postion": [1], "salince": [0.5]}))
    assert "postion: unknown column" in found
    assert "did you mean position?" in found
    assert "did you mean salience?" in found
    assert "position: column is missing" in found
    assert "theme stands twice" in faults({**TWO, "theme": ["x", "x"], "issue": ["x", "x"]})[0]


def test_other_columns_are_left_alone_with_a_warning():
    with pytest.warns(UserWarning, match="columns not used: note, 2030"):
        sitting = seated({**TWO, "note": ["a", "b"], 2030: [1, 2]})
    assert sitting.actors == ("A", "B")


def test_cells_separated_by_semicolons_are_told(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text("actor;position\nA;1\n")
    assert "separated by commas" in faults(str(path))[0]


def test_too_many_are_refused():
    many = {"actor": [f"A{n}" for n in range(1001)], "position": [1] * 1001}
    assert faults(many) == ["frame: 1,001 actors; at most 1,000; leave some out"]
    wide = {"actor": ["A"] * 101, "theme": [f"T{n}" for n in range(101)], "position": [1] * 101}
    assert faults(wide) == ["frame: 101 themes; at most 100; leave some out"]
    assert "no actors" in faults({"actor": [], "position": []})[0]


def test_protocols_say_what_they_need():
    assert "rests on how much each actor cares" in faults(TWO, "exchange")[0]
    powerless = {**TWO, "salience": [1, 1], "capability": [0, 1]}
    assert "more than 0 for protocol challenge" in faults(powerless, "challenge")[0]
    assert seated(powerless).table.weight.tolist() == [0.0, 1.0]
    assert "no states among the actors" in faults({**TWO, "role": ["igo", "civil"]}, "no_objection")[0]
