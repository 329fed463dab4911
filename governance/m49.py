"""Regions of the UN's standard country or area codes (M49): https://unstats.un.org/unsd/methodology/m49/."""

from django.utils.translation import gettext_lazy as _

REGIONS = {
    "002": _("Africa"), "019": _("Americas"), "142": _("Asia"), "150": _("Europe"), "009": _("Oceania"),
    "010": _("Antarctica"),
}  # fmt: skip

SUBREGIONS = {
    "015": (_("Northern Africa"), "002"), "014": (_("Eastern Africa"), "002"), "017": (_("Middle Africa"), "002"),
    "018": (_("Southern Africa"), "002"), "011": (_("Western Africa"), "002"), "029": (_("Caribbean"), "019"),
    "013": (_("Central America"), "019"), "005": (_("South America"), "019"), "021": (_("Northern America"), "019"),
    "143": (_("Central Asia"), "142"), "030": (_("Eastern Asia"), "142"), "035": (_("South-eastern Asia"), "142"),
    "034": (_("Southern Asia"), "142"), "145": (_("Western Asia"), "142"), "151": (_("Eastern Europe"), "150"),
    "154": (_("Northern Europe"), "150"), "039": (_("Southern Europe"), "150"), "155": (_("Western Europe"), "150"),
    "053": (_("Australia and New Zealand"), "009"), "054": (_("Melanesia"), "009"), "057": (_("Micronesia"), "009"),
    "061": (_("Polynesia"), "009"),
}  # fmt: skip


def label(code: str) -> str:
    """The English (or translated) name of a region or sub-region; the code itself when it is unknown."""
    if code in REGIONS:
        return str(REGIONS[code])
    return str(SUBREGIONS[code][0]) if code in SUBREGIONS else code


def within(code: str) -> list[str]:
    """The sub-region codes that a region or sub-region code covers; empty for an unknown code."""
    if code in SUBREGIONS or code == "010":
        return [code]
    return [sub for sub, (_name, region) in SUBREGIONS.items() if region == code]
