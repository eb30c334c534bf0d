"""Which state a user means: by its ISO 3166 code or a name of it, without the weight of the figures."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Final

from migsim.errors import shown
from migsim.facts.codes import state_names

__all__ = ["near_states", "state_code", "unknown_state"]

_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "BOL": ("Plurinational State of Bolivia", "Bolivia (Plurinational State of)"),
    "BRN": ("Brunei",),
    "CIV": ("Ivory Coast",),
    "COD": ("Democratic Republic of the Congo", "Congo, Dem. Rep.", "Congo (Kinshasa)", "DRC"),
    "COG": ("Congo", "Republic of the Congo", "Congo, Rep.", "Congo (Brazzaville)"),
    "CPV": ("Cape Verde",),
    "CZE": ("Czech Republic",),
    "EGY": ("Egypt, Arab Rep.",),
    "FSM": ("Micronesia", "Micronesia (Federated States of)", "Federated States of Micronesia"),
    "GBR": ("United Kingdom of Great Britain and Northern Ireland", "Great Britain", "UK"),
    "GMB": ("The Gambia", "Gambia, The"),
    "BHS": ("The Bahamas", "Bahamas, The"),
    "IRN": ("Iran (Islamic Republic of)", "Iran, Islamic Rep.", "Islamic Republic of Iran"),
    "KGZ": ("Kyrgyz Republic",),
    "KNA": ("Saint Kitts and Nevis",),
    "KOR": ("Republic of Korea", "Korea, Rep.", "Korea"),
    "LAO": ("Lao People's Democratic Republic", "Lao PDR"),
    "LCA": ("Saint Lucia",),
    "MDA": ("Republic of Moldova",),
    "MKD": ("The former Yugoslav Republic of Macedonia", "Macedonia", "FYR Macedonia"),
    "MMR": ("Burma",),
    "NLD": ("The Netherlands",),
    "PHL": ("The Philippines",),
    "PRK": ("Democratic People's Republic of Korea", "Korea, Dem. People's Rep.", "DPRK"),
    "RUS": ("Russian Federation",),
    "SVK": ("Slovak Republic",),
    "SWZ": ("Swaziland",),
    "SYR": ("Syrian Arab Republic",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey",),
    "TZA": ("United Republic of Tanzania",),
    "USA": ("United States of America", "US", "U.S.A."),
    "VCT": ("Saint Vincent and the Grenadines",),
    "VEN": ("Venezuela (Bolivarian Republic of)", "Venezuela, RB"),
    "VNM": ("Viet Nam",),
    "YEM": ("Yemen, Rep.",),
}
"""Other names that the United Nations, the World Bank or everyday English have for a state."""


def state_code(text: str) -> str | None:
    """ISO 3166 code of the state that is meant; none if it is not known.

    Codes and names are known in capitals or small letters, and names without their accents too.

    Examples
    --------
    >>> state_code("mex"), state_code("Viet Nam"), state_code("Cote d'Ivoire"), state_code("Atlantis")
    ('MEX', 'VNM', 'CIV', None)
    """
    code = text.strip().upper()
    return code if code in state_names() else _by_name().get(_bare(text))


def near_states(text: str, most: int = 3) -> tuple[str, ...]:
    """Codes of the states whose code or name is most like a text, the nearest first.

    Examples
    --------
    >>> near_states("Mexcio")
    ('MEX',)
    """
    names = get_close_matches(_bare(text), list(_by_name()), n=most, cutoff=0.75)
    found = [_by_name()[name] for name in names]
    if len(text.strip()) <= 4:
        found += get_close_matches(text.strip().upper(), list(state_names()), n=most, cutoff=0.6)
    return tuple(dict.fromkeys(found))[:most]


def unknown_state(text: str) -> tuple[str, str, str]:
    """What was found where a state should stand, what is allowed, and which states may be meant.

    Examples
    --------
    >>> unknown_state("Mexcio")[2]
    'did you mean MEX (Mexico)?'
    """
    near = " or ".join(f"{code} ({state_names()[code]})" for code in near_states(text))
    suggestion = f"did you mean {near}?" if near else "write the code, such as MEX, or delete the row"
    return f"unknown state {shown(text)}", "an ISO 3166 code or the name of a UN member", suggestion


@cache
def _by_name() -> Mapping[str, str]:
    """Code by every name that is known, in small letters without accents."""
    names = {_bare(name): code for code, name in state_names().items()}
    names |= {_bare(name): code for code, others in _ALSO.items() for name in others}
    return MappingProxyType(names)


def _bare(text: str) -> str:
    """A name without what people write in different ways: accents, capitals, dots and double spaces."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    words = plain.replace(".", " ").replace(",", " ").replace("&", " and ").split()
    return " ".join("saint" if word == "st" else word for word in words)
