"""Words that sound alike, and how a sound may be written."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.sounds import sound, spellings


@pytest.mark.parametrize(
    ("heard", "written"),
    [("migrashun", "migration"), ("fisical", "physical"), ("sittizen", "citizen"), ("rited", "righted")],
)
def test_what_is_written_as_it_is_heard_sounds_the_same(heard: str, written: str) -> None:
    assert sound(heard) == sound(written)


@given(st.text(alphabet="aceghiopqstuwxyz", min_size=1, max_size=12))
@example("passion")
@example("thought")
@example("aha")
def test_every_word_is_among_the_spellings_of_its_sound(word: str) -> None:
    assert re.fullmatch(spellings(sound(word)), word)
