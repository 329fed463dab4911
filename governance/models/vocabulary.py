"""The closed vocabularies of the knowledge base: what a value may be, and how it is worded for a reader.

`docs/documents.md` lists the same words for people who write documents; a test holds the two together.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Type(TextChoices):
    """Everything that has a page of its own."""

    INSTRUMENT = "instrument", _("Instrument")
    ACTOR = "actor", _("Actor")
    PRINCIPLE = "principle", _("Principle")
    LEVEL = "level", _("Level of cooperation")
    TOPIC = "topic", _("Topic")
    EVENT = "event", _("Event")
    PRACTICE = "practice", _("Practice")
    COUNTRY = "country", _("Country")
    SOURCE = "source", _("Source")


PLURALS = {
    Type.INSTRUMENT: "instruments",
    Type.ACTOR: "actors",
    Type.PRINCIPLE: "principles",
    Type.LEVEL: "levels",
    Type.TOPIC: "topics",
    Type.EVENT: "events",
    Type.PRACTICE: "practices",
    Type.COUNTRY: "countries",
    Type.SOURCE: "sources",
}

CITATION_EXEMPT = frozenset({Type.COUNTRY, Type.LEVEL, Type.SOURCE})


class State(TextChoices):
    """Where a record stands on its way to readers; only published ones are visible to the public."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Basis(TextChoices):
    """On what a value rests."""

    STATED = "stated", _("Stated in the source")
    INFERRED = "inferred", _("Inferred from the source")
    COMPUTED = "computed", _("Computed")
    EDITORIAL = "editorial", _("Editorial")


class Binding(TextChoices):
    """Legal force as far as the sources say."""

    BINDING = "binding", _("Binding")
    NON_BINDING = "non-binding", _("Non-binding")
    UNSTATED = "unstated", _("Not stated")


