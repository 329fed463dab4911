"""CSL-JSON, the input of citation processors: https://docs.citationstyles.org/en/stable/specification.html"""

import json

from governance.exports.reference import SITE, Parts, Reference

TYPES = {
    "treaty": "treaty", "regulation": "legislation", "report": "report", "article": "article-journal",
    "post": "post-weblog", "page": "webpage",
}  # fmt: skip


def item(reference: Reference) -> dict:
    """One CSL item; what is not known is left out."""
    made = {
        "id": reference.key,
        "type": TYPES[reference.category],
        "title": reference.title,
        "title-short": reference.short,
        "genre": reference.kind,
        "author": [{"literal": name} for name in reference.authors],
        "container-title": reference.body if reference.is_page else "",
        "publisher": "" if reference.is_page else reference.body,
        "authority": reference.body if reference.category in ("treaty", "regulation") else "",
        "number": reference.number,
        "issued": _date(reference.dates, reference.circa),
        "accessed": _date(((reference.accessed.year, reference.accessed.month, reference.accessed.day),)),
        "URL": reference.url,
        "abstract": reference.abstract,
        "keyword": ", ".join(reference.keywords),
        "language": "en",
        "source": SITE,
        "note": reference.note,
    }
    return {key: value for key, value in made.items() if value}


def _date(dates: tuple[Parts, ...], circa: bool = False) -> dict:
    if not dates:
        return {}
    return {"date-parts": [list(parts) for parts in dates], **({"circa": True} if circa else {})}


def write(references: list[Reference]) -> str:
    """All items as one JSON array."""
    return json.dumps([item(reference) for reference in references], ensure_ascii=False, indent=1) + "\n"
