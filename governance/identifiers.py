"""How identifiers are spelled, scheme by scheme, and where each leads.

UN symbols: https://research.un.org/en/docs/symbols; CELEX: https://eur-lex.europa.eu/content/help/eurlex-content/celex-number.html;
ELI: https://eur-lex.europa.eu/eli-register/about.html; M49: https://unstats.un.org/unsd/methodology/m49/.
"""

import re
from urllib.parse import quote

from governance.models.vocabulary import Scheme

PATTERNS: dict[str, tuple[str, str]] = {
    Scheme.UN_SYMBOL: (r"[A-Z][A-Z0-9]*(/[A-Za-z0-9.\-()& ]+)+", "A/RES/73/195"),
    Scheme.UNTS: (r"\d{1,4} UNTS \d{1,4}", "189 UNTS 137"),
    Scheme.UNTS_REGISTRATION: (r"(I-)?\d{1,6}", "14691"),
    Scheme.MTDSG: (r"[IVXL]+-\d{1,2}(-[a-z])?", "V-2"),
    Scheme.CELEX: (r"[0-9CE]\d{4}[A-Z]{1,2}(\d{3,4}|/TXT)(\(\d{2}\))?(-\d{8})?", "32013R0604"),
    Scheme.ELI: (r"https?://data\.europa\.eu/eli/\S+", "http://data.europa.eu/eli/reg/2013/604/oj"),
    Scheme.ILO: (r"[CRP]\d{3}", "C097"),
    Scheme.OJ: (r"OJ [LC]( \d{1,4})?, .+", "OJ L 180, 29.6.2013, pp. 31–59"),
    Scheme.ISO_ALPHA2: (r"[A-Z]{2}", "MA"),
    Scheme.ISO_ALPHA3: (r"[A-Z]{3}", "MAR"),
    Scheme.M49: (r"\d{3}", "504"),
    Scheme.URL: (r"https?://\S+", "https://www.iom.int/"),
}


def fault(scheme: str, value: str) -> str | None:
    """Return an example of the right spelling when `value` does not fit its scheme, None when it does."""
    pattern = PATTERNS.get(scheme)
    if pattern is None or re.fullmatch(pattern[0], value, re.ASCII):
        return None
    return pattern[1]


def address(scheme: str, value: str) -> str | None:
    """The public resolver address of an identifier, None where no stable one exists or it is misspelled."""
    if fault(scheme, value):
        return None
    if scheme == Scheme.UN_SYMBOL:
        return f"https://undocs.org/{quote(value, safe='/()')}"
    if scheme == Scheme.CELEX:
        return f"https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{quote(value, safe='()')}"
    if scheme in (Scheme.ELI, Scheme.URL):
        return value
    return None
