"""The claims and their use as plain text, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from migsim.errors import InputError, shown
from migsim.provenance.claims import claim, claims, find, flags_of
from migsim.provenance.coverage import COVERED_KINDS, Covered, coverage, uses
from migsim.provenance.parameters import Parameter, registry
from migsim.provenance.sources import resolve

__all__ = ["coverage_text", "evidence_list", "evidence_of", "evidence_text"]


def evidence_text(identifier: str) -> str:
    """One claim in full: what it says, where, how sure, what contradicts it, and who uses it.

    Raises
    ------
    InputError
        If there is no such claim.
    """
    found = claim(identifier)
    lines = [f"{found.id}  {found.kind}", f"  {found.subject}: {found.claim}"]
    if figure := " ".join(part for part in (found.value, found.unit) if part):
        lines.append(f"  value      {figure}")
    if found.year:
        lines.append(f"  year       {found.year}")
    lines += [f"  document   {found.citation}", f"  confidence {found.confidence}"]
    for flag in flags_of(identifier):
        lines += [f"  flag       {flag.id}: {flag.issue}", f"             Reading used: {flag.reading}"]
    places = uses().get(identifier) or (_unused(identifier),)
    lines += [f"  used by    {place}" for place in places]
    return "\n".join(lines)


def evidence_list(kind: str | None = None, text: str = "") -> str:
    """The claims, one a line; only those of a kind, and with all words of a text, if given.

    Raises
    ------
    InputError
        If no claim is of that kind.
    """
    kinds = sorted({each.kind for each in claims().values()})
    if kind is not None and kind not in kinds:
        raise InputError(f"kind {shown(kind)}; it must be one of {', '.join(kinds)}")
    chosen = [each for each in find(text) if kind in (None, each.kind)]
    width = max((len(each.id) for each in chosen), default=0)
    return "\n".join(
        f"{each.id:{width}}  {each.document}  {each.kind:9}  {each.subject}: {each.claim}" for each in chosen
    )


def evidence_of(path: str) -> str:
    """What a parameter, or every parameter of a group, rests on.

    Parameters
    ----------
    path
        Dotted, as in a scenario: ``processes.gfmd.max_themes``, ``world.flows``.

    Raises
    ------
    InputError
        If nothing in the registry has that path.
    """
    row = registry().match(path)
    chosen = (row,) if row else registry().group(path)
    if not chosen:
        near = registry().suggest(path)
        hint = f"did you mean {near}?" if near else "`migsim schema` lists the paths"
        raise InputError(f"there is no parameter {shown(path)}; {hint}")
    return "\n\n".join(_basis(each) for each in chosen)


def coverage_text() -> str:
    """How many claims of each kind are used, left out or open; the reasons; and the open ones."""
    found = coverage()
    counts = Counter((each.kind, each.status) for each in found)
    lines = [f"{'kind':10} {'used':>5} {'excluded':>9} {'open':>5}"]
    lines += [
        f"{kind:10} {counts[kind, 'used']:5} {counts[kind, 'excluded']:9} {counts[kind, 'open']:5}"
        for kind in COVERED_KINDS
    ]
    totals = Counter(each.status for each in found)
    lines.append(f"{'all':10} {totals['used']:5} {totals['excluded']:9} {totals['open']:5}")
    lines += _section("Left out", (each for each in found if each.status == "excluded"))
    lines += _section("Open", (each for each in found if each.status == "open"))
    return "\n".join(lines)


def _unused(identifier: str) -> str:
    for each in coverage():
        if each.id == identifier and each.status == "excluded":
            return f"nothing: {each.where}"
    return "nothing"


def _basis(parameter: Parameter) -> str:
    lines = [f"{parameter.path} = {parameter.default} ({parameter.unit})  {parameter.title}"]
    lines += [f"  {token}\n    {resolve(token)}" for token in parameter.sources]
    if parameter.note:
        lines.append(f"  note: {parameter.note}")
    return "\n".join(lines)


def _section(title: str, covered: Iterable[Covered]) -> list[str]:
    listed = list(covered)
    width = max((len(each.id) for each in listed), default=0)
    found = [
        f"  {each.id:{width}}  {each.kind:9}  {each.where or claims()[each.id].claim}" for each in listed
    ]
    return ["", f"{title}:", *found] if found else []
