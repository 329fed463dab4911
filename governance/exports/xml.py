"""XML that always parses: text without the characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets)."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Drop what may not stand in XML."""
    return _FORBIDDEN.sub("", text)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Append a child with text and attributes; returns it."""
    child = SubElement(parent, tag, {name.rstrip("_"): clean(value) for name, value in attributes.items()})
    child.text = clean(text) or None
    return child


def write(root: Element) -> bytes:
    """The document in UTF-8, with its declaration."""
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
