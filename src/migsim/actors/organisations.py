"""Intergovernmental organisations: fourteen of them, told apart by their mandates.

Document 000 counts fourteen and names few (w-igo-14); the table ``mandates.csv`` has those that the documents
name, the rest have no mandate of their own, sit in the middle and add general expertise. On the themes of its
mandate an organisation has expertise; whether that is knowledge of states' interests or practice in policy
goes by its *work*:

* bodies of *standards* and *protection* have both, and defend a floor: a draft that falls short of what
  they stand for is lifted toward it (i-ilo-decent-work, i-unhcr-protection);
* bodies of *operations* and *humanitarian* ones know how it is done (iom-services);
* those that keep *data* know what is the case, and say nothing on policy (i-oecd-data, i-wb-no-policy);
* a *secretariat* knows the same, and speaks (i-desa-integration);
* that of *trade* speaks on those only who move to provide a service (i-wto-mobility).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from migsim.actors.stances import MIDDLE, position_of, strength_of
from migsim.provenance.claims import rows
from migsim.provenance.identifiers import N_ORGANISATIONS, organisation_names
from migsim.themes import THEMES
from migsim.world.corridors import Array
from migsim.world.policy import Levers
from migsim.world.setting import Observers, Setting

__all__ = ["N_ORGANISATIONS", "WORKS", "Expertise", "Work", "organisations", "present"]

EVERY_THEME: Final = "all"


@dataclass(frozen=True, slots=True)
class Work:
    """What an organisation does.

    Whether its expertise is in knowing, in doing or in both; whether it defends a floor, and whether it takes
    positions on policy.
    """

    knows: bool = True
    does: bool = True
    defends: bool = False
    speaks: bool = True


WORKS: Final = {
    "standards": Work(defends=True),
    "protection": Work(defends=True),
    "operations": Work(knows=False),
    "humanitarian": Work(knows=False),
    "data": Work(does=False, speaks=False),
    "secretariat": Work(does=False),
    "trade": Work(does=False),
    "": Work(),
}
"""The works that the table of mandates tells apart; that of an organisation without a mandate is last."""


@dataclass(frozen=True, slots=True)
class Expertise:
    """Expertise in [0, 1] on a theme of the ``mandate`` and in ``general``.

    ``other_side``: part of it that is given beside an organisation's own work; ``voice_of_data``: weight in a
    draft of those who only keep figures.
    """

    mandate: float
    general: float
    other_side: float
    voice_of_data: float


def organisations(expertise: Expertise, ignorance_salience: float, table: Levers) -> Observers:
    """The organisations of every session.

    Parameters
    ----------
    expertise : Expertise
    ignorance_salience : float
        Salience of a theme on which an organisation has no stance.
    table : Levers
        The paragraphs.
    """
    unnamed = {"stakeholder": "", "kind": "", "themes": "", "paragraphs": ""}
    by_name = {row["organisation"]: row for row in rows("mandates.csv")}
    mandates = [by_name.get(name, unnamed) for name in organisation_names()]
    works = [WORKS[row["kind"]] for row in mandates]
    within = np.array([[_has(row["themes"], theme) for theme in THEMES] for row in mandates])
    speaks = np.array(
        [[not row["paragraphs"] or name in row["paragraphs"].split() for name in table.paragraphs]
         for row in mandates]
    )  # fmt: skip
    position, strength = (
        np.array([[of(row["stakeholder"], theme) for theme in THEMES] for row in mandates])
        for of in (position_of, strength_of)
    )
    strength = np.where(within, strength, 0.0)
    can = np.where(within, expertise.mandate * _reach(speaks, table), expertise.general)
    return Observers(
        names=organisation_names(),
        position=np.where(strength > 0.0, position, MIDDLE),
        salience=np.where(strength > 0.0, strength, ignorance_salience),
        knowledge=can * np.array([[1.0 if work.knows else expertise.other_side] for work in works]),
        practice=can * np.array([[1.0 if work.does else expertise.other_side] for work in works]),
        holds=np.where(within & (strength > 0.0) & np.array([[work.defends] for work in works]), 1.0, 0.0),
        speaks=speaks.astype(np.float64),
        weight=np.array([1.0 if work.speaks else expertise.voice_of_data for work in works]),
    )


def _has(themes: str, theme: str) -> bool:
    return themes == EVERY_THEME or theme in themes.split()


def _reach(speaks: Array, table: Levers) -> Array:
    """Share of each theme's paragraphs that concern an organisation, ``(organisation, theme)``."""
    return np.stack([speaks[:, table.of_theme(theme)].mean(axis=-1) for theme in THEMES], axis=-1)


def present(process: str, setting: Setting) -> Array:
    """Which organisations take part in a process, ``(organisation,)`` in {0, 1}; all unless it names some."""
    named = setting.definition.spec.processes[process].organisations_present
    names = setting.actors.organisations.names
    return np.array([1.0 if not named or name in named else 0.0 for name in names])
