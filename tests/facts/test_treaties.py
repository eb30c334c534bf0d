"""Who ratified when, as the forum's history tells it."""

from __future__ import annotations

import csv
import re

import pytest

from migsim.errors import InputError
from migsim.facts import iso3_codes, recorded_parties
from migsim.facts.reading import FOLDER

MIGRANT_WORKERS = "migrant-workers-convention"


def counts():
    """Parties at the end of each year, as the history counts them."""
    with (FOLDER / "forum_history.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["event"].startswith("ICRMW states parties")]
    return {int(row["year"]): int(row["n_states"]) for row in rows}


def test_the_table_holds_the_counts_of_the_history():
    joined = recorded_parties(MIGRANT_WORKERS)
    assert len(counts()) == 18
    for year, n in counts().items():
        assert sum(each <= year for each in joined.values()) == n, year


def test_nothing_after_2010_is_there_and_every_state_is_one():
    joined = recorded_parties(MIGRANT_WORKERS)
    assert max(joined.values()) == 2010
    assert set(joined) <= set(iso3_codes())


def test_other_instruments_have_no_record():
    assert not recorded_parties("ilo-c97")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("EGY", "EGP", "iso3 is 'EGP', which is no state of states.csv"),
        ("1993-02-19", "19 Feb 1993", "date is '19 Feb 1993'; it must be a day"),
        ("1993-02-19", "2011-02-19", "date is 2011-02-19; it must lie in 1900 to 2010"),
        ("EGY", "MAR", "stands already on line"),
    ],
)
def test_a_fault_is_located(tmp_path, old, new, said):
    text = (FOLDER / "ratifications.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "ratifications.csv").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        recorded_parties(MIGRANT_WORKERS, tmp_path)
