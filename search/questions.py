"""Questions in whole sentences, as people ask other people: no record has all of their words.

Of a few words all are wanted, and any of them only if that finds nothing. A sentence is searched by any of its words at
once, because the one record that happens to have them all (the longest) is seldom the answer.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

from search.lexicon import INTO, meaning
from search.query import Node, Term, Words
from search.stems import COMMON, COMMON_IN, stem
from search.text import words

FEWEST_WORDS = 4
# Words of who asks and how, seldom of what: they help, as common words do, but a record need not have them.
_FILLERS = """
    cousin cousins friend friends brother brothers sister sisters mother mum mom father dad uncle aunt nephew niece
    husband wife son sons daughter daughters grandmother grandfather boyfriend girlfriend guy guys man men person
    persons people somewhere anywhere everywhere nowhere
    want wants wanted need needs needed say says said saying tell tells told ask asks asked asking think thinks thought
    know knows knew try tries tried seem seems mean means call calls called explain look looks looking come comes came
    coming put puts keep keeps kept keeping give gives gave given giving take takes took taken taking find finds finding
    use used using feel felt start started become became believe wonder suppose guess
    allowed able possible supposed actually simply exactly probably perhaps even ever still already soon always often
    now today nowadays tomorrow yesterday later yet day days week weeks month months year years time times ago
    two three four five six seven eight nine ten hundred thousand million first second many few lot lots several both
    difference differences differ different between compare compared comparison versus vs
    big small little old good bad nice whole certain own way ways thing kind sort part place places case here
    long far near next up down off away along out over under between around back else too enough only
    please hello thanks yes ok okay
    frere freres soeur soeurs mere pere mari cousin cousine ami amie amis oncle tante gens personne personnes veut
    veulent veux voudrais dit disent demande besoin faut doit doivent fait faire savoir peux pouvons encore toujours
    ceux celles celui celle sujet chose choses chaque combien tout tous toute toutes etre avoir
    deja maintenant aujourd hui jour jours mois an ans annee annees deux trois beaucoup aussi tres bien
    hermano hermanos hermana hermanas madre padre marido esposa esposo primo prima amigo amiga amigos tio tia gente
    persona personas quiere quieren quiero dice dicen pide necesita necesito debe deben hacer saber podemos todavia
    va van voy ir cada demas todos todas todo toda nos le les tan asi
    siempre ahora hoy dia dias mes meses ano anos dos tres muchos mucho tambien
    اخي اختي امي ابي ابن عمي خالي صديقي زوجي زوجتي شخص اشخاص ناس الناس اريد يريد يريدون قال يقول نحتاج احتاج يجب
    depuis pendant avant apres alors donc cela ceci ete etait avait ont sera seront faites font afin ainsi selon
    desde hasta durante segun otro otra otros otras han hemos haber sido estan estar eran sera seran nosotros asi mas
    чтобы когда почему сколько уже только также после будет будут были было была их им мои себя свои своих которые
    которыи этот эти них нас вас мне ему теперь сеичас очень другие другои много
    اذا حتي بعد قبل عند مع كانت يكون تكون لكن اي هناك تلك لان منذ حول ثم قد لها له بها به فيها فيه عليهم لهم
    الفرق فرق عندي لدي لمن واريد كم انا نحن كل بعض احد
    الان اليوم دايما يوم شهر سنه سنوات
"""
FILLERS = frozenset(_FILLERS.split())


def is_sentence(tree: Node) -> bool:
    """Is this a sentence: four words or more side by side, one of them a word that only holds a sentence together?"""
    if not isinstance(tree, Words) or not all(isinstance(node, Term) for node in tree.nodes):
        return False
    found = [word for node in tree.nodes if isinstance(node, Term) for word in words(node.text)]
    return len(found) >= FEWEST_WORDS and any(word in COMMON for word in found)


def is_filler(node: Node, beside: Sequence[Node], language: str) -> bool:
    """Is this, in a sentence, a word of who asks or how, beside others that say what is asked about?"""
    return _fills(node, language) and not all(_fills(other, language) for other in beside)


def _fills(node: Node, language: str) -> bool:
    parts = words(node.text) if isinstance(node, Term) else []
    return bool(parts) and all(_tells_nothing(part, language) for part in parts)


def telling(text: str, language: str) -> list[str]:
    """The folded words of a sentence in a language that say what is asked about."""
    return [word for word in words(text) if not _tells_nothing(word, language)]


@lru_cache(maxsize=4096)
def _tells_nothing(word: str, language: str) -> bool:
    """Is this a common word or a filler, or one of another language that means nothing else?"""
    if word in COMMON or word in FILLERS:
        return True
    meant = meaning(word, language)
    return bool(meant) and _stems_that_tell_nothing().issuperset(meant)


@cache
def _stems_that_tell_nothing() -> frozenset[str]:
    return frozenset(stem(word, INTO) for word in COMMON_IN[INTO] | FILLERS)
