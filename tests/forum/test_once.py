"""What follows from a setting alone is found once for it."""

import gc
from dataclasses import replace
from weakref import ref

from migsim.forum.once import once
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
