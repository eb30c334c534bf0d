"""Measure the speed of the model: every part, one table, and benchmarks/results.json.

    make bench                                   every part, in one run
    python benchmarks/bench.py growth startup    some parts; nothing is written but with --out
    python benchmarks/bench.py --quick --out F   a trial of the benchmarks themselves, on a few states

Speed is never a test: it depends on the machine. Measure on one that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.figures import Figure, table, write  # noqa: E402
from benchmarks.scene import Scene  # noqa: E402

PARTS = ("world", "agents", "states", "negotiation", "startup", "mesa_runner", "processes", "growth")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"by default all: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a few states and years, small sizes")
    parser.add_argument("--out", type=Path, help="where figures are written; by default results.json if all")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    scene = Scene(quick=asked.quick)
    for part in asked.parts or PARTS:
        started = time.perf_counter()
        figures += import_module(f"benchmarks.{part}").measure(scene)
        seconds[part] = time.perf_counter() - started
        print(f"{part}: {seconds[part]:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    out = asked.out or (None if asked.parts or asked.quick else RESULTS)
    if out is not None:
        write(out, figures, seconds, quick=asked.quick)


if __name__ == "__main__":
    main()
