"""How a text comes about: one protocol a file, each beside its equations.

A protocol takes a `Table` (who sits there, what they want, how much they care), its options and `Chance`, and
returns the `Course` of the negotiation with its `Text`. `protocol` finds one by name;
`migsim.negotiation.alone` runs one on a table of its own, outside any forum.
"""

from migsim.negotiation.chance import Chance
from migsim.negotiation.protocol import Protocol
from migsim.negotiation.registry import protocol, protocol_names
from migsim.negotiation.table import Table
from migsim.negotiation.text import Course, Events, Text

__all__ = ["Chance", "Course", "Events", "Protocol", "Table", "Text", "protocol", "protocol_names"]
