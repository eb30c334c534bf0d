"""Organisations and civil society."""

import numpy as np
import pytest

from migsim.actors.civil_society import COMPONENTS, MIGRANTS, civil_society
from migsim.actors.organisations import N_ORGANISATIONS, NAMED, organisations
from migsim.actors.stances import is_known
from migsim.provenance.claims import stances
from migsim.themes import ATTITUDES, THEMES


def test_fourteen_organisations_with_expertise_where_they_have_a_mandate():
    room = organisations(0.8, 0.2, 0.05)
    assert len(room.names) == N_ORGANISATIONS == 14
    assert len(set(room.names)) == 14
    for name, row in NAMED.items():
        for n, theme in enumerate(THEMES):
            has_mandate = bool(row) and is_known(row, theme)
            assert room.expertise[room.names.index(name), n] == (0.8 if has_mandate else 0.2)
    assert room.position[-1].tolist() == [0.5] * len(THEMES)
    assert room.salience.min() == 0.05


def test_who_speaks_for_an_organisation_stands_in_the_documents():
    assert {row for row in NAMED.values() if row} <= {who for who, _ in stances()}


def test_migrants_own_voice_starts_small():
    room = civil_society(0.05, 0.05)
    assert room.names == COMPONENTS + MIGRANTS
    assert room.weight.tolist() == [1.0] * len(COMPONENTS) + [0.05] * len(MIGRANTS)
    assert room.position.min() >= 0.0
    assert room.position.max() <= 1.0


@pytest.mark.parametrize("name", COMPONENTS + MIGRANTS)
def test_every_component_has_a_stance_of_its_own(name):
    assert any(is_known(name, theme) for theme in (*THEMES, *ATTITUDES))


def test_components_are_opposed_to_each_other():
    room = civil_society(0.05, 0.05)
    spread = np.ptp(room.position, axis=0)
    assert (spread >= 0.5).sum() >= 3
