"""Every figure, drawn from the made-up tables."""

from migsim import plots
from tests.plots.conftest import (
    PARTS,
    make_attendance,
    make_depths,
    make_implementation,
    make_lives,
    make_market,
    make_moves,
    make_qualities,
    make_states,
    make_texts,
    make_votes,
    make_world,
    make_world_states,
)
from tests.plots.sensitivity_frames import (
    make_discovery,
    make_identifiability,
    make_structures,
    make_tornado,
)

CONDITIONS = {
    "identifiability": make_identifiability(),
    "structures": make_structures(),
    "tornado": make_tornado(),
    "discovery": make_discovery(),
}
TWO = {"a": make_world(), "b": make_world(tilt=0.02)}

FIGURES = {
    "triple_win": lambda **options: plots.triple_win(make_world(), **options),
    "triple_win of two": lambda **options: plots.triple_win(TWO, **options),
    "weakest": lambda **options: plots.weakest(TWO, **options),
    "agenda": lambda **options: plots.agenda(make_texts(), **options),
    "positions": lambda **options: plots.positions(make_states(), make_texts(), "remittances", **options),
    "opinion": lambda **options: plots.opinion(make_world(), **options),
    "opinion of states": lambda **options: plots.opinion(make_states(), **options),
    "remittances": lambda **options: plots.remittances(make_world(), **options),
    "attendance": lambda **options: plots.attendance(make_attendance(), **options),
    "texts": lambda **options: plots.texts({"a": make_qualities(), "b": make_qualities(0.2)}, **options),
    "differences": lambda **options: plots.differences(TWO, **options),
    "regimes": lambda **options: plots.regimes(TWO, nulls=["b"], **options),
    "plane": lambda **options: plots.plane(make_world(n=40), **options),
    "plane of two": lambda **options: plots.plane(TWO, **options),
    "winners": lambda **options: plots.winners(make_states(n=12), **options),
    "breadth_depth": lambda **options: plots.breadth_depth(make_depths(), **options),
    "conditions": lambda **options: plots.conditions(CONDITIONS, **options),
    "vote": lambda **options: plots.vote(make_votes(), **options),
    "state_story": lambda **options: plots.state_story(make_states(), "MEX", **options),
    "marketplace": lambda **options: plots.marketplace(make_market(), **options),
    "marketplace of two": lambda **options: plots.marketplace(
        {"a": make_market(), "b": make_market()}, **options
    ),
    "wellbeing": lambda **options: plots.wellbeing(make_lives(), **options),
    "wellbeing of two": lambda **options: plots.wellbeing(
        {"a": make_lives(), "b": make_lives(added=2.0)}, **options
    ),
    "implementation": lambda **options: plots.implementation(make_implementation(), **options),
    "corridors": lambda **options: plots.corridors(make_moves(), **options),
    "migrations": lambda **options: plots.migrations(make_moves(pairs=PARTS), **options),
    "world_map": lambda **options: plots.world_map(make_world_states(), "gain", **options),
    "world_map of levels": lambda **options: plots.world_map(
        make_world_states(), "income", sized_by="equal", **options
    ),
}
PANELS = {
    "triple_win": 3,
    "triple_win of two": 3,
    "weakest": 2,
    "agenda": 1,
    "positions": 1,
    "opinion": 3,
    "opinion of states": 3,
    "remittances": 1,
    "attendance": 1,
    "texts": 4,
    "differences": 3,
    "regimes": 3,
    "plane": 1,
    "plane of two": 2,
    "winners": 4,
    "breadth_depth": 1,
    "conditions": 4,
    "vote": 2,
    "state_story": 4,
    "marketplace": 2,
    "marketplace of two": 2,
    "wellbeing": 8,
    "wellbeing of two": 4,
    "implementation": 1,
    "corridors": 3,
    "migrations": 1,
    "world_map": 1,
    "world_map of levels": 1,
}
