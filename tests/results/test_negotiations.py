"""A negotiation with its figure and its folder."""

import pandas as pd
import pytest
from matplotlib.axes import Axes

import migsim as ms
from migsim.errors import InputError

ROWS = {
    "actor": ["A", "B", "C"],
    "role": ["host", "departure", "igo"],
    "position": [1.1, 28.9, 99.7],
    "salience": [0.9, 0.5, 0.3],
}


def test_tables_come_back_from_the_folder_as_they_were(tmp_path):
    found = ms.negotiate(ROWS, protocol="challenge", rounds=2)
    assert isinstance(found, ms.Negotiation)
    folder = found.save(tmp_path / "there")
    for name, frame in found.frames().items():
        kept = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, dtype=str)
        pd.testing.assert_frame_equal(kept, frame.map(str), check_dtype=False)
    assert set(found.frames()) == {"positions", "outcome", "text", "offers", "risk_exponents"}


def test_the_figure_is_drawn_on_request():
    panel = ms.negotiate(ROWS).plot()
    assert isinstance(panel, Axes)
    assert "No objection" in panel.figure.texts[0].get_text()


def test_other_folders_are_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files than a negotiation of migsim"):
        ms.negotiate(ROWS).save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
