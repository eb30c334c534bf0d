"""The fixed vocabularies: what is negotiated, what is felt about it, who moves, what a delegation is asked.

The order of each is the order of the corresponding array axis everywhere.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ATTITUDES", "HOOKS", "MIGRANT_CLASSES", "THEMES"]

THEMES: Final = (
    "legal_mobility",
    "circular_mobility",
    "border_security",
    "remittances",
    "dev_coherence",
    "brain_drain_safeguards",
    "equal_treatment",
    "decent_work",
    "secure_status",
    "services_portability",
    "integration_participation",
    "protection_mixed_flows",
)
ATTITUDES: Final = ("binding_norms", "cso_voice", "multilateral_cooperation")
MIGRANT_CLASSES: Final = ("skilled", "regular", "irregular", "displaced")
HOOKS: Final = ("position", "attends", "objects", "acts", "offers")
"""What a behaviour may answer in place of the model's rules."""
