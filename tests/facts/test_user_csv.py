"""CSV files that users write, with what goes wrong with them."""

import pytest

from migsim.facts.user_csv import number_in, rows_of

WANTED = ("state", "group")


def read(text, *, optional=("weight",)):
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return rows_of(content, "my.csv", WANTED, optional)


def test_rows_know_their_lines_and_columns_may_stand_anywhere():
    rows, faults = read('\ufeffGroup,note,ISO3\n\nA,"x,\ny",MEX\n,,\nB,,USA\n')
    assert not faults
    assert [(row.line, row["state"], row["group"]) for row in rows] == [(4, "MEX", "A"), (6, "USA", "B")]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "nothing in it"),
        ("state;group\nMEX;A\n", 1, "separated by semicolons"),
        ("state\tgroup\nMEX\tA\n", 1, "separated by tabs"),
        ("state,gruop\nMEX,A\n", 1, "no column group"),
        ("state,group,State\nMEX,A,B\n", 1, "column state twice"),
        ("state,group\nMEX\nUSA,A\n", 2, "1 cells"),
        ('state,group\nMEX,A\nUSA,"A\n', 3, "end of data"),
        (b"state,group\nMEX,A\nC\xf4te,B\n", 3, "a byte that is not UTF-8 (0xf4)"),
    ],
)
def test_faults_say_where_and_what(text, line, said):
    _, [fault] = read(text)
    assert fault.file == "my.csv"
    assert fault.line == line
    assert said in str(fault)


def test_a_column_that_is_nearly_right_is_named():
    _, [fault] = read("state,gruop\nMEX,A\n")
    assert fault.suggestion == "rename gruop"


@pytest.mark.parametrize("cell", ["1,5", "1 000", "1_000", "nan", "inf", "", "x", "1e999", "\u0661"])
def test_what_is_no_number_is_told_apart(cell):
    number, remedy = number_in(cell)
    assert number is None
    assert remedy
