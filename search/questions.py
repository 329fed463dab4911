"""Questions in whole sentences, as people ask other people: no record has all of their words.

Of a few words all are wanted, and any of them only if that finds nothing. A sentence is searched by any of its words at
once, because the one record that happens to have them all (the longest) is seldom the answer.
"""

from search.query import Node, Term, Words
from search.stems import COMMON
from search.text import words

FEWEST_WORDS = 5


def is_sentence(tree: Node) -> bool:
    """Is this a sentence: five words or more side by side, one of them a word that only holds a sentence together?"""
    if not isinstance(tree, Words) or not all(isinstance(node, Term) for node in tree.nodes):
        return False
    found = [word for node in tree.nodes if isinstance(node, Term) for word in words(node.text)]
    return len(found) >= FEWEST_WORDS and any(word in COMMON for word in found)
