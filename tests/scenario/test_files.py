"""Files that are not what they seem, and parents that lead astray."""

import os
import socket
import time

import pytest

from migsim.errors import ScenarioError
from migsim.scenario.load import load


def message(path, *overrides):
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides)
    return str(caught.value)


def write(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_missing_file_suggests_its_neighbour(tmp_path):
    write(tmp_path, "forum.yaml", "{}")
    assert f"did you mean {tmp_path / 'forum.yaml'}?" in message(tmp_path / "forun.yaml")


def test_unknown_name_suggests_a_shipped_scenario():
    assert "did you mean gfmd-2007-2015?" in message("gfmd-2007-2014")


@pytest.mark.parametrize(
    "name", ["", "\0", "a\0b", "x" * 5000, "\x1b[2J.yaml", "no/such/folder/a.yaml", "\udcff"]
)
def test_impossible_names_are_no_files(name):
    assert "\x1b" not in message(name)


@pytest.mark.parametrize("name", ["nosuch.yaml", "nosuch", "folder/nosuch.yaml"])
def test_a_name_like_no_other_gets_no_wild_guess(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "small-forum.yaml", "{}")
    write(tmp_path, "folder/recession.yaml", "{}")
    assert "migsim scenarios lists the shipped ones" in message(name)


def test_folder_is_no_scenario(tmp_path, monkeypatch):
    assert "a folder" in message(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in (".", "..", "../..", "/"):
        assert "a folder" in message(name)


def test_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    started = time.monotonic()
    assert "a named pipe" in message(tmp_path / "pipe.yaml")
    assert time.monotonic() - started < 5


def test_socket_is_no_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.yaml")
        assert "socket.yaml" in message(tmp_path / "socket.yaml")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_devices_are_not_read(device):
    if not os.path.exists(device):
        pytest.skip("no such device here")
    assert device in message(device)


def test_dangling_link_is_refused(tmp_path):
    (tmp_path / "a.yaml").symlink_to("nowhere.yaml")
    assert "cannot be read (a link that leads nowhere)" in message(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").symlink_to("../nowhere.yaml")
    assert "b.yaml: cannot be read (a link that leads nowhere)" in message(tmp_path / "b.yaml")
    child = write(tmp_path, "child.yaml", "extends: b\n")
    assert f"extends: {tmp_path / 'b.yaml'} cannot be read (a link that leads nowhere)" in message(child)


def test_link_to_itself_is_refused(tmp_path):
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    assert "cannot be read" in message(tmp_path / "a.yaml")


def test_link_out_of_the_folder_is_refused(tmp_path):
    write(tmp_path, "secret.yaml", "{}")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.yaml").symlink_to("../secret.yaml")
    assert "leads outside" in message(tmp_path / "inner" / "a.yaml")
    child = write(tmp_path / "inner", "child.yaml", "extends: a\n")
    assert "leads outside" in message(child)


def test_link_within_the_folder_is_followed(tmp_path):
    write(tmp_path, "a.yaml", "title: A\n")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert load(tmp_path / "b.yaml").title == "A"


def test_oversized_file_is_refused_unread(tmp_path):
    file = tmp_path / "big.yaml"
    with file.open("wb") as target:
        target.truncate(1 << 40)
    started = time.monotonic()
    assert "larger than 512 KiB" in message(file)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50)),
        "[" * 100_000,
        "- " * 100_000,
        "{" * 100_000,
        "? " * 100_000,
        "record: [" + "a, " * 100_000 + "]",
        "".join(f"k{n}: 1\n" for n in range(60_000)),
        "title: " + "x" * 500_000,
        "title: '" + "x\n" * 250_000,
        "&a " * 100_000,
        "!a " * 100_000,
        "#" * 500_000,
        "\n" * 500_000,
    ],
    ids=["aliases", "lists", "dashes", "mappings", "questions", "items", "keys", "text",
         "quote", "anchors", "tags", "comment", "lines"],
)  # fmt: skip
def test_bombs_end_in_a_short_message_soon(tmp_path, text):
    file = write(tmp_path, "bomb.yaml", text)
    started = time.monotonic()
    said = message(file)
    assert time.monotonic() - started < 4
    assert len(said) < 50_000


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("/etc/passwd", "outside the folder"),
        ("../parent", "outside the folder"),
        ("inner/../../parent", "outside the folder"),
        ("~/parent", "outside the folder"),
        ("'C:\\parent'", "outside the folder"),
        ("https://example.org/a.yaml", "an address"),
        ("[a, b]", "a list"),
        ("{a: b}", "a mapping"),
        ("3", "3"),
        ("null", "null"),
        ("''", "''"),
        ("gfmd-2007-2014", "did you mean gfmd-2007-2015?"),
        ("childd", "did you mean child?"),
        ("inner", "no file or scenario"),
        ("child", "leads back"),
        ("child.yaml", "leads back"),
        ("./child", "leads back"),
    ],
)
def test_bad_parents_are_refused_at_the_key(tmp_path, extends, said):
    (tmp_path / "inner").mkdir()
    child = write(tmp_path, "child.yaml", f"title: a\nextends: {extends}\n")
    assert said in message(child)
    assert message(child).startswith(f"{child}:2:10: extends: ")


def test_circle_of_parents_is_refused(tmp_path):
    write(tmp_path, "a.yaml", "extends: b\n")
    write(tmp_path, "b.yaml", "extends: c\n")
    write(tmp_path, "c.yaml", "extends: a\n")
    assert f"{tmp_path / 'c.yaml'}:1:10: extends: 'a' leads back to {tmp_path / 'a.yaml'}" in message(
        tmp_path / "a.yaml"
    )


def test_chain_of_parents_has_an_end(tmp_path):
    for number in range(12):
        write(tmp_path, f"s{number}.yaml", f"extends: s{number + 1}\n")
    write(tmp_path, "s12.yaml", "{}\n")
    assert "more than 10 files" in message(tmp_path / "s0.yaml")
    assert load(tmp_path / "s3.yaml").name == "s3"


def test_fault_in_a_parent_is_located_in_the_parent(tmp_path):
    parent = write(tmp_path, "parent.yaml", "title: a\nyears: {last: 2060}\n")
    child = write(tmp_path, "child.yaml", "extends: parent\nyeers: 1\n")
    said = message(child)
    assert f"{parent}:2:15: years.last: 2060" in said
    assert f"{child}:2:1: yeers" in said


def test_parent_may_be_a_folder_below_or_shipped(tmp_path):
    write(tmp_path, "base/forum.yaml", "years: {last: 2020}\n")
    assert load(write(tmp_path, "a.yaml", "extends: base/forum\n")).value("years.last") == 2020
    assert load(write(tmp_path, "b.yaml", "extends: gfmd-2007-2015\n")).is_pinned("processes.gfmd.sessions")
