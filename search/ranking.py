"""How much a match counts. Measured on the graded queries of the relevance benchmark, not set by feel alone.

Words are scored by BM25F: each zone's count is divided by its length and weighed, the zones are summed, then saturated
(Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, chapter 3.6).
"""

from governance.models.vocabulary import Type
from search.passages import PASSAGE
from search.provisions import PROVISION

SATURATION = 4.0  # k1
# zone: (weight, how much its length counts against it)
ZONE_WEIGHTS = {
    "title": (10.0, 0.5),
    "names": (8.0, 0.1),
    "plain": (2.5, 0.3),
    "identifiers": (8.0, 0.0),
    "dates": (5.0, 0.2),
    "summary": (2.5, 0.4),
    "tags": (1.5, 0.4),
    "body": (0.8, 0.6),
    "parent": (0.6, 0.2),
    "context": (0.6, 0.2),
    "related": (0.5, 0.6),
    "evidence": (0.5, 0.6),
}
OWN_SHARE = 0.4  # of the words, weighed by how rare they are, a record must have at least this much of its own
STEMMED = 0.25  # a word that has only the stem in common
EXPANDED = 0.6  # a word that stands for a prefix or a misspelling
EVERYDAY = 0.025  # an everyday word that stands for a word of a sentence
TRANSLATED = 0.6  # an English word for one of another language
HELPFUL = 0.4  # a common word, which need not be there
SENTENCE_ZONES = ("title", "names", "plain", "summary", "body", "context")  # where those of a sentence are looked for
ENOUGH = 0.3  # of the words of a sentence, weighed by how rare they are, a record must have at least this much
ADJACENT = 0.35  # two words of the query side by side in a zone
NAMED = 1.0  # a whole name stands among the words of the query
SENTENCE_LIKE = 2.4  # the best name has much in common with a sentence
EVERYDAY_LIKE = 0.98  # of that, what is due to everyday words that stand for those of the sentence
PASSED_ON = 0.5  # of its score, a best answer to a sentence to what is linked to it
PASSING = 10  # how many of the best pass on
MOST_LINKED = 100  # what more are linked to passes on nothing to them
FED_BACK = 0.8  # of the best score, what is most like the best answers to a sentence
FEEDING = 5  # how many answers are the best
MOST_FED = 30  # of their words are searched for
COMMONEST_FED = 20_000  # documents have a word at most that is searched for so
MOST_LIKE = 60  # are like them
LIKE = 1.4  # the best name has much in common with the query
MOST_COMPARED = 60  # of the best documents, whose names are looked at for that
# What people mostly look for comes first among equals.
TYPE_PRIORS = {
    Type.PRINCIPLE: 1.15, Type.INSTRUMENT: 1.1, Type.ACTOR: 1.1, Type.LEVEL: 1.05, Type.TOPIC: 1.05,
    Type.COUNTRY: 1.0, Type.EVENT: 0.9, Type.PRACTICE: 0.95, PROVISION: 0.75, PASSAGE: 0.5, Type.SOURCE: 0.25,
}  # fmt: skip
