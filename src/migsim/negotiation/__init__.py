"""How a text comes about: one protocol a file, each beside its equations.

A protocol takes a `Table` (who sits there, what they want, how much they care) and returns a `Text` with one
entry a paragraph. `protocol` finds one by name.
"""

from migsim.negotiation.registry import PROTOCOLS, protocol
from migsim.negotiation.text import Rules, Table, Text

__all__ = ["PROTOCOLS", "Rules", "Table", "Text", "protocol"]
