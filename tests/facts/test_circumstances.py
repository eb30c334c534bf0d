"""What is known of some states only, and the price of a dollar."""

from __future__ import annotations

import re

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.facts import complete, dollar_of, exit_rates, free_movement_since, load, wanting_less
from migsim.facts.circumstances import NEVER
from migsim.facts.reading import FOLDER
from migsim.provenance.sources import findings

FACTS = load()


def known(values):
    return {FACTS.iso3[i]: float(values[i]) for i in np.flatnonzero(~np.isnan(values))}


def test_exit_rates_are_those_of_the_literature():
    assert known(exit_rates(FACTS)) == {"CAN": 0.21, "DEU": 0.67, "FRA": 0.26, "NLD": 0.75, "USA": 0.15}


def test_wanting_less_is_that_of_the_literature():
    shares = {"ESP": 0.56, "FRA": 0.45, "GBR": 0.69, "GRC": 0.84, "ITA": 0.67, "MLT": 0.76}
    assert known(wanting_less(FACTS)) == shares


@pytest.mark.parametrize(
    ("load_table", "row"), [(exit_rates, "exit5_country"), (wanting_less, "att_country")]
)
def test_every_number_stands_in_the_row_it_is_drawn_from(load_table, row):
    named = {float(number) for number in re.findall(r"0\.\d+", findings()[row].how_to_use)}
    assert set(known(load_table(FACTS)).values()) <= named


@pytest.mark.parametrize(
    ("year", "members"),
    [(1957, 0), (1958, 6), (1973, 9), (1981, 10), (1986, 12), (1995, 15), (2004, 25), (2007, 27), (2013, 28)],
)
def test_members_of_the_union(year, members):
    assert (free_movement_since(FACTS) <= year).sum() == members


def test_states_outside_the_union_never_join():
    since = free_movement_since(FACTS)
    assert since.dtype == np.intp
    assert since[FACTS.index("HRV")] == 2013
    assert (since[[FACTS.index(code) for code in ("CHE", "NOR", "TUR", "USA")]] == NEVER).all()


@pytest.mark.parametrize("load_table", [exit_rates, wanting_less, free_movement_since])
def test_read_once_by_state_and_read_only(load_table):
    values = load_table(FACTS)
    assert values.shape == (193,)
    assert load_table(FACTS) is values
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1


def test_a_dollar():
    assert dollar_of(2005) == 1
    assert dollar_of(2000) == pytest.approx(78.08 / 87.42, abs=5e-5)
    assert dollar_of(2020) == pytest.approx(113.65 / 87.42, abs=5e-5)
    levels = [dollar_of(year) for year in range(2000, 2021)]
    assert levels == sorted(levels)


def test_prices_agree_with_those_implied_by_growth():
    # Current over real growth of the United States; the panel rounds, and holds another revision.
    completed = complete(FACTS)
    for year, change in zip(completed.growth_years, completed.price_change, strict=True):
        assert dollar_of(int(year)) / dollar_of(int(year) - 1) - 1 == pytest.approx(change, abs=0.008)
    together = np.prod(1 + completed.price_change)
    assert dollar_of(2013) / dollar_of(2000) == pytest.approx(together, rel=0.01)


@pytest.mark.parametrize("year", [1999, 2021])
def test_a_year_without_prices_is_refused(year):
    with pytest.raises(InputError, match=f"no price level of {year}; prices.csv has 2000 to 2020"):
        dollar_of(year)


@pytest.mark.parametrize(
    ("read", "file", "line", "old", "new", "said"),
    [
        (exit_rates, "exit_rates.csv", 2, "CAN", "EUR", "host is 'EUR', which is no state of states.csv"),
        (exit_rates, "exit_rates.csv", 2, "0.21", "21", "exit_5_years is 21; it must lie in 0 to 1"),
        (exit_rates, "exit_rates.csv", 3, "DEU", "CAN", "CAN stands already on line 2"),
        (wanting_less, "wanting_less.csv", 2, "0.56", "", "share is empty; a number is needed"),
        (wanting_less, "wanting_less.csv", 2, "0.56", "half", "share is 'half', which is not a number"),
        (
            free_movement_since,
            "free_movement.csv",
            2,
            "1995",
            "1995.5",
            "since is '1995.5'; it must be a whole",
        ),
        (free_movement_since, "free_movement.csv", 2, "EU", "EFTA", "group is 'EFTA'; it must be one of EU"),
    ],
)
def test_a_fault_is_located(tmp_path, read, file, line, old, new, said):
    change(tmp_path, file, line, old, new)
    with pytest.raises(InputError) as refused:
        read(FACTS, tmp_path)
    assert f"{file}:{line}: {said}" in str(refused.value)


def test_a_number_needs_a_source(tmp_path):
    (tmp_path / "exit_rates.csv").write_text("host,exit_5_years,source\nCAN,0.21,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"exit_rates\.csv:2: source is empty"):
        exit_rates(FACTS, tmp_path)


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (4, "2002", "2003", "prices.csv:5: 2003 stands already on line 4"),
        (22, "2020", "2021", "prices.csv:22: 2021 follows 2019; the years must follow each other"),
        (7, "100.00", "101", "prices.csv:7: the deflator of 2005 must be 100"),
    ],
)
def test_a_fault_of_prices_is_located(tmp_path, line, old, new, said):
    change(tmp_path, "prices.csv", line, old, new)
    with pytest.raises(InputError) as refused:
        dollar_of(2010, tmp_path)
    assert said in str(refused.value)


def change(folder, file, line, old, new):
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
