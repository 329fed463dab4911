import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines import get_engine
from search.engines.whoosh.spelling import correction, near, with_prefix
from search.spelling import distance


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("refoulement", "refoulement", 0),
        ("refoulment", "refoulement", 1),
        ("soveriegnty", "sovereignty", 1),
        ("mauritiana", "mauritania", 2),
        ("kafala", "kampala", 2),
        ("cat", "dog", 3),
        ("", "ab", 2),
        ("bb", "aaaaa", 4),
    ],
)
def test_steps_between_two_words(one: str, other: str, steps: int) -> None:
    assert distance(one, other, 3) == steps


words = st.text(alphabet="abc", max_size=6)


@given(words, words)
def test_the_way_back_is_as_long(one: str, other: str) -> None:
    assert distance(one, other, 6) == distance(other, one, 6)


@given(words, words, st.integers(min_value=0, max_value=3))
def test_more_than_the_limit_is_told_as_one_more(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == min(distance(one, other, 9), limit + 1)


@pytest.mark.usefixtures("collection")
class TestVocabulary:
    def test_near_words_come_nearest_first(self) -> None:
        found = near(get_engine().snapshot(), "refugie", 2)
        assert found[0] in [(1, "refugee"), (1, "refugees")]
        assert [steps for steps, _word in found] == sorted(steps for steps, _word in found)

    def test_words_by_their_beginning(self) -> None:
        assert with_prefix(get_engine().snapshot(), "smugg", 10) == ["smuggling"]
        assert len(with_prefix(get_engine().snapshot(), "re", 2)) == 2

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("moroco", "morocco"),
            ("traficking", "trafficking"),
            ("smugglingprotocol", "smuggling protocol"),
            ("prohibishun", "prohibition"),
            ("abc", None),
            ("12345", None),
            ("xylophone", None),
        ],
    )
    def test_what_was_meant(self, typed: str, meant: str | None) -> None:
        assert correction(get_engine().snapshot(), typed) == meant
