"""Whether an object can stand for a delegation: known by its hooks, whatever its class."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from migsim.errors import InputError, shown
from migsim.themes import HOOKS

__all__ = ["refuse_no_behaviour"]

_ALLOWED: Final = f"hooks are {', '.join(HOOKS)}"
_LIKENESS: Final = 0.7


def refuse_no_behaviour(iso3: str, behaviour: object) -> None:
    """Say what is wrong with an object that is to replace a state's behaviour, if anything is.

    Raises
    ------
    InputError
        If it is a class, has no hook, a hook that cannot be called, or a method named nearly like a hook.
    """
    kind = behaviour.__name__ if isinstance(behaviour, type) else type(behaviour).__name__
    what = f"behaviour of {iso3}"
    if isinstance(behaviour, type):
        allowed = "an object of it"
        raise InputError(f"{what}: found the class {kind}; allowed is {allowed}; write {kind}().")
    own = [hook for hook in HOOKS if hasattr(behaviour, hook)]
    for hook in own:
        if not callable(getattr(behaviour, hook)):
            value = shown(getattr(behaviour, hook))
            raise InputError(f"{what}: found {kind}.{hook} = {value}; allowed is a method; write def {hook}.")
    for name in _methods(behaviour):
        near = get_close_matches(name.lower(), HOOKS, n=1, cutoff=_LIKENESS)
        if near and name not in HOOKS:
            suggestion = f"did you mean {near[0]}? (start the name of a helper with an underscore)"
            raise InputError(f"{what}: found the method {kind}.{name}; {_ALLOWED}; {suggestion}")
    if not own:
        raise InputError(f"{what}: found a {kind} without any hook; {_ALLOWED}; subclass migsim.Behaviour.")


def _methods(behaviour: object) -> Iterator[str]:
    """The public names of what can be called, without calling a property; not what Python itself gave it."""
    from inspect import getattr_static

    given = {name for base in type(behaviour).__mro__ if base.__module__ == "builtins" for name in vars(base)}
    for name in dir(behaviour):
        member = getattr_static(behaviour, name, None)
        is_method = callable(member) or isinstance(member, classmethod)
        if is_method and name not in given and not name.startswith("_"):
            yield name
