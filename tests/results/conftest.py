"""What the tests of results share."""

import sys

import pytest


@pytest.fixture(autouse=True)
def no_figure_is_kept():
    """No figure that a test drew stays open; matplotlib is not loaded for it."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
