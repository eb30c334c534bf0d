"""The words of the streams are numpy's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migsim.world.seeds import GivenWords, Pools, in_words

NUMBERS = st.one_of(
    st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**128 - 1, 2**128]),
    st.integers(0, 2**32),
    st.integers(0, 2**200),
)
KEYS = st.one_of(st.sampled_from([0, 2**32 - 1]), st.integers(0, 2**32 - 1))


@given(
    seed=NUMBERS,
    replicates=st.lists(NUMBERS, min_size=1, max_size=5),
    keys=st.lists(KEYS, min_size=1, max_size=5),
    n_words=st.sampled_from([1, 2, 4, 6]),
)
def test_states_are_those_of_seed_sequences(seed, replicates, keys, n_words):
    """Seeds and numbers of one word and of more than the pool holds, several lengths in one batch."""
    states = Pools.of(seed, replicates).states(keys, n_words)
    assert states.shape == (len(keys), len(replicates), n_words)
    for key, of_key in zip(keys, states, strict=True):
        for replicate, words in zip(replicates, of_key, strict=True):
            sequence = np.random.SeedSequence(seed, spawn_key=(replicate, key))
            assert words.tolist() == sequence.generate_state(n_words, np.uint64).tolist()


@given(seed=NUMBERS, replicate=NUMBERS, key=KEYS)
def test_a_generator_begins_where_numpy_would_begin_it(seed, replicate, key):
    words = Pools.of(seed, [replicate]).states([key], 4)[0, 0]
    sequence = np.random.SeedSequence(seed, spawn_key=(replicate, key))
    assert np.random.PCG64(GivenWords(words)).state == np.random.PCG64(sequence).state


def test_a_generator_that_asks_for_other_words_is_refused():
    words = Pools.of(1, [0]).states([5], 2)[0, 0]
    with pytest.raises(ValueError, match="2 words of uint64 were found, not 4"):
        np.random.PCG64(GivenWords(words))


@given(number=NUMBERS)
def test_words_make_up_the_number(number):
    words = in_words(number)
    assert sum(word << 32 * place for place, word in enumerate(words)) == number
    assert all(0 <= word < 2**32 for word in words)
    assert len(words) == 1 or words[-1] > 0