class Stance(TextChoices):
    """What a cited source does to the value."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")


class Strength(TextChoices):
    """How a principle stands in a text."""

    EXPLICIT = "explicit", _("Explicit")
    IMPLIED = "implied", _("Implied")
    INTERPRETED = "interpreted", _("By interpretation")


class NameKind(TextChoices):
    OFFICIAL = "official", _("Official name")
    SHORT = "short", _("Short name")
    ABBREVIATION = "abbreviation", _("Abbreviation")
    ALIAS = "alias", _("Also called")
    PLAIN = "plain", _("In plain words")
    HISTORIC = "historic", _("Former name")


class Scheme(TextChoices):
    """Identifier schemes; how each is spelled is checked by `governance.identifiers`."""

    UN_SYMBOL = "un-symbol", _("UN document symbol")
    UNTS = "unts", _("UN Treaty Series")
    UNTS_REGISTRATION = "unts-registration", _("UNTS registration number")
    MTDSG = "mtdsg", _("Multilateral Treaties Deposited, chapter")
    CELEX = "celex", _("CELEX number")
    ELI = "eli", _("European Legislation Identifier")
    ILO = "ilo", _("ILO number")
    OJ = "oj", _("Official Journal of the EU")
    ISO_ALPHA2 = "iso-alpha2", _("ISO 3166-1 alpha-2")
    ISO_ALPHA3 = "iso-alpha3", _("ISO 3166-1 alpha-3")
    M49 = "m49", _("UN M49")
    URL = "url", _("Web address")
    OTHER = "other", _("Other")


class DateEvent(TextChoices):
    """What a date is the date of."""

    ADOPTED = "adopted", _("Adopted")
    ENDORSED = "endorsed", _("Endorsed")
    AFFIRMED = "affirmed", _("Affirmed")
    SIGNED = "signed", _("Signed")
    OPENED = "opened", _("Opened for signature")
    IN_FORCE = "in-force", _("In force")
    APPLIED = "applied", _("Applied")
    ESTABLISHED = "established", _("Established")
    LAUNCHED = "launched", _("Launched")
    HELD = "held", _("Held")
    PUBLISHED = "published", _("Published")
    CONCLUDED = "concluded", _("Concluded")
    COVERS = "covers", _("Covers the period")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated")
    REPEALED = "repealed", _("Repealed")
    FORTHCOMING = "forthcoming", _("Announced for")


START_EVENTS = ("in-force", "applied", "established", "launched")
TEXT_START_EVENTS = ("adopted", "endorsed", "affirmed", "signed", "concluded", "published")
END_EVENTS = ("ended", "terminated", "repealed")
LEADING_EVENTS = (
    "adopted", "signed", "concluded", "established", "launched", "held", "opened", "endorsed", "affirmed",
    "in-force", "applied", "published", "covers", "forthcoming",
)  # fmt: skip


class Act(TextChoices):
    """What a party did, or is, in an instrument, a process or an event."""

    PARTY = "party", _("Party")
    SIGNATORY = "signatory", _("Signatory")
    RATIFIED = "ratified", _("Ratified")
    ACCEDED = "acceded", _("Acceded")
    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    PARTICIPANT = "participant", _("Participant")
    HOST = "host", _("Host")
    CO_HOST = "co-host", _("Co-host")
    CHAIR = "chair", _("Chair")
    CO_CHAIR = "co-chair", _("Co-chair")
    SECRETARIAT = "secretariat", _("Secretariat")
    PARTNER = "partner", _("Partner")
    STEERING_GROUP = "steering-group", _("Member of the steering group")
    CHAMPION = "champion", _("Champion country")
    VOTED_AGAINST = "voted-against", _("Voted against")
    ABSTAINED = "abstained", _("Abstained")
    ATTENDEE = "attendee", _("Attended")
    COVERED = "covered", _("Covered")


class CaveatKind(TextChoices):
    """Why a value needs care."""

    CONTRADICTION = "contradiction", _("Sources disagree")
    DOUBTFUL = "doubtful", _("Doubtful")
    IMPRECISE = "imprecise", _("Imprecise")
    DATING = "dating", _("Date needs care")
    NAMING = "naming", _("Name needs care")
    CLASSIFICATION = "classification", _("Classification needs care")
    QUOTATION = "quotation", _("Quotation needs care")
    PROVENANCE = "provenance", _("Where this comes from")
    TERMINOLOGY = "terminology", _("Wording needs care")
    ARTEFACT = "artefact", _("Damaged text")
    UNDERSPECIFIED = "underspecified", _("Not fully stated")
    AMBIGUITY = "ambiguity", _("Can be read in two ways")


DISPUTED = frozenset({CaveatKind.CONTRADICTION, CaveatKind.DOUBTFUL})


class Reliability(TextChoices):
    HIGH = "high", _("High reliability")
    MEDIUM = "medium", _("Medium reliability")
    LOW = "low", _("Low reliability")


class Rights(TextChoices):
    """How far an ingested text may be shown."""

    OPEN = "open", _("May be shown in full")
    SNIPPETS = "snippets", _("Short extracts only")
    PRIVATE = "private", _("Not shown")


KINDS = {
    Type.INSTRUMENT: {
        "treaty": _("Treaty"), "convention": _("Convention"), "protocol": _("Protocol"),
        "agreement": _("Agreement"), "compact": _("Compact"), "declaration": _("Declaration"),
        "resolution": _("Resolution"), "bilateral-agreement": _("Bilateral agreement"),
        "memorandum-of-understanding": _("Memorandum of understanding"), "regulation": _("Regulation"),
        "consensus": _("Consensus"), "strategy": _("National strategy"), "plan": _("Plan"),
        "policy-framework": _("Policy framework"), "action-plan": _("Action plan"), "report": _("Report"),
        "outcome-document": _("Outcome document"),
    },
    Type.ACTOR: {
        "un": _("United Nations"), "un-body": _("UN body"), "un-agency": _("UN agency"),
        "un-network": _("UN network"), "regional-consultative-process": _("Regional consultative process"),
        "interregional-forum": _("Interregional forum"), "global-process": _("Global process"),
        "process-type": _("Type of process"), "network": _("Network"), "commission": _("Commission"),
        "regional-organisation": _("Regional organisation"), "state-organ": _("State organ"),
        "working-group": _("Working group"), "group-of-states": _("Group of States"),
        "city-network": _("City network"), "private-sector-group": _("Private-sector group"),
        "civil-society": _("Civil society"), "stakeholder-group": _("Stakeholder group"),
        "state-role": _("State in a role"), "organisation": _("Organisation"),
    },
    Type.TOPIC: {
        "theme": _("Theme"), "challenge": _("Challenge"), "opportunity": _("Opportunity"),
        "approach": _("Approach"), "solution": _("Solution"), "objective": _("Objective"),
        "priority": _("Priority"), "form-of-cooperation": _("Form of cooperation"), "mechanism": _("Mechanism"),
        "definition": _("Definition"), "guiding-question": _("Guiding question"), "region": _("Region"),
    },
    Type.PRINCIPLE: {
        "principle": _("Principle"), "guiding-principle": _("Guiding principle"), "approach": _("Approach"),
    },
    Type.EVENT: {
        "adoption": _("Adoption"), "conference": _("Conference"), "consultation": _("Consultation"),
        "meeting": _("Meeting"), "dialogue": _("Dialogue"), "forum": _("Forum"), "review": _("Review"),
        "launch": _("Launch"), "session": _("Session"), "roundtable": _("Round table"),
        "side-event": _("Side event"),
    },
    Type.PRACTICE: {"case-study": _("Case study")},
    Type.SOURCE: {
        "background-note": _("Background note"), "report-chapter": _("Report chapter"),
        "journal-article": _("Journal article"), "blog-article": _("Blog article"),
        "ai-written-article": _("Article written by AI"), "reference": _("Reference page"),
    },
    Type.LEVEL: {},
    Type.COUNTRY: {},
}  # fmt: skip

KIND_LABELS = {(type_, kind): label for type_, kinds in KINDS.items() for kind, label in kinds.items()}


@dataclass(frozen=True)
class Predicate:
    """A typed relation and its wording in each direction."""

    name: str
    inverse: str
    label: str | Promise
    inverse_label: str | Promise

    @property
    def symmetric(self) -> bool:
        return self.name == self.inverse


_PREDICATES = (
    ("supplements", "supplemented-by", _("Supplements"), _("Supplemented by")),
    ("implements", "implemented-by", _("Implements"), _("Implemented by")),
    ("revises", "revised-by", _("Revises"), _("Revised by")),
    ("replaces", "replaced-by", _("Replaces"), _("Replaced by")),
    ("repeals", "repealed-by", _("Repeals"), _("Repealed by")),
    ("succeeds", "succeeded-by", _("Succeeds"), _("Succeeded by")),
    ("complements", "complemented-by", _("Complements"), _("Complemented by")),
    ("endorses", "endorsed-by", _("Endorses"), _("Endorsed by")),
    ("affirms", "affirmed-by", _("Affirms"), _("Affirmed by")),
    ("adopted-by", "adopted", _("Adopted by"), _("Adopted")),
    ("follows-up", "followed-up-by", _("Follows up"), _("Followed up by")),
    ("follows", "followed-by", _("Follows"), _("Followed by")),
    ("builds-on", "built-on-by", _("Builds on"), _("Built on by")),
    ("recalls", "recalled-by", _("Recalls"), _("Recalled by")),
    ("reaffirms", "reaffirmed-by", _("Reaffirms"), _("Reaffirmed by")),
    ("reviews", "reviewed-by", _("Reviews"), _("Reviewed by")),
    ("established-by", "established", _("Established by"), _("Established")),
    ("part-of", "has-part", _("Part of"), _("Has the part")),
    ("example-of", "has-example", _("Example of"), _("Has the example")),
    ("kind-of", "has-kind", _("Kind of"), _("Has the kind")),
    ("defines", "defined-by", _("Defines"), _("Defined by")),
    ("addresses", "addressed-by", _("Addresses"), _("Addressed by")),
    ("hinders", "hindered-by", _("Hinders"), _("Hindered by")),
    ("leads-to", "result-of", _("Leads to"), _("Result of")),
    ("aims-at", "aim-of", _("Aims at"), _("Aim of")),
    ("requires", "required-by", _("Requires"), _("Required by")),
    ("aligned-with", "aligned-with", _("Aligned with"), _("Aligned with")),
    ("draws-on", "drawn-on-by", _("Draws on"), _("Drawn on by")),
    ("asks", "asked-by", _("Asks"), _("Asked by")),
    ("recommends", "recommended-by", _("Recommends"), _("Recommended by")),
    ("led-by", "leads", _("Led by"), _("Leads")),
    ("hosted-by", "hosts", _("Hosted by"), _("Hosts")),
    ("serves", "served-by", _("Serves"), _("Served by")),
    ("works-with", "works-with", _("Works with"), _("Works with")),
    ("located-in", "location-of", _("Located in"), _("Location of")),
    ("concerns", "concern-of", _("Concerns"), _("Concern of")),
    ("expresses", "expressed-by", _("Expresses"), _("Expressed by")),
    ("coordinates", "coordinated-by", _("Coordinates"), _("Coordinated by")),
    ("supports", "supported-by", _("Supports"), _("Supported by")),
    ("claimed-as", "claimed-by", _("Claimed as"), _("Claimed by")),
    ("related-to", "related-to", _("Related to"), _("Related to")),
)
PREDICATES = {row[0]: Predicate(*row) for row in _PREDICATES}
LINEAGE = (
    "supplements", "implements", "revises", "replaces", "repeals", "succeeds", "complements", "endorses", "affirms",
    "follows-up", "follows", "builds-on", "recalls", "reaffirms",
)  # fmt: skip
