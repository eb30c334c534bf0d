"""Some worlds of a run lived again beside their pairs, for what its tables do not hold of a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from migsim.ensemble.designs import SHARD_SIZE
from migsim.errors import InputError
from migsim.results.recorded import CLOSE, plan_of
from migsim.results.run import Run
from migsim.start import begin, without_processes
from migsim.world.policy import theme_means
from migsim.world.vocabulary import THEMES
from migsim.year import live

if TYPE_CHECKING:
    import pandas as pd

    from migsim.world.corridors import Array
    from migsim.world.setting import Setting
    from migsim.world.state import World

__all__ = ["LivedAgain", "Sitting", "lived_again"]

MOST_WORLDS: Final = SHARD_SIZE


@dataclass(frozen=True)
class Sitting:
    """What a state said in one session.

    Attributes
    ----------
    asked
        By theme, the position it asked for: mean over paragraphs and the worlds in which it came, 0 to 1.
    stands_by
        ``(replicate,)``: adopted paragraphs of the session that it stands by at the end of the year; ``nan``
        where it did not come.
    """

    asked: dict[str, float]
    stands_by: Array


@dataclass(frozen=True)
class LivedAgain:
    """What the forum added to policies, and what a state pledged.

    Attributes
    ----------
    replicates
        The worlds, the first of the run.
    added
        ``(replicate, state, theme)``: policy in the last year less that of the paired world.
    sittings
        By process and year, what the state said there.
    states
        Codes of the states in ``added``.
    """

    replicates: tuple[int, ...]
    added: Array
    sittings: dict[tuple[str, int], Sitting]
    states: tuple[str, ...]


def lived_again(run: Run, iso3: str, last: pd.DataFrame) -> LivedAgain | str:
    """The first worlds of a run, lived again beside their pairs; a text says why if that cannot be done.

    Parameters
    ----------
    run
    iso3
        The state.
    last
        Its rows of table ``states`` in the last year, which the worlds must come to.
    """
    try:
        plan = plan_of(run)
    except InputError:
        return "the run was made with behaviours of its author’s own, or its files were changed since"
    failed = {int(each["replicate"]) for each in run.manifest["failures"]}
    numbers = tuple(number for number in plan.replicates if number not in failed)[:MOST_WORLDS]
    definition, worlds = plan.batch(numbers)
    setting, world = begin(definition, worlds, plan.seed, plan.spread)
    silent, paired = without_processes(setting), world
    place = setting.states.index(iso3)
    sittings: dict[tuple[str, int], Sitting] = {}
    for _ in range(definition.spec.years.first, definition.spec.years.last + 1):
        world, paired = live(world, setting), live(paired, silent)
        sittings |= _sitting(world, setting, place)
    policy = _policy(world, setting)
    if not _is_as_recorded(policy[:, place], numbers, last):
        return "the run was made with another version of migsim, and its worlds now come out otherwise"
    added = policy - _policy(paired, setting)
    return LivedAgain(numbers, added, sittings, tuple(setting.states.iso3))


def _is_as_recorded(policy: Array, numbers: tuple[int, ...], last: pd.DataFrame) -> bool:
    """Whether policies ``(replicate, theme)`` are those of the table."""
    held = (
        last.set_index("replicate").reindex(numbers)[[f"policy_{theme}" for theme in THEMES]].to_numpy(float)
    )
    return bool(np.allclose(policy, held, rtol=0.0, atol=CLOSE))


def _policy(world: World, setting: Setting) -> Array:
    means: Array = theme_means(world.policies.policy, setting.levers)
    return means


def _sitting(world: World, setting: Setting, place: int) -> dict[tuple[str, int], Sitting]:
    """What the state said in each session of the year, for the worlds in which it came."""
    found = {}
    for session in world.minutes:
        came = (session.attended[:, place] > 0.0) & (session.held[:, 0] > 0.0)
        on = session.on_paragraphs > 0.0
        stands = on & (session.adopted > 0.0) & (world.commitments.pledged[:, place, :] > 0.0)
        asked = np.where(on & came[:, None], session.proposals[:, place, :], np.nan)
        by_theme = {
            THEMES[theme]: asked[:, setting.levers.theme == theme]
            for theme in np.unique(setting.levers.theme)
        }
        found[session.process, world.year] = Sitting(
            {
                theme: float(np.nanmean(values))
                for theme, values in by_theme.items()
                if np.isfinite(values).any()
            },
            np.where(came, stands.sum(axis=-1), np.nan),
        )
    return found
