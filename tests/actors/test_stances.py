"""Stances of the documents as positions and saliences."""

from migsim.actors.stances import MIDDLE, is_known, position_of, strength_of
from migsim.provenance.claims import stances


def test_scores_become_positions_and_their_strength_salience():
    for (who, theme), row in stances().items():
        score = float(row.score)
        assert position_of(who, theme) == (score + 2.0) / 4.0
        assert strength_of(who, theme) == (abs(score) / 2.0 if score else 0.5)
        assert 0.0 <= position_of(who, theme) <= 1.0
        assert 0.5 <= strength_of(who, theme) <= 1.0


def test_silence_is_the_middle_without_weight():
    assert not is_known("nobody", "remittances")
    assert position_of("nobody", "remittances") == MIDDLE
    assert strength_of("nobody", "remittances") == 0.0
