"""From the documents' stances to positions and saliences.

A score of -2 to +2 becomes a position of 0 to 1; its strength becomes salience. Where the documents are
silent there is no score: the position is the middle and the salience is that of ignorance.
"""

from __future__ import annotations

from migsim.provenance.claims import stances

__all__ = ["MIDDLE", "is_known", "position_of", "score_of", "strength_of"]

MIDDLE = 0.5


def is_known(stakeholder: str, theme: str) -> bool:
    """Whether the documents give a stakeholder a stance on a theme."""
    return (stakeholder, theme) in stances()


def score_of(stakeholder: str, theme: str) -> float:
    """Stance in [-2, 2]; 0 where nothing is known."""
    return float(stances()[stakeholder, theme].score) if is_known(stakeholder, theme) else 0.0


def position_of(stakeholder: str, theme: str) -> float:
    """Position in [0, 1]: 0 is no cooperation on the theme, 1 full cooperation.

    The middle where nothing is known.
    """
    if not is_known(stakeholder, theme):
        return MIDDLE
    return (float(stances()[stakeholder, theme].score) + 2.0) / 4.0


def strength_of(stakeholder: str, theme: str) -> float:
    """Strength of a stance in [0, 1]; 0 where nothing is known, ½ for mixed evidence."""
    if not is_known(stakeholder, theme):
        return 0.0
    return max(abs(float(stances()[stakeholder, theme].score)) / 2.0, 0.5)
