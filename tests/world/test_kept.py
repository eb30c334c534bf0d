"""What is found once for a setting, or until something else is given, is kept."""

import gc
from dataclasses import replace
from weakref import ref

import numpy as np
import pytest

from migsim.world.kept import once, while_same
from tests.lives import lived, small


def test_what_is_found_is_kept_for_its_setting_and_its_names():
    asked = []

    @once
    def place(setting, name, *, number=0):
        asked.append((name, number))
        return setting.states.iso3.index(name) + number

    one = lived(small()).setting
    other = replace(one)
    mexico = one.states.index("MEX")
    assert [place(one, "MEX"), place(one, "MEX"), place(other, "MEX")] == [mexico] * 3
    assert place(one, "MEX", number=1) == mexico + 1
    assert asked == [("MEX", 0), ("MEX", 0), ("MEX", 1)]


def test_what_is_kept_does_not_keep_the_setting():
    @once
    def number(setting):
        return len(setting.states)

    setting = replace(lived(small()).setting)
    assert number(setting) == len(setting.states)
    gone = ref(setting)
    del setting
    gc.collect()
    assert gone() is None


def test_what_rests_on_arrays_is_found_again_when_others_are_given():
    asked = []

    @while_same
    def double(_, trust):
        asked.append(trust.item())
        return 2.0 * trust

    one = lived(small()).setting
    for setting in (one, replace(one)):
        for trust in (0.1, 0.1, 0.2, 0.1):
            assert double(setting, np.array([trust])) == pytest.approx(2.0 * trust)
    assert asked == [0.1, 0.2, 0.1] * 2
