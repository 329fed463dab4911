"""BibTeX: https://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf

Texts are `@techreport`, the entry whose fields hold a kind, a number and a body and which Zotero takes as a report; web
pages are `@misc`. Letters stay as they are, in UTF-8; what BibTeX and TeX read as commands is escaped.
"""

import re

from governance.exports.reference import Reference

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_LITERAL = {"url"}


def escape(text: str) -> str:
    """Make text safe inside braces: one line, no command and no brace of its own."""
    return re.sub(r"[\\{}%$&#_~^]", lambda match: _SPECIAL[match[0]], " ".join(text.split()))


def entry(reference: Reference) -> str:
    """One entry; what is not known is left out."""
    first = reference.dates[0] if reference.dates else ()
    fields = {
        "title": reference.title,
        "author": " and ".join("{" + escape(name) + "}" for name in reference.authors),
        "publisher" if reference.is_page else "institution": reference.body,
        "year": str(first[0]) if first else "",
        "month": str(first[1]) if len(first) > 1 else "",
        "date": "/".join("-".join(f"{part:02}" for part in parts) for parts in reference.dates),
        "type": reference.kind,
        "number": reference.number,
        "shorttitle": reference.short,
        "url": reference.url,
        "urldate": reference.accessed.isoformat(),
        "keywords": ", ".join(reference.keywords),
        "abstract": reference.abstract,
        "note": reference.note,
    }
    lines = [f"  {name} = {{{_value(name, text)}}}" for name, text in fields.items() if text]
    return f"@{'misc' if reference.is_page else 'techreport'}{{{reference.key},\n" + ",\n".join(lines) + "\n}\n"


def _value(name: str, text: str) -> str:
    if name == "author":
        return text
    return text.replace("{", "%7B").replace("}", "%7D") if name in _LITERAL else escape(text)


def write(references: list[Reference], remark: str = "") -> str:
    """All entries; `remark` stands in front, where BibTeX reads nothing."""
    return (f"% {remark}\n\n" if remark else "") + "\n".join(entry(reference) for reference in references)
