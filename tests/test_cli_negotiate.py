"""The commands that negotiate, list the protocols and verify them, driven as a user drives them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from migsim import commands_negotiate
from migsim.cli import main
from migsim.negotiation import verification
from migsim.negotiation.registry import protocol_names
from migsim.negotiation.verification.verdicts import Check, case, options_of_case, rows_of

SPATIAL, EXCHANGE = "smp_a_6x1", "exch_i_8x4"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def given(name):
    """A reference input as a file of the user's."""
    path = Path(f"{name}.csv")
    path.write_bytes(case("reference", name, "input.csv").read_bytes())
    return str(path)


def rows(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_spatial_model_from_file_to_folder(capsys):
    options = options_of_case(SPATIAL)["option_sets"]["default"]["options"]
    words = [word for key, value in options.items() for word in ("--option", f"{key}={value}")]
    assert main(["negotiate", given(SPATIAL), "--protocol", "smp", *words]) == 0
    said = capsys.readouterr()
    (folder,) = Path("runs").glob(f"negotiate-{SPATIAL}-smp-*")
    assert f"Results: {folder}\n" in said.out
    assert "legal_mobility" in said.out
    assert "compromise" in said.out
    assert said.err == ""
    head = (folder / "positions.csv").read_text().splitlines()[0]
    assert head == "turn,actor,theme,position"
    assert (folder / "outcome.csv").read_text().splitlines()[0] == "turn,theme,quantity,value"
    theirs = rows_of("reference", SPATIAL, "output.csv")
    for quantity, file, column in (
        ("position_0_100", "positions.csv", "position"),
        ("win_probability", "win_probabilities.csv", "win_probability"),
    ):
        found = {(row["turn"], row["actor"]): float(row[column]) for row in rows(folder / file)}
        expected = {(r["turn"], r["actor"]): float(r["value"]) for r in theirs if r["quantity"] == quantity}
        assert found == pytest.approx(expected, abs=1e-9)
    assert (folder / "positions.png").stat().st_size > 10_000
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["protocol"] == "smp"
    assert manifest["options"]["pce_model"] == "Conditional"
    assert set(manifest["outputs"]) == {
        "positions.csv", "outcome.csv", "text.csv", "win_probabilities.csv", "positions.png",
    }  # fmt: skip


def test_the_exchange_writes_its_exchanges_in_order():
    words = ["--protocol", "exchange", "--option", "rounds=5", "--out", "there", "--quiet"]
    assert main(["negotiate", given(EXCHANGE), *words]) == 0
    ours, theirs = rows("there/exchanges.csv"), rows_of("reference", EXCHANGE, "exchanges.csv")
    assert list(ours[0]) == list(theirs[0])
    names = ("round", "seq", "actor_i", "supply_issue_i", "actor_j", "supply_issue_j")
    assert [[row[name] for name in names] for row in ours] == [
        [row[name] for name in names] for row in theirs
    ]
    gains = [float(row["equal_gain"]) for row in ours]
    assert gains == pytest.approx([float(row["equal_gain"]) for row in theirs], abs=1e-6)
    votes = {(r["turn"], r["actor"], r["theme"]): float(r["position"]) for r in rows("there/positions.csv")}
    expected = {
        (r["round"], r["actor"], r["issue"]): float(r["value"])
        for r in rows_of("reference", EXCHANGE, "output.csv")
        if r["quantity"] == "voting_position"
    }
    assert {key: value for key, value in votes.items() if key[0] != "0"} == pytest.approx(expected, abs=1e-6)


def test_an_earlier_negotiation_is_replaced_and_what_was_added_kept(capsys):
    file = given(EXCHANGE)
    words = ["negotiate", file, "--out", "there", "--quiet"]
    assert main([*words, "--protocol", "exchange"]) == 0
    assert Path("there/exchanges.csv").exists()
    Path("there/mine.txt").write_text("mine")
    assert main([*words, "--protocol", "exchange", "--option", "rounds=1"]) == 0
    assert Path("there/mine.txt").read_text() == "mine"
    assert {row["turn"] for row in rows("there/positions.csv")} == {"0", "1"}
    assert sorted(path.name for path in Path().iterdir()) == [f"{EXCHANGE}.csv", "there"]
    assert main([*words, "--protocol", "compromise"]) == 2
    assert "holds a result with protocol exchange, not compromise" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--option", "rounds"], "--option: found 'rounds'; allowed: KEY=VALUE"),
        (["--option", "=5"], "--option: found '=5'"),
        (["--option", "tau="], "--option: found 'tau='"),
        (["--option", "tau=1", "--option", "tau=2"], "--option: tau: given twice"),
        (["--option", "toleranse=1"], "did you mean tolerance?"),
        (["--option", "tolerance=wide"], "--option: tolerance: found 'wide'"),
        (["--protocol", "exchang"], "did you mean exchange?"),
        (["--protocol", "smp"], "at most 1"),
        (["--out", "taken"], "taken: holds other files than a negotiation of migsim"),
        (["--out", "taken/mine.txt"], "mine.txt: is not a folder"),
    ],
)
def test_bad_words_end_with_a_message_and_code_2(words, told, capsys):
    Path("taken").mkdir()
    Path("taken/mine.txt").write_text("mine")
    assert main(["negotiate", given(EXCHANGE), *words]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not Path("runs").exists()


def test_bad_files_end_with_every_fault_and_code_2(capsys):
    Path("bad.csv").write_text("actor,position\nA,101\nB,\n")
    assert main(["negotiate", "bad.csv"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("; ")[0] for line in lines] == [
        "bad.csv:2: position: found '101'",
        "bad.csv:3: position: found nothing",
    ]
    for name, told in ((".", "is a folder"), ("missing.csv", "No such file")):
        assert main(["negotiate", name]) == 2
        assert told in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_ends_with_code_3(capsys):
    assert main(["negotiate", given(EXCHANGE), "--out", "/proc/none", "--quiet"]) == 3
    assert "choose another folder with --out" in capsys.readouterr().err


def test_columns_that_are_not_used_are_noted(capsys):
    Path("more.csv").write_text("actor,position,note\nA,1,x\nB,2,y\n")
    assert main(["negotiate", "more.csv", "--quiet"]) == 0
    assert capsys.readouterr().err == "Note: more.csv:1: columns not used: note\n"


def test_names_with_marks_are_shown_as_they_are(capsys):
    Path("odd.csv").write_text("actor,theme,position\n[red]A,[bold]x,1\nB,[bold]x,2\n")
    assert main(["negotiate", "odd.csv"]) == 0
    assert "[bold]x" in capsys.readouterr().out


def test_protocols_are_listed_and_shown(capsys):
    assert main(["protocols"]) == 0
    said = capsys.readouterr().out
    for name in protocol_names():
        assert name in said
    assert "deterministic" in said
    assert main(["protocols", "exchange"]) == 0
    said = capsys.readouterr().out
    for word in ("rounds", "salience_weight", "0.4", "persuasion_turns", "tolerance (tau)", "Stokman"):
        assert word in said
    assert main(["protocols", "compromise"]) == 0
    assert "no options of its own" in capsys.readouterr().out
    assert main(["protocols", "exchang"]) == 2
    assert "did you mean exchange?" in capsys.readouterr().err


@pytest.mark.parametrize(("difference", "code"), [(1e-12, 0), (1e-3, 1)])
def test_verification_tells_differences_beside_precisions(difference, code, capsys, monkeypatch):
    made = [
        Check("smp", "case a", "positions", 90, difference, 1e-6),
        Check("challenge", "case b", "medians", 1, 0.289, 0.08, is_known_to_differ=True),
    ]
    monkeypatch.setattr(verification, "checks", lambda: iter(made))
    assert main(["protocols", "verify"]) == code
    said = capsys.readouterr().out
    assert made[0].difference_told in said
    assert "1e-06" in said
    assert "known not to match" in said
    assert f"2 checks: {1 - code} pass, {code} fail, 1 known not to match." in said


def test_options_are_read_word_by_word():
    assert commands_negotiate.read_options(["a=1", "b = x=y"]) == {"a": "1", "b": "x=y"}


def test_other_inputs_and_options_do_not_take_each_other_s_place(capsys):
    for words in (
        ["--option", "tolerance=0.1"],
        ["--option", "tolerance=0.2"],
        ["--option", "tolerance=0.2"],
    ):
        assert main(["negotiate", given(SPATIAL), *words, "--quiet"]) == 0
    assert len(list(Path("runs").iterdir())) == 2
    for tolerance in ("0.1", "0.1", "0.2"):
        words = ["--option", f"tolerance={tolerance}", "--out", "mine", "--quiet"]
        assert main(["negotiate", given(SPATIAL), *words]) == 0
    assert capsys.readouterr().err == "Note: another negotiation in mine is replaced\n"


def test_a_full_output_is_one_line_and_an_exit_code():
    command = [sys.executable, "-m", "migsim", "protocols"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("the output cannot be written: No space left on device; make room")
    assert done.stderr.count("\n") == 1


def test_whoever_stops_reading_the_output_is_told_of_no_failure():
    command = [sys.executable, "-u", "-m", "migsim", "protocols"]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as nobody:
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
