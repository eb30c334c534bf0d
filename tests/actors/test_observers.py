"""Organisations and civil society."""

from dataclasses import replace

import numpy as np
import pytest

from migsim.actors.civil_society import COMPONENTS, MIGRANTS, civil_society, open_camp
from migsim.actors.organisations import N_ORGANISATIONS, WORKS, Expertise, organisations, present
from migsim.actors.stances import is_known
from migsim.provenance.claims import claims, rows, stances
from migsim.provenance.identifiers import organisation_names
from migsim.themes import ATTITUDES, THEMES
from migsim.world.policy import levers
from tests.lives import lived, small, varied

EXPERTISE = Expertise(mandate=0.8, general=0.2, other_side=0.5, voice_of_data=0.0)


def room(**changes):
    return organisations(replace(EXPERTISE, **changes), 0.05, levers())


def at(room, name, theme):
    return room.names.index(name), THEMES.index(theme)


def test_fourteen_organisations_each_with_a_name_and_a_known_work():
    found = room()
    assert found.names == organisation_names()
    assert len(set(found.names)) == N_ORGANISATIONS == 14
    mandates = list(rows("mandates.csv"))
    assert {row["kind"] for row in mandates} == set(WORKS) - {""}
    assert found.position[-1].tolist() == [0.5] * len(THEMES)
    assert found.knowledge[-1].tolist() == found.practice[-1].tolist() == [0.2] * len(THEMES)
    assert found.salience.min() == 0.05


def test_a_mandate_stands_in_the_documents():
    for row in rows("mandates.csv"):
        assert not row["stakeholder"] or row["stakeholder"] in {who for who, _ in stances()}
        assert row["evidence"].split()
        assert set(row["evidence"].split()) <= set(claims())
        assert row["themes"] == "all" or set(row["themes"].split()) <= set(THEMES)
        assert set(row["paragraphs"].split()) <= set(levers().paragraphs)


@pytest.mark.parametrize(
    ("name", "theme", "knowledge", "practice"),
    [
        ("ILO", "decent_work", 0.8, 0.8),
        ("ILO", "remittances", 0.2, 0.2),
        ("UNHCR", "protection_mixed_flows", 0.8, 0.8),
        ("IOM", "circular_mobility", 0.4, 0.8),
        ("Red Cross", "protection_mixed_flows", 0.4, 0.8),
        ("World Bank", "remittances", 0.8, 0.4),
        ("OECD", "border_security", 0.8, 0.4),
        ("UN DESA", "dev_coherence", 0.8, 0.4),
        ("WTO", "legal_mobility", 0.2, 0.1),  # one paragraph of the four
    ],
)
def test_who_knows_and_who_does(name, theme, knowledge, practice):
    found = room()
    assert found.knowledge[at(found, name, theme)] == pytest.approx(knowledge)
    assert found.practice[at(found, name, theme)] == pytest.approx(practice)


def test_without_two_sides_of_expertise_all_are_alike():
    found = room(other_side=1.0)
    np.testing.assert_array_equal(found.knowledge, found.practice)


def test_who_only_keeps_figures_says_nothing_on_policy():
    found = room()
    silent = {name for name, weight in zip(found.names, found.weight, strict=True) if weight == 0.0}
    assert silent == {"World Bank", "OECD"}
    assert room(voice_of_data=0.3).weight[found.names.index("OECD")] == 0.3


def test_standards_and_protection_defend_a_floor_on_their_themes():
    found = room()
    held = {
        (name, theme)
        for n, name in enumerate(found.names)
        for m, theme in enumerate(THEMES)
        if found.holds[n, m]
    }
    assert held == {
        ("ILO", "equal_treatment"),
        ("ILO", "decent_work"),
        ("UNHCR", "protection_mixed_flows"),
        ("UNRWA", "protection_mixed_flows"),
    }


def test_trade_speaks_on_those_who_move_to_provide_services_only():
    found = room()
    wto = found.speaks[found.names.index("WTO")]
    assert [name for name, says in zip(levers().paragraphs, wto, strict=True) if says] == [
        "skilled_admission"
    ]
    assert np.delete(found.speaks, found.names.index("WTO"), axis=0).all()


def test_a_process_may_name_who_comes():
    everybody, one = lived(small()), lived(varied({"processes.gfmd.organisations_present": ["WTO"]}))
    assert present("gfmd", everybody.setting).sum() == 14
    names = one.setting.actors.organisations.names
    assert [n for n, here in zip(names, present("gfmd", one.setting), strict=True) if here] == ["WTO"]


def test_migrants_own_voice_starts_small():
    found = civil_society(0.05, 0.05, 35)
    assert found.names == COMPONENTS + MIGRANTS
    assert found.weight.tolist() == [1.0] * len(COMPONENTS) + [0.05] * len(MIGRANTS)
    assert found.position.min() >= 0.0
    assert found.position.max() <= 1.0


@pytest.mark.parametrize("name", COMPONENTS + MIGRANTS)
def test_every_component_has_a_stance_of_its_own(name):
    assert any(is_known(name, theme) for theme in (*THEMES, *ATTITUDES))


def test_components_are_opposed_to_each_other():
    found = civil_society(0.05, 0.05, 35)
    spread = np.ptp(found.position, axis=0)
    assert (spread >= 0.5).sum() >= 3


def test_each_component_stands_firm_on_what_it_exists_for():
    found = civil_society(0.05, 0.05, 35)
    work = THEMES.index("decent_work")
    firm = {name for name, holds in zip(found.names, found.holds[:, work], strict=True) if holds}
    assert {"Trade unions", "Employers/private sector"} <= firm
    unions, employers = (found.names.index(name) for name in ("Trade unions", "Employers/private sector"))
    assert found.position[unions, work] == 1.0
    assert found.position[employers, work] == 0.0
    lobbies = found.names.index("Refugee/undocumented lobbies")
    assert {THEMES[n] for n in np.flatnonzero(found.holds[lobbies])} == {
        "secure_status",
        "protection_mixed_flows",
    }
    academics = found.names.index("Academics/think tanks")
    assert not found.holds[academics].any()
    assert np.flatnonzero(found.knowledge.any(axis=1)).tolist() == [academics]


def test_governments_are_of_two_camps_by_chance_and_stay_in_theirs():
    life = lived(small(), tuple(range(40)), last=2006)
    setting = life.setting
    listens = setting.actors.hears_civil_society
    assert set(np.unique(listens)) == {0.0, 1.0}
    assert 0.4 < listens.mean() < 0.6
    assert np.ptp(listens, axis=0).min() == 1.0
    np.testing.assert_array_equal(listens, open_camp(setting.states, setting.noise))
    alone = lived(small(), (3,), last=2006).setting.actors.hears_civil_society
    np.testing.assert_array_equal(alone[0], listens[3])
