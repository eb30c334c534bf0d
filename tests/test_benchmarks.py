"""The benchmarks run and write what is asked of them; how fast anything is, no test says."""

import json
import subprocess
import sys
from math import isfinite
from pathlib import Path

import pytest

from benchmarks.figures import Figure, table, write

ROOT = Path(__file__).resolve().parents[1]
DEMANDED = {
    "model_vs_per_agent",
    "ensemble_vs_per_agent",
    "ensemble_over_floor",
    "replicate_growth",
    "memory_growth",
    "two_process_efficiency",
}
FAST = Figure("fast", "something fast", 2.0, "times", "by eye", at_most=2.3, raw={"it": 0.123456789})
SLOW = Figure("slow", "something slow", 12.0, "times as fast", "by eye", at_least=45.0)
PLAIN = Figure("plain", "something else", 1234.5, "s", "by eye")


def bench(*words: str) -> None:
    command = [sys.executable, "benchmarks/bench.py", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def refuse_what_is_no_figure(document: dict[str, dict]) -> None:
    for name, entry in document.items():
        if name != "measured":
            numbers = [entry["value"], *entry["raw"].values()]
            assert all(isfinite(number) and number > 0.0 for number in numbers), f"{name}: {entry}"
            assert entry["unit"], name
            assert entry["how"], name
            assert (entry["bar"] is None) == (entry["met"] is None), name


def test_a_figure_knows_its_bar():
    assert (FAST.is_met, SLOW.is_met, PLAIN.is_met) == (True, False, None)
    lines = table([FAST, SLOW, PLAIN]).splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["met", "MISSED", "s"]


def test_the_file_holds_every_figure_under_its_key(tmp_path):
    write(tmp_path / "results.json", [FAST, SLOW, PLAIN], {"part": 1.0}, quick=False)
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert document.keys() == {"measured", "fast", "slow", "plain"}
    assert document["slow"] | {"bar": 45.0, "bar_is": "at least", "met": False} == document["slow"]
    assert document["fast"]["raw"] == {"it": 0.12346}
    assert str(ROOT) not in json.dumps(document)


def test_one_part_alone_writes_where_it_is_told(tmp_path):
    bench("states", "--quick", "--out", str(tmp_path / "some.json"))
    document = json.loads((tmp_path / "some.json").read_text(encoding="utf-8"))
    assert "states_50" in document
    refuse_what_is_no_figure(document)


@pytest.mark.slow
def test_a_trial_of_every_part_has_the_demanded_figures(tmp_path):
    bench("--quick", "--out", str(tmp_path / "results.json"))
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert document.keys() >= DEMANDED
    assert document["measured"]["quick"]
    refuse_what_is_no_figure(document)


def test_the_figures_that_are_kept_are_of_a_whole_run():
    kept = ROOT / "benchmarks" / "results.json"
    if not kept.is_file():
        pytest.skip("nothing was measured here")
    document = json.loads(kept.read_text(encoding="utf-8"))
    assert document.keys() >= DEMANDED
    assert not document["measured"]["quick"]
    refuse_what_is_no_figure(document)
