"""Overriding one agent: five hooks through which a user replaces what a delegation does.

Subclass `Behaviour`, answer the hooks you care about, and attach it with ``scenario.with_behaviour("MEX",
MyBehaviour())``. A hook that returns None leaves the model's own rule in force. Every run honours the
overrides, for one world or many: values may be single numbers or arrays with one entry a replicate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from migsim.errors import InputError
from migsim.themes import THEMES
from migsim.world.corridors import Array
from migsim.world.policy import theme_means
from migsim.world.setting import Setting
from migsim.world.state import World

__all__ = ["Behaviour", "Delegation", "answers"]


@dataclass(frozen=True, eq=False)
class Delegation:
    """What a behaviour sees: one state in one session, read only; arrays have one entry a replicate."""

    world: World
    setting: Setting
    index: int
    process: str

    @property
    def iso3(self) -> str:
        """Code of the state."""
        return self.setting.states.iso3[self.index]

    @property
    def year(self) -> int:
        """Year of the session."""
        return self.world.year

    @property
    def trust(self) -> Array:
        """Trust of the state in the others, ``(replicate,)`` in [0, 1]."""
        return self.world.commitments.trust[:, self.index]

    def ideal(self, theme: str) -> Array:
        """What the state would ideally do on a theme, ``(replicate,)`` in [0, 1]."""
        return self._of_theme(self.world.policies.ideal, theme)

    def policy(self, theme: str) -> Array:
        """What the state does on a theme, ``(replicate,)`` in [0, 1]."""
        return self._of_theme(self.world.policies.policy, theme)

    def _of_theme(self, by_paragraph: Array, theme: str) -> Array:
        if theme not in THEMES:
            msg = f"unknown theme {theme!r}; themes are {', '.join(THEMES)}."
            raise InputError(msg)
        return theme_means(by_paragraph[:, self.index], self.setting.levers)[:, THEMES.index(theme)]


class Behaviour:
    """A delegation's own way; the base class leaves every rule in force."""

    def position(self, delegation: Delegation) -> Mapping[str, Any] | None:
        """What it asks for, by theme or by paragraph, in [0, 1]."""
        return None

    def attends(self, delegation: Delegation) -> Any | None:
        """Whether it comes (True or False)."""
        return None

    def objects(self, delegation: Delegation) -> Mapping[str, Any] | None:
        """Whether it objects to a theme's or a paragraph's text whatever it says (True), or never (False)."""
        return None

    def acts(self, delegation: Delegation) -> Any | None:
        """Share in [0, 1] of what it pledged that it acts on; replaces the model's rule."""
        return None

    def offers(self, delegation: Delegation) -> Any | None:
        """Million USD it offers at the marketplace."""
        return None


def answers(hook: str, world: World, setting: Setting, process: str) -> Iterator[tuple[int, Any]]:
    """The overriding answers to one hook: state and what its behaviour says, where it says anything."""
    for iso3, behaviour in setting.definition.behaviours:
        if iso3 not in setting.states.iso3:
            continue
        ask: Callable[[Delegation], Any] | None = getattr(behaviour, hook, None)
        if ask is None:
            continue
        index = setting.states.index(iso3)
        said = ask(Delegation(world, setting, index, process))
        if said is not None:
            yield index, said


def number(said: Any, low: float, high: float, what: str, n_replicates: int) -> Array:
    """Read one answer as finite numbers within bounds, one or one a replicate, or say what is allowed."""
    try:
        values = np.asarray(said, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"{what}: found {said!r}; allowed is {low:g} to {high:g}, or one such number a replicate."
        raise InputError(msg) from error
    fits = values.ndim == 0 or values.shape == (n_replicates,)
    if not fits or not np.all((values >= low) & (values <= high)):
        msg = f"{what}: found {said!r}; allowed is {low:g} to {high:g}, or one such number a replicate."
        raise InputError(msg)
    return values


def by_paragraph(said: Mapping[str, Any], setting: Setting, what: str) -> Iterator[tuple[int, Array]]:
    """Spread answers by theme or paragraph over paragraphs: position of the paragraph, and its values."""
    table = setting.levers
    if not isinstance(said, Mapping):
        msg = f"{what}: found {said!r}; return a mapping from theme or paragraph to a number."
        raise InputError(msg)
    for name, value in said.items():
        if name in THEMES:
            chosen = [int(a) for a in table.of_theme(name)]
        elif name in table.paragraphs:
            chosen = [table.paragraphs.index(name)]
        else:
            msg = f"{what}: unknown theme or paragraph {name!r}; themes are {', '.join(THEMES)}."
            raise InputError(msg)
        values = number(value, 0.0, 1.0, f"{what}.{name}", setting.n_replicates)
        for a in chosen:
            yield a, values
