"""Who touches whom: known borders, known non-borders, counts, and broken tables."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from migsim.errors import InputError
from migsim.facts import Borders, borders, load
from migsim.facts.reading import FOLDER

FACTS = load()
BORDERS = borders(FACTS)


def holds(pairs, one, other):
    return bool(pairs[FACTS.index(one), FACTS.index(other)])


def neighbours_of(code, pairs=BORDERS.land):
    return " ".join(FACTS.iso3[i] for i in np.flatnonzero(pairs[FACTS.index(code)]))


@pytest.mark.parametrize("name", ["land", "sea", "closed"])
def test_every_array_is_symmetric_without_oneself_and_read_only(name):
    pairs = getattr(BORDERS, name)
    assert pairs.shape == (193, 193)
    assert pairs.dtype == np.bool_
    assert np.array_equal(pairs, pairs.T)
    assert not pairs.diagonal().any()
    with pytest.raises(ValueError, match="read-only"):
        pairs[0, 0] = True


def test_land_and_sea_exclude_each_other_and_only_land_is_closed():
    assert not (BORDERS.land & BORDERS.sea).any()
    assert not (BORDERS.closed & ~BORDERS.land).any()


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("CHN", 14),
        ("RUS", 14),
        ("BRA", 9),
        ("DEU", 9),
        ("COD", 9),
        ("TZA", 8),
        ("ZMB", 8),
        ("FRA", 8),
        ("TUR", 8),
        ("SDN", 7),
        ("MLI", 7),
        ("SSD", 6),
        ("SYR", 5),
        ("LSO", 1),
        ("KOR", 1),
        ("CUB", 0),
        ("LKA", 0),
    ],
)
def test_how_many_states_touch_one(code, count):
    assert BORDERS.land[FACTS.index(code)].sum() == count


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("SYR", "IRQ ISR JOR LBN TUR"),
        ("SSD", "CAF COD ETH KEN SDN UGA"),
        ("ISR", "EGY JOR LBN SYR"),
        ("SRB", "BGR BIH HRV HUN MKD MNE ROU"),
        ("FRA", "AND BEL CHE DEU ESP ITA LUX MCO"),
    ],
)
def test_neighbours_by_name(code, found):
    assert neighbours_of(code) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NAM", "ZWE"),  # 150 m of Botswana and Zambia lie between
        ("AFG", "IND"),
        ("BRA", "CHL"),
        ("BRA", "FRA"),  # French Guiana is left out
        ("SUR", "FRA"),
        ("MAR", "MRT"),  # Western Sahara is left out
        ("EGY", "SAU"),
        ("SDN", "UGA"),  # South Sudan's since 2011
        ("SDN", "KEN"),
        ("BGD", "NPL"),
        ("CYP", "GBR"),
        ("ESP", "MAR"),
        ("SGP", "MYS"),
    ],
)
def test_no_border_by_land(one, other):
    assert not holds(BORDERS.land, one, other)


def test_crossings_by_sea():
    assert neighbours_of("ITA", BORDERS.sea) == "ALB GRC MLT TUN"
    assert holds(BORDERS.sea, "ESP", "MAR")
    assert holds(BORDERS.sea, "TTO", "VEN")
    assert not holds(BORDERS.sea, "ITA", "LBY")
    assert not holds(BORDERS.sea, "GRC", "TUR")  # they touch in Thrace


def test_closed_borders():
    closed = [f"{FACTS.iso3[one]} {FACTS.iso3[other]}" for one, other in np.argwhere(np.triu(BORDERS.closed))]
    assert closed == [
        "AFG CHN",
        "ARM AZE",
        "ARM TUR",
        "BTN CHN",
        "CHN IND",
        "DJI ERI",
        "DZA MAR",
        "IRQ SAU",
        "ISR LBN",
        "ISR SYR",
        "KOR PRK",
    ]
    assert not holds(BORDERS.closed, "GEO", "RUS")
    assert neighbours_of("SYR", BORDERS.land & ~BORDERS.closed) == "IRQ JOR LBN TUR"


def test_neighbours_lie_near_each_other():
    # Large states have far central points; two islands at the ends of the Earth would stand out.
    from migsim.facts import distances

    assert distances(FACTS)[BORDERS.land].max() < 6_500
    assert distances(FACTS)[BORDERS.sea].max() < 4_500


def test_read_once_and_shown_briefly():
    assert isinstance(BORDERS, Borders)
    assert borders(FACTS) is BORDERS
    assert repr(BORDERS) == "<Borders: 306 by land, 11 of them closed, 34 by sea>"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("AFG,CHN,land", "AFG,XXX,land", "b is 'XXX', which is no state of states.csv"),
        ("AFG,CHN,land", "CHN,AFG,land", "CHN stands before AFG; a pair is two states in order of code"),
        ("AFG,CHN,land", "AFG,AFG,land", "AFG stands before AFG"),
        ("AFG,CHN,land", "AFG,IRN,land", "AFG, IRN stands already on line 2"),
        ("AFG,CHN,land", "AFG,CHN,river", "kind is 'river'; it must be one of land, sea"),
        ("AFG,CHN,land,1", "AFG,CHN,land,yes", "closed is 'yes'; it must be one of 0, 1"),
        ("AFG,CHN,land,1", "AFG,CHN,sea,1", "only land borders can be closed"),
    ],
)
def test_a_fault_is_located(tmp_path, old, new, said):
    lines = (FOLDER / "borders.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith(old)
    lines[1] = lines[1].replace(old, new)
    (tmp_path / "borders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        borders(FACTS, tmp_path)
    assert said in str(refused.value)
    assert f"borders.csv:{3 if 'AFG,IRN' in new else 2}: " in str(refused.value)


def test_a_closed_border_needs_a_reason(tmp_path):
    table = (FOLDER / "borders.csv").read_text(encoding="utf-8")
    (tmp_path / "borders.csv").write_text(table.replace("armistice of 1953", ""), encoding="utf-8")
    with pytest.raises(InputError, match="note is empty"):
        borders(FACTS, tmp_path)


def test_a_missing_table_is_named_and_a_whole_copy_accepted(tmp_path):
    with pytest.raises(InputError, match="no such data file"):
        borders(FACTS, tmp_path)
    shutil.copy(FOLDER / "borders.csv", tmp_path)
    assert np.array_equal(borders(FACTS, tmp_path).land, BORDERS.land)
