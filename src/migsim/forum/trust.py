"""Trust: built by meeting, lost by promising more than is done.

``T' = T + gamma attended (1 - T) - delta (T - T0) - phi (1 + x) max(0, promised - delivered)``. Without
meetings trust goes back to where it was in 2005, not to nothing, so that the world without the forum is no
worse than its start (a plain ``- delta T`` would let it die). Overloaded agendas disappoint
(n-limited-themes): at once, and again where promises are broken, for more was expected (``x``, see
`migsim.forum.between`). The forum can hurt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from migsim.forum.between import expected_too_much
from migsim.forum.report import ReportParameters
from migsim.forum.session import effects
from migsim.world.corridors import Array
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["TrustParameters", "build_trust"]


@dataclass(frozen=True)
class TrustParameters:
    """Registry group ``trust``, each ``(..., 1)``."""

    start: Array
    meeting: Array
    reversion: Array
    disappointment: Array


def build_trust(world: World, setting: Setting) -> World:
    """One year of trust."""
    p = setting.parameters.group(TrustParameters, "trust")
    before = world.commitments.trust
    trust = before - p.reversion * (before - p.start)
    broken = np.maximum(world.commitments.promised - world.commitments.delivered, 0.0)
    trust = trust - p.disappointment * broken * (1.0 + expected_too_much(world, setting))
    for held in world.minutes:
        in_depth = setting.parameters[f"processes.{held.process}.round_tables.themes_in_depth"]
        on = effects(setting, held.process).trust
        overload = setting.parameters.group(ReportParameters, f"processes.{held.process}.report").overload
        many = np.maximum(held.on_agenda.sum(axis=-1, keepdims=True) - in_depth, 0.0)
        trust = trust + on * held.attended * (p.meeting * (1.0 - before) - overload * many)
    return replace(world, commitments=replace(world.commitments, trust=np.clip(trust, 0.0, 1.0)))
