"""One state's story on the page: what it is, what it did last, and what it has of the forum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from migsim.explore.words import Sheet, signed, sized, title_of
from migsim.plots.wording import NOTHING, several_words, theme_words
from migsim.themes import THEMES

if TYPE_CHECKING:
    from migsim.explore.life import Look

__all__ = ["facts", "publics", "standpoints", "story"]

FACTS: Final = (
    ("immigrants", "Migrants it hosts, thousand", 1e-3),
    ("emigrants", "Nationals abroad, thousand", 1e-3),
    ("remittances_received", "Remittances received, million USD a year", 1.0),
    ("remittances_paid", "Remittances sent, million USD a year", 1.0),
    ("income", "Income per head, international dollars", 1.0),
    ("unemployment", "Unemployment, %", 100.0),
    ("opinion_pro", "Public for migration, %", 100.0),
    ("opinion_anti", "Public against migration, %", 100.0),
    ("wellbeing", "Well-being of migrants it hosts, 0 to 100", 1.0),
    ("protection_of_nationals", "Well-being of its nationals abroad, 0 to 100", 1.0),
    ("trust", "Trust in other states, 0 to 1", 1.0),
)
"""Columns of table ``states`` of which the story tells: name, words, and what to multiply by."""
MOST_SESSIONS: Final = 3
"""Sessions of a year of which each is told by itself."""
MOST_TURNED: Final = 10
"""States of which it is told how their public has turned."""
ROLES: Final = {"host": "host", "departure": "departure country", "transit": "transit country"}


def story(look: Look, iso3: str) -> list[str]:
    """A state's year in sentences: its roles, the last session, what it has of the forum."""
    row = look.state(iso3)
    place = look.members.index(iso3)
    roles = ", ".join(
        f"{words} {row[f'role_{role}']:.0%}".replace("%", " %") for role, words in ROLES.items()
    )
    where = f"{look.members.subregion[place]}, {look.members.region[place]}"
    return [f"{where}. Its roles: {roles}.", _session(look, iso3), _gain(look, row)]


def _session(look: Look, iso3: str) -> str:
    """Whether it came when processes last met, and to what it objected."""
    held = look.attendance
    if held.empty:
        return "No session has been held yet."
    own = held[(held["state"] == iso3) & held["invited"]]
    if own.empty:
        return "It was invited to no session that has been held."
    year = int(own["year"].max())
    last = own[own["year"] == year].to_dict("records")
    told = [_attended(look, row) for row in last] if len(last) <= MOST_SESSIONS else [_summed_up(look, last)]
    came, n = int(own["attended"].astype(bool).sum()), len(own)
    sessions = "the one session" if n == 1 else f"{came} of {n} sessions"
    so_far = f"So far it attended {sessions} open to it." if came or n > 1 else ""
    return " ".join([*told, so_far]).rstrip()


def _attended(look: Look, row: Mapping[Any, Any]) -> str:
    """Whether it came to one session, and what it did there."""
    when, against = f"{title_of(look, str(row['process']))}, {row['year']}", int(row["objections"])
    if not row["attended"]:
        return f"{when}: it stayed away."
    return f"{when}: it came, and objected to {_paragraphs(against) if against else 'nothing'}."


def _summed_up(look: Look, rows: Sequence[Mapping[Any, Any]]) -> str:
    """A year of many sessions: to how many it came, and where it objected."""
    came = sum(bool(row["attended"]) for row in rows)
    against = {
        title_of(look, str(row["process"])): int(row["objections"]) for row in rows if row["objections"] > 0
    }
    objected = several_words([f"{_paragraphs(n)} of {title}" for title, n in against.items()])
    said = f"In {rows[0]['year']} it came to {came} of {len(rows)} sessions open to it"
    return f"{said}, and objected to {objected or 'nothing'}."


def _paragraphs(n: int) -> str:
    return "one paragraph" if n == 1 else f"{n} paragraphs"


def _gain(look: Look, row: Mapping[str, Any]) -> str:
    gain = float(row["gain"])
    if abs(gain) <= NOTHING:
        return f"Of the forum it has nothing yet in {look.year}."
    verb = "gains" if gain > 0 else "loses"
    parts = f"{signed(row['gain_host'])} as a host, {signed(row['gain_departure'])} as a departure country"
    return (
        f"In {look.year} it {verb} {sized(abs(gain), 2)} % of income against the same world without a forum "
        f"({parts}, weighted by its roles)."
    )


def facts(look: Look, iso3: str) -> Sheet:
    """Figures of the state in both worlds."""
    own, paired = look.state(iso3), look.state(iso3, is_paired=True)
    rows = []
    for column, words, times in FACTS:
        with_forum, without = times * float(own[column]), times * float(paired[column])
        rows.append((words, sized(with_forum, 4), sized(without, 4), signed(with_forum - without)))
    return Sheet(("", "With the forum", "Without", "Difference"), tuple(rows), f"End of {look.year}.")


def standpoints(look: Look, iso3: str) -> Sheet:
    """By theme, what the state would ideally do, what it does, and what it would do without the forum."""
    own, paired = look.state(iso3), look.state(iso3, is_paired=True)
    rows = []
    for theme in THEMES:
        position, policy, without = (
            float(own[f"position_{theme}"]),
            float(own[f"policy_{theme}"]),
            float(paired[f"policy_{theme}"]),
        )
        rows.append(
            (
                theme_words(theme),
                f"{position:.2f}",
                f"{policy:.3f}",
                f"{without:.3f}",
                signed(policy - without),
            )
        )
    return Sheet(
        ("Theme", "Position", "Policy", "Policy without the forum", "Difference"),
        tuple(rows),
        f"End of {look.year}; 0 is no cooperation, 1 full cooperation. Position: what it would ideally do.",
    )


def publics(look: Look) -> Sheet:
    """The states in which the public has turned against migration most since the start."""
    start = int(look.states["year"].min())
    now, then, paired = (
        rows[rows["year"] == year].set_index("state")
        for rows, year in ((look.states, look.year), (look.states, start), (look.unforced, look.year))
    )
    turned = 100.0 * (now["opinion_anti"] - then["opinion_anti"])
    added = 100.0 * (now["opinion_anti"] - paired["opinion_anti"])
    rows = []
    for iso3 in turned.sort_values(ascending=False, kind="stable").index[:MOST_TURNED]:
        name = look.members.name[look.members.index(str(iso3))]
        against = 100.0 * float(now.loc[iso3, "opinion_anti"])
        rows.append((name, f"{against:.1f}", signed(float(turned[iso3])), signed(float(added[iso3]))))
    if look.year == start:
        return Sheet((), (), f"Before the first year nobody’s view has changed; it is the end of {start}.")
    return Sheet(
        ("State", "Against migration, %", f"Change since {start}", "Of it the forum’s"),
        tuple(rows),
        f"End of {look.year}: where most have turned against migration; changes in percentage points.",
    )
