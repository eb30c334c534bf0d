"""Rows of an input, and files that are none."""

import os

import pandas as pd
import pytest

from migsim.errors import InputError
from migsim.negotiation.alone import rows as module
from migsim.negotiation.alone.rows import read_rows

BROKEN = {
    "empty": (b"", "given.csv:1: nothing in it"),
    "blank lines": (b"\n\n", "given.csv:1: nothing in it"),
    "binary": (b"actor,position\n\x00\x01", "given.csv: found a binary file"),
    "two bytes a letter": ("actor,position\nA,1\n".encode("utf-16"), "given.csv: found a binary file"),
    "not UTF-8": (b"actor,position\nA,1\nJos\xe9,2\n", "given.csv:3: byte 0xe9 is not UTF-8"),
    "an open quote": (b'actor,position\nA,1\n"B,2\n', "given.csv:3: no CSV"),
    "a long row": (b"actor,position\nA,1\nB,2,3\n", "given.csv:3: found 3 cells; allowed: 2"),
    "a short row": (b"actor,position\nA\n", "given.csv:2: found 1 cells; allowed: 2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_told_with_their_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content, told = BROKEN[name]
    (tmp_path / "given.csv").write_bytes(content)
    with pytest.raises(InputError) as error:
        read_rows("given.csv")
    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, told in ((tmp_path, "is a folder"), (tmp_path / "pipe", "is a named pipe")):
        with pytest.raises(InputError, match=told):
            read_rows(name)
    with pytest.raises(InputError, match="No such file"):
        read_rows(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_rows("a\0b")


def test_large_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 20)
    (tmp_path / "large.csv").write_text("actor,position\n" + "A,1\n" * 10)
    with pytest.raises(InputError, match="larger than"):
        read_rows(tmp_path / "large.csv")


def test_lines_are_counted_over_quotes_blanks_and_marks(tmp_path):
    path = tmp_path / "given.csv"
    path.write_bytes(b'\xef\xbb\xbfactor,position\r\n"A\r\nB",1\r\n\r\nC,2\r\n')
    found = read_rows(path)
    assert list(found.header) == ["actor", "position"]
    assert list(found.numbers) == [2, 5]
    assert found.at(1).words == f"{path}:5"


def test_frames_and_columns_count_rows_from_one():
    columns = {"actor": ["A", "B"], "position": [1, 2]}
    for given in (columns, pd.DataFrame(columns, index=[7, 9])):
        found = read_rows(given)
        assert [list(row) for row in found.cells] == [["A", 1], ["B", 2]]
        assert found.at(1).words == "frame row 2"


@pytest.mark.parametrize("given", [[1, 2], None, 3])
def test_other_things_are_refused(given):
    with pytest.raises(InputError, match="allowed: a DataFrame, columns by name, or the path"):
        read_rows(given)


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(InputError, match="columns of equal length"):
        read_rows({"actor": ["A", "B"], "position": [1]})
