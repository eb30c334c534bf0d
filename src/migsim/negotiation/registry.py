"""The protocols by name. Adding one is a file beside this one and its name among those of the registry's row.

The names stand in the parameter registry, as the options of ``processes.*.protocol.name``; a protocol is the
``PROTOCOL`` of the module of that name, which is imported when first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from migsim.errors import InputError, shown
from migsim.negotiation.protocol import Protocol
from migsim.provenance.parameters import registry
from migsim.scenario.wording import did_you_mean

__all__ = ["protocol", "protocol_names"]


@cache
def protocol_names() -> tuple[str, ...]:
    """The names, in the order in which a parameter numbers them."""
    return registry()["processes.*.protocol.name"].options


def protocol(name: str) -> Protocol:
    """The protocol of that name.

    Raises
    ------
    InputError
        If there is none.

    Examples
    --------
    >>> protocol("smp").themes
    'together'
    """
    names = protocol_names()
    if name not in names:
        meant = did_you_mean(str(name), names)
        said = f"protocol {shown(name)} does not exist; there are {', '.join(names)}"
        raise InputError(f"{said}; {meant}" if meant else said)
    return cast(Protocol, import_module(f"migsim.negotiation.{name}").PROTOCOL)
