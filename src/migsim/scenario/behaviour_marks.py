"""What tells one behaviour from another: the source of its classes, and what it holds.

A run is the same run only if its behaviours are. What a behaviour calls outside its own classes is not seen.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["behaviour_record"]


def behaviour_record(iso3: str, behaviour: object) -> dict[str, str]:
    """What a manifest says of a behaviour: state, class, and a hash of its source and of what it holds."""
    kind, is_module = type(behaviour), isinstance(behaviour, ModuleType)
    own = [each for each in kind.__mro__ if each.__module__.partition(".")[0] not in ("builtins", "migsim")]
    held = None if is_module else object.__getstate__(behaviour)
    text = "\n".join([*map(_source_of, [behaviour] if is_module else own), _text(held)])
    return {
        "state": iso3,
        "class": _name_of(kind),
        "source_sha256": hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
    }


def _source_of(kind: Any) -> str:
    """The source of a class, function or module; of anything else, or where it cannot be seen, a name."""
    try:
        return inspect.getsource(kind)
    except (OSError, TypeError):
        return _name_of(kind if hasattr(kind, "__qualname__") else type(kind))


def _name_of(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{kind.__qualname__}"


def _text(value: Any) -> str:
    """A value as text that is the same whenever the value is."""
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_text(key)}:{_text(each)}" for key, each in value.items())) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(map(_text, value))) + "}"
    if isinstance(value, MethodType):
        return _text(value.__func__)
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return _source_of(value) + _text([value.__defaults__, value.__kwdefaults__, cells])
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return repr(value)
    try:
        return hashlib.sha256(pickle.dumps(value)).hexdigest()
    except Exception:  # what cannot be packed is known by its class alone
        return _source_of(type(value))
