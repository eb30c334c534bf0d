"""The fixed vocabularies of the model.

Themes, attitudes, migrant classes, and the coefficients policy acts on.
"""

from typing import Final

from migsim.facts.codes import BASE_YEAR
from migsim.themes import ATTITUDES, THEMES
from migsim.themes import MIGRANT_CLASSES as CLASSES

__all__ = [
    "ASPECTS",
    "ATTITUDES",
    "BASE_YEAR",
    "CLASSES",
    "COEFFICIENTS",
    "COST_BASES",
    "EARLIEST_YEAR",
    "THEMES",
    "VOTES",
]

EARLIEST_YEAR: Final = 2000
"""The earliest year of which there are figures, from which a run can start."""

ASPECTS: Final = ("work", "status", "services", "participation")
"""Aspects of migrants' well-being, in the order of every aspect axis."""

COEFFICIENTS: Final = (
    "openness_skilled",
    "openness_regular",
    "openness_irregular",
    "openness_displaced",
    "openness_family",
    "return_regular",
    "return_irregular",
    "regularisation",
    "transfer_cost",
    "propensity",
    "remittance_use",
    "returning_skills",
    "skill_loss",
    "diaspora",
    "aid",
    "migrant_wage",
    "job_gap",
    "recruitment_cost",
    "work_quality",
    "exposure",
    "status",
    "services",
    "portability",
    "integration",
    "protection",
    "message",
)
"""What a policy lever can act on; `Conditions` holds one array for each."""

COST_BASES: Final = ("migrants", "emigrants", "irregular", "displaced", "population_share")
"""Whom a lever's cost is counted by."""

VOTES: Final = ("yes", "no", "abstain", "absent")
"""How a state can vote on a text."""
