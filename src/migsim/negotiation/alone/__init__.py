"""A negotiation of its own, outside any forum: from a table or a file to tables of what happened.

In the order of the work: `rows` reads a file or a frame, `cells` checks what stands in it, `seating` seats
the actors and drafts, `settling` negotiates, `outcome` tells what came of it.
"""

from migsim.negotiation.alone.outcome import Settlement
from migsim.negotiation.alone.settling import DEFAULT_PROTOCOL, Setup, negotiate, options_for, settlement

__all__ = ["DEFAULT_PROTOCOL", "Settlement", "Setup", "negotiate", "options_for", "settlement"]
