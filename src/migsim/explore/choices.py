"""What a visitor of the page chooses: a scenario, settings laid over it, and which world of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from migsim.ensemble.defaults import DEFAULT_SEED
from migsim.errors import InputError, shown

if TYPE_CHECKING:
    from migsim.scenario.definition import Scenario
    from migsim.world.parameters import Spread

__all__ = ["MOST_SETTINGS", "Choice", "offered", "settings_of", "whole_number"]

MOST_SETTINGS: Final = 100
"""Lines of settings that a page takes."""
LARGEST: Final = 10**9
"""Largest seed or number of a world that a page takes."""


@dataclass(frozen=True)
class Choice:
    """A scenario and which world of it is lived.

    Attributes
    ----------
    scenario
        Name of a shipped scenario, or the path of a file.
    settings
        Texts such as ``"processes.gfmd.max_themes=3"``, as for ``--set``.
    seed, parameters, replicate
        As for `migsim.ForumModel`.
    """

    scenario: str
    settings: tuple[str, ...] = ()
    seed: int = DEFAULT_SEED
    parameters: Spread = "central"
    replicate: int = 0

    def definition(self) -> Scenario:
        """The scenario with the settings laid over it.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it.
        """
        from migsim.scenario.load import load

        return load(self.scenario, self.settings)


def offered(first: str) -> dict[str, str]:
    """The scenarios to choose from and their titles: the one the page was opened with, then the shipped ones.

    Raises
    ------
    ScenarioError
        If the first cannot be read.

    Examples
    --------
    >>> next(iter(offered("no-forum")))
    'no-forum'
    """
    from migsim.scenario.load import load, shipped

    return {first: load(first).title, **{name: title for name, title in shipped().items() if name != first}}


def settings_of(text: str) -> tuple[str, ...]:
    r"""The settings that a visitor wrote, one a line; empty lines and lines that begin with # are left out.

    Raises
    ------
    InputError
        If there are more than a page takes.

    Examples
    --------
    >>> settings_of("processes.gfmd.max_themes = 3\n\n# a note")
    ('processes.gfmd.max_themes = 3',)
    """
    lines = tuple(line.strip() for line in text.splitlines())
    kept = tuple(line for line in lines if line and not line.startswith("#"))
    if len(kept) > MOST_SETTINGS:
        msg = f"settings: {len(kept)} lines; at most {MOST_SETTINGS}; put them into a scenario file instead"
        raise InputError(msg)
    return kept


def whole_number(text: str, what: str) -> int:
    """A whole number from a field of the page.

    Raises
    ------
    InputError
        If it is none, or is too large.

    Examples
    --------
    >>> whole_number(" 2026 ", "seed")
    2026
    """
    written = text.strip()
    if written.isascii() and written.isdecimal() and len(written) <= len(str(LARGEST)):
        return int(written)
    raise InputError(f"{what}: found {shown(text)}; allowed is a whole number from 0 to {LARGEST:,}")
