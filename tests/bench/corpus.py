"""Made-up passages on migration governance, the same on every machine; a smaller corpus is the beginning of a larger.

A word is a function word, a term of the field or one of very many rare words, each group by Zipf's law. Half of the
terms of a passage come from the short list of its theme, and a term is often followed by its companion: so some words
stand together more often than others, in a passage and side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

SEED = 19510728
CHUNK = 1000
KINDS = ("treaty", "compact", "declaration", "strategy", "report")
LEVELS = ("global", "regional", "bilateral", "national", "local")
SHARES = {"kind": (0.12, 0.2, 0.18, 0.2, 0.3), "level": (0.2, 0.25, 0.1, 0.35, 0.1)}
RARE_WORDS, THEMES, TERMS_OF_A_THEME = 40_000, 40, 16
HEADS = "b br c cl d dr f g gr h l m n p pl qu r s st t tr v w"
ACCOMPANIED = 0.25  # of the terms
SENTENCE = 16  # words between two full stops, on average

_FUNCTION = """
the of and to in for a on with by that as or from at their under be is are which its any all other this these between
through within among not such may shall who have has including where each upon
"""
FUNCTION = _FUNCTION.split()
_TERMS = """
migration migrant refugee asylum protection border return labour mobility visa rights state cooperation displacement
integration readmission detention trafficking smuggling statelessness identity consular remittance diaspora
resettlement repatriation expulsion refoulement sovereignty solidarity responsibility compact convention protocol
treaty declaration agreement framework principle obligation standard commitment objective review forum dialogue
process council commission committee secretariat agency organization region union community city network employer
worker recruitment wage contract skill qualification recognition residence permit nationality citizenship family child
woman youth health education housing shelter assistance relief emergency disaster climate drought conflict violence
persecution discrimination xenophobia inclusion equality dignity safety rescue transit origin destination corridor
passage crossing screening registration documentation passport data privacy census statistic indicator monitoring
evaluation funding partner capacity training implementation ratification accession signature reservation entry force
amendment court judge appeal hearing decision status determination eligibility exclusion cessation regularization
amnesty deportation removal voluntary humanitarian temporary seasonal circular irregular regular bilateral
multilateral national local global society minister parliament municipality law policy strategy governance
coordination consultation evidence research
"""
TERMS = _TERMS.split()


@dataclass(frozen=True, slots=True)
class Passage:
    number: int
    title: str
    body: str
    kind: str
    level: str
    year: int


def passages(count: int, start: int = 0) -> Iterator[Passage]:
    """Yield passages number `start` + 1 and on; `start` is a multiple of CHUNK."""
    maker = Maker()
    for chunk in range(start // CHUNK, -(-(start + count) // CHUNK)):
        for passage in maker.chunk(chunk):
            if passage.number > start + count:
                return
            yield passage


def late(number: int) -> Passage:
    """A passage that comes in later, with a word in its title that no other has (`late_word`)."""
    made = next(Maker().chunk(50_000 + number))
    title = f"{late_word(number)} {made.title}"
    return Passage(90_000_000 + number, title, made.body, made.kind, made.level, made.year)


def late_word(number: int) -> str:
    return "zzlate" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


class Maker:
    def __init__(self) -> None:
        self.words = np.array([*FUNCTION, *TERMS, *rare_words()], dtype=object)
        self.groups = (
            (0, zipf(len(FUNCTION), 0.9)),
            (len(FUNCTION), zipf(len(TERMS), 0.7)),
            (len(FUNCTION) + len(TERMS), zipf(RARE_WORDS, 1.05)),
        )
        chance = np.random.default_rng(SEED)
        self.themes = np.array([chance.choice(len(TERMS), TERMS_OF_A_THEME, replace=False) for _ in range(THEMES)])
        self.companions = len(FUNCTION) + chance.permutation(len(TERMS))

    def chunk(self, number: int) -> Iterator[Passage]:
        """The passages of one chunk; each has a seed of its own."""
        chance = np.random.default_rng((SEED, number))
        themes = chance.integers(0, THEMES, CHUNK)
        titles = self._texts(chance, themes, chance.integers(4, 12, CHUNK), (0.2, 0.55))
        bodies = self._texts(chance, themes, chance.integers(60, 200, CHUNK), (0.4, 0.56))
        kinds = chance.choice(KINDS, CHUNK, p=SHARES["kind"])
        levels = chance.choice(LEVELS, CHUNK, p=SHARES["level"])
        years = 2026 - np.minimum(chance.geometric(0.06, CHUNK), 75)
        for n in range(CHUNK):
            title, body = " ".join(titles[n]).capitalize(), " ".join(sentences(bodies[n], chance))
            yield Passage(number * CHUNK + n + 1, title, body, str(kinds[n]), str(levels[n]), int(years[n]))

    def _texts(self, chance, themes: np.ndarray, lengths: np.ndarray, upto: tuple[float, float]) -> list[list[str]]:
        """Words for each passage; `upto`: the share of function words, and of these and the terms together."""
        total = int(lengths.sum())
        draws, group = chance.random(total), np.searchsorted(upto, chance.random(total))
        found = np.empty(total, dtype=np.int64)
        for number, (base, curve) in enumerate(self.groups):
            found[group == number] = base + np.searchsorted(curve, draws[group == number])
        own = (group == 1) & (chance.random(total) < 0.5)
        theme = np.repeat(themes, lengths)[own]
        found[own] = len(FUNCTION) + self.themes[theme, chance.integers(0, TERMS_OF_A_THEME, len(theme))]
        leading = np.flatnonzero((group[:-1] == 1) & (chance.random(total - 1) < ACCOMPANIED))
        found[leading + 1] = self.companions[found[leading] - len(FUNCTION)]
        return [part.tolist() for part in np.split(self.words[found], np.cumsum(lengths)[:-1])]


def sentences(words: list[str], chance) -> Iterator[str]:
    for number, word in enumerate(words):
        yield f"{word}." if number % SENTENCE == SENTENCE - 1 else word


def zipf(count: int, power: float) -> np.ndarray:
    weights = 1 / np.arange(3, count + 3) ** power
    return np.cumsum(weights / weights.sum())


@cache
def rare_words() -> tuple[str, ...]:
    """Words of two to four syllables that nobody has used yet."""
    chance = np.random.default_rng(SEED + 1)
    heads = HEADS.split()
    cores, tails = ["a", "e", "i", "o", "u", "ai", "ea", "ou"], ["", "n", "r", "l", "m", "st", "nd", "ck", "t"]
    syllables = [h + c + t for h in heads for c in cores for t in tails]
    known, found = {*FUNCTION, *TERMS}, dict[str, None]()
    while len(found) < RARE_WORDS:
        parts = chance.integers(0, len(syllables), 2 + int(chance.integers(0, 3)))
        word = "".join(syllables[part] for part in parts)
        if 4 <= len(word) <= 14 and word not in known:
            found[word] = None
    return tuple(found)
