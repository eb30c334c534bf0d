"""Every figure, drawn from the made-up tables."""

from migsim import plots
from tests.plots.conftest import (
    make_attendance,
    make_qualities,
    make_states,
    make_texts,
    make_votes,
    make_world,
)

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
    "vote": lambda **options: plots.vote(make_votes(), **options),
    "state_story": lambda **options: plots.state_story(make_states(), "MEX", **options),
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
    "vote": 2,
    "state_story": 4,
}
