"""Records that may be the same: by name, identifier, or the same parties on the same date. Proposed, never merged.

Compared are the records of one type and the rows of the file itself.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from governance import edtf
from governance.importing.names import key
from governance.models import Date, Identifier, Name, Participation, Record
from governance.models.vocabulary import NameKind, State, Type

ALIKE = 0.8  # share of words that two names have in common
_FEWEST_WORDS = 3
_COMMON_WORD = 200  # a word that more records have is no help in finding one


@dataclass
class Profile:
    """What two records are compared by. `who` names it: a reference, or a row of the file."""

    who: str
    title: str
    names: set[str] = field(default_factory=set)
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    dates: list[tuple[str, str]] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Likeness:
    """One record that may be the same, and why, in words."""

    who: str
    title: str
    reason: str


def profile(who: str, document: dict) -> Profile:
    """The profile of a document in its own form (`governance.knowledge.own`)."""
    made = Profile(who, document["title"])
    made.names = {key(document["title"])} | {
        key(name["text"]) for name in document["names"] if name["kind"] != NameKind.PLAIN
    }
    made.names.discard("")
    made.identifiers = {(item["scheme"], item["value"].casefold()) for item in document["identifiers"]}
    made.dates = [(item["event"], item["value"]) for item in document["dates"]]
    made.parties = {f"{item['type']}/{item['slug']}" for item in document["participation"]}
    return made


class Duplicates:
    """Finds what may be the same as a new record of one type; rows of the file are added as they come."""

    def __init__(self, type_: str) -> None:
        self.type = type_
        self._by_name: dict[str, list[Profile]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[frozenset[str], frozenset[str], Profile]]] = defaultdict(list)
        self._by_identifier: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        self._by_parties: dict[frozenset[str], list[Profile]] = defaultdict(list)
        for each in _existing(type_):
            self.add(each)

    def add(self, one: Profile) -> None:
        """Take in one more profile that later ones are compared with."""
        for name in one.names:
            self._by_name[name].append(one)
            words, numbers = _parts(name)
            for word in words:
                self._by_word[word].append((words, numbers, one))
        for identifier in one.identifiers:
            self._by_identifier[identifier].append(one)
        if len(one.parties) > 1:
            self._by_parties[frozenset(one.parties)].append(one)

    def of(self, one: Profile) -> list[Likeness]:
        """Everything that `one` may be the same as, the surest reason first and each only once."""
        found: dict[str, Likeness] = {}

        def say(other: Profile, reason: str) -> None:
            found.setdefault(other.who, Likeness(other.who, other.title, reason))

        for identifier in sorted(one.identifiers):
            for other in self._by_identifier.get(identifier, ()):
                say(other, _("the same identifier, %s") % identifier[1])
        for name in sorted(one.names):
            for other in self._by_name.get(name, ()):
                say(other, _("the same name"))
        if self.type == Type.INSTRUMENT and len(one.parties) > 1:
            for other in self._by_parties.get(frozenset(one.parties), ()):
                if same := _common_date(one, other):
                    say(other, _("the same parties and the same date, %s") % edtf.wording(same))
        for other in self._alike(one):
            say(other, _("a similar name"))
        return list(found.values())[:5]

    def _alike(self, one: Profile) -> list[Profile]:
        """Names with most words in common, and every number: “Protocol 1” is not “Protocol 2”.

        Of two names that share four fifths of their words, one has at least one of the other's rarest fifth and one.
        """
        close: dict[int, Profile] = {}
        for name in one.names:
            words, numbers = _parts(name)
            if len(words) < _FEWEST_WORDS:
                continue
            rarest = sorted((len(self._by_word.get(word, ())), word) for word in words)[: len(words) // 5 + 1]
            for often, word in rarest:
                if often > _COMMON_WORD:
                    continue
                for others, other_numbers, other in self._by_word.get(word, ()):
                    if numbers == other_numbers and len(words & others) >= ALIKE * len(words | others):
                        close[id(other)] = other
        return [other for other in close.values() if not _between_others(one, other)]


def pairs(type_: str) -> list[tuple[str, str, str]]:
    """All records of a type that may be the same as another one: two references, and why; each pair once."""
    index = Duplicates(type_)
    found: dict[tuple[str, ...], str] = {}
    for one in _existing(type_):
        for likeness in index.of(one):
            if likeness.who != one.who:
                found.setdefault(tuple(sorted((one.who, likeness.who))), likeness.reason)
    return [(one, other, reason) for (one, other), reason in sorted(found.items())]


def _parts(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a name, and those of them that hold a number."""
    words = frozenset(name.split())
    return words, frozenset(word for word in words if any(map(str.isdigit, word)))


def _between_others(one: Profile, other: Profile) -> bool:
    return len(one.parties) > 1 and len(other.parties) > 1 and one.parties != other.parties


def _common_date(one: Profile, other: Profile) -> str:
    """A date of `one` that may be the same day as a date of `other`, empty if there is none."""
    for _event, value in one.dates:
        for _other_event, there in other.dates:
            if value == there or _overlap(value, there):
                return value
    return ""


def _overlap(one: str, other: str) -> bool:
    try:
        a, b = edtf.span(one), edtf.span(other)
    except edtf.NotADate:
        return False
    if not (a.first and a.last and b.first and b.last):
        return False
    return a.first <= b.last and b.first <= a.last


def _existing(type_: str) -> list[Profile]:
    records = Record.objects.of_type(type_).exclude(state=State.WITHDRAWN)
    found = {
        pk: Profile(f"{type_}/{slug}", title, {key(title)} - {""})
        for pk, slug, title in records.values_list("pk", "slug", "title")
    }
    names = Name.objects.filter(record__in=records).exclude(kind=NameKind.PLAIN)
    for pk, name in names.values_list("record_id", "text"):
        found[pk].names |= {key(name)} - {""}
    for pk, scheme, value in Identifier.objects.filter(record__in=records).values_list("record_id", "scheme", "value"):
        found[pk].identifiers.add((scheme, value.casefold()))
    for pk, event, value in Date.objects.filter(record__in=records).values_list("record_id", "event", "value"):
        found[pk].dates.append((event, value))
    parties = Participation.objects.filter(record__in=records).values_list("record_id", "party__type", "party__slug")
    for pk, party_type, slug in parties:
        found[pk].parties.add(f"{party_type}/{slug}")
    return list(found.values())
