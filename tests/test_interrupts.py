"""Ctrl-C is raised where it strikes, again where a library lost it, and later where it must wait."""

import signal
import threading
from contextlib import suppress

import pytest

from migsim.ensemble.progress import meter
from migsim.interrupts import heed, heeding, held, hush, mortal


def press():
    signal.raise_signal(signal.SIGINT)


def lose():
    """What some libraries do."""
    with suppress(KeyboardInterrupt):
        press()


@pytest.fixture(autouse=True)
def nothing_is_left():
    """Signals as a terminal has them: a shell lets what it starts in the background ignore some."""
    usual = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    after = {number: signal.signal(number, handler) for number, handler in before.items()}
    assert after == usual
    heed()


@pytest.fixture
def done():
    return []


def interrupted(work):
    with pytest.raises(KeyboardInterrupt):
        work()


def test_it_is_raised_at_once(done):
    @interrupted
    @heeding()
    def _():
        press()
        done.append("beyond")

    assert not done


def test_what_was_lost_is_raised_when_somebody_asks(done):
    @interrupted
    @heeding()
    def _():
        lose()
        done.append("some more")
        heed()
        done.append("beyond")

    assert done == ["some more"]
    with heeding():
        heed()


def test_what_was_lost_is_raised_at_the_end(done):
    @interrupted
    @heeding()
    def _():
        lose()
        done.append("the rest")

    assert done == ["the rest"]


@pytest.mark.parametrize("within", [heeding, held])
@pytest.mark.parametrize("called", ["getsignal", "signal"])
def test_a_press_while_a_block_begins_or_ends_leaves_nothing_behind(within, called, monkeypatch, done):
    """Signals are handled as calls return; whichever call that is, later blocks listen as ever."""
    asked = getattr(signal, called)
    presses = []

    def pressed(*arguments):
        result = asked(*arguments)
        presses.append(arguments)
        if len(presses) == n:
            press()
        return result

    for n in range(1, 5):
        presses.clear()
        with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
            patched.setattr(signal, called, pressed)
            with within():
                pass
            assert len(presses) < n, "a press was lost"
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        with heeding():
            heed()
            done.append(n)
    assert done == [1, 2, 3, 4]


@pytest.mark.parametrize(("within", "expected"), [(heeding, ["a whole"]), (held, ["a whole", "beyond"])])
def test_it_waits_for_the_end_of_what_must_be_whole(within, expected, done):
    @interrupted
    @within()
    def _():
        with held():
            press()
            heed()
            done.append("a whole")
        done.append("beyond")

    assert done == expected


def test_an_error_of_the_work_is_told_all_the_same():
    @held()
    def work():
        press()
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        work()


def test_who_listens_already_goes_on_listening(done):
    before = signal.signal(signal.SIGINT, lambda *_: done.append("pressed"))
    try:
        with held():
            press()
            assert done == ["pressed"]
    finally:
        signal.signal(signal.SIGINT, before)


def test_who_begins_to_listen_within_goes_on_listening():
    with heeding():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert signal.signal(signal.SIGINT, signal.default_int_handler) is signal.SIG_IGN


def test_threads_do_their_work_undisturbed(done):
    @held()
    def work():
        heed()
        done.append("worked")

    @interrupted
    @heeding()
    def _():
        lose()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    assert done == ["worked"]


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_meter_ends_work_whose_interruption_was_lost(is_shown, done):
    @interrupted
    def _():
        with meter("work", 3, is_shown) as shown:
            for n in range(3):
                shown.advance(1)
                done.append(n)
                lose()

    assert done == [0]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_to_be_told_to_end_is_to_be_interrupted(end, done):
    @interrupted
    def _():
        with mortal(), heeding():
            signal.raise_signal(end)
            done.append("beyond")

    assert not done
    assert signal.getsignal(end) is signal.SIG_DFL


def test_a_terminal_that_may_close_is_not_heard():
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with mortal():
            signal.raise_signal(signal.SIGHUP)
    finally:
        assert signal.signal(signal.SIGHUP, before) is signal.SIG_IGN


def test_while_an_interruption_is_told_a_second_one_waits(done):
    @interrupted
    @heeding()
    def _():
        lose()
        hush()
        press()
        heed()
        done.append("told")

    assert done == ["told"]
