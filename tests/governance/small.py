"""A small world of documents in which every type stands and everything hangs together."""

from governance.knowledge import apply
from governance.models import Record

WHAT = {"value": "What it is.", "cite": ["S4.2"]}
DOCUMENTS = [
    {"type": "level", "slug": "global", "title": "Global level", "position": "1"},
    {"type": "level", "slug": "regional", "title": "Regional level", "position": "2"},
    {"type": "level", "slug": "subregional", "title": "Sub-regional level", "position": "3", "parent": "regional"},
    {"type": "source", "slug": "S4", "title": "Background note", "kind": "background-note", "reliability": "high"},
    {"type": "country", "slug": "MA", "title": "Morocco", "iso2": "MA", "iso3": "MAR", "m49": "504", "region": "015"},
    {"type": "country", "slug": "NE", "title": "Niger", "iso2": "NE", "iso3": "NER", "m49": "562", "region": "011"},
    {"type": "principle", "slug": "solidarity", "title": "Solidarity", "kind": "principle", "summary": WHAT},
    {"type": "topic", "slug": "asylum", "title": "Asylum", "kind": "theme", "summary": WHAT},
    {"type": "practice", "slug": "a-practice", "title": "A practice", "kind": "case-study", "summary": WHAT},
    {"type": "event", "slug": "a-meeting", "title": "A meeting", "kind": "meeting", "summary": WHAT,
     "dates": [{"event": "held", "value": "2006-07-10"}]},
    {"type": "actor", "slug": "a-process", "title": "A process", "kind": "network", "level": "regional",
     "summary": WHAT,
     "dates": [{"event": "established", "value": "2006"}],
     "participation": [{"party": "country/MA", "act": "member"}, {"party": "country/NE", "act": "member"}]},
    {"type": "instrument", "slug": "a-treaty", "title": "A treaty", "kind": "treaty", "level": "global",
     "binding": "binding", "summary": {"value": "Says what was agreed.", "cite": ["S4.12 'what was agreed'"]},
     "dates": [{"event": "in-force", "value": "1954-04-22"}],
     "provisions": [{"label": "Article 1", "gist": "The first.", "principles": [{"slug": "solidarity"}]}],
     "principles": [{"slug": "solidarity"}], "topics": [{"slug": "asylum"}],
     "participation": [{"party": "country/MA", "act": "party", "from": "1956-11-07"}],
     "relations": [{"predicate": "follows-up", "to": "event/a-meeting"}],
     "caveats": [{"kind": "contradiction", "text": "Told differently elsewhere."}]},
]  # fmt: skip


def make_small_world() -> dict[str, Record]:
    """Publish the documents; the records by reference."""
    return {f"{d['type']}/{d['slug']}": apply(d, state="published").record for d in DOCUMENTS}
