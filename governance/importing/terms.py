"""The words of the closed vocabularies as people write them: value, label or a usual other word."""

import difflib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from governance.importing.names import fold
from governance.models.vocabulary import KINDS, Act, Binding, NameKind, Type

_OTHER_WORDS = {
    "kind": {
        "mou": "memorandum-of-understanding", "memorandum": "memorandum-of-understanding",
        "bla": "bilateral-agreement", "bilateral labour agreement": "bilateral-agreement",
        "bilateral labor agreement": "bilateral-agreement", "bilateral": "bilateral-agreement",
        "bilateral treaty": "bilateral-agreement", "action plan": "action-plan", "rcp": "regional-consultative-process",
        "regional organization": "regional-organisation", "organization": "organisation",
    },
    "binding": {
        "yes": "binding", "y": "binding", "true": "binding", "legally binding": "binding", "hard law": "binding",
        "no": "non-binding", "n": "non-binding", "false": "non-binding", "not binding": "non-binding",
        "not legally binding": "non-binding", "non legally binding": "non-binding", "soft law": "non-binding",
        "unclear": "unstated", "unknown": "unstated", "not known": "unstated",
    },
    "act": {
        "state party": "party", "contracting party": "party", "parties": "party", "signed": "signatory",
        "signature": "signatory", "ratification": "ratified", "accession": "acceded", "membership": "member",
        "member state": "member", "members": "member", "observers": "observer", "observer state": "observer",
        "chairmanship": "chair", "presidency": "chair", "cohost": "co-host", "cochair": "co-chair",
        "attended": "attendee",
    },
    "name": {
        "full": "official", "acronym": "abbreviation", "former": "historic", "former name": "historic", "aka": "alias",
        "also known as": "alias", "other": "alias", "variant": "alias", "everyday": "plain",
    },
}  # fmt: skip


class UnknownTerm(ValueError):
    """The word is in no vocabulary; the message lists what could be meant."""


class Terms:
    """One vocabulary: finds a value by value, label or other word."""

    def __init__(self, labels: Mapping[str, object], other_words: str = "") -> None:
        self.labels = {str(value): str(label) for value, label in labels.items()}
        self._values = {_key(label): value for value, label in self.labels.items()}
        self._values |= {_key(value): value for value in self.labels}
        for word, value in _OTHER_WORDS.get(other_words, {}).items():
            if value in self.labels:
                self._values.setdefault(_key(word), value)

    def find(self, written: str) -> str:
        """Return the value; raises UnknownTerm."""
        value = self._values.get(_key(written))
        if value is not None:
            return value
        near = difflib.get_close_matches(_key(written), self._values, n=2, cutoff=0.7)
        offered = list(dict.fromkeys(self._values[word] for word in near)) or list(self.labels)
        raise UnknownTerm(
            _("“%(text)s” is not one of the words used here. Write one of: %(words)s.")
            % {"text": written[:60], "words": ", ".join(self.labels[value] for value in offered)}
        )


def _key(word: str) -> str:
    return " ".join(fold(word).split())


def kinds(type_: str) -> Terms:
    """The kinds of a record type."""
    return Terms(KINDS[Type(type_)], "kind")


def bindings() -> Terms:
    return Terms(dict(Binding.choices), "binding")


def acts() -> Terms:
    return Terms(dict(Act.choices), "act")


def name_kinds() -> Terms:
    return Terms(dict(NameKind.choices), "name")
