"""A small way to write SVG: elements by ElementTree, which escapes; colours by class only, so that a theme can turn."""

from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

CHARACTER = 6.6  # average width of a character at the 12 units of text that the pictures use


class Picture:
    """An SVG of a given size with a title and a description, as assistive technology reads them."""

    def __init__(self, name: str, width: float, height: float, title: str, description: str) -> None:
        self.root = ET.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}",
            "height": f"{height:g}", "class": f"picture picture--{name}", "role": "group",
            "aria-labelledby": f"{name}-title {name}-description",
        })  # fmt: skip
        ET.SubElement(self.root, "title", {"id": f"{name}-title"}).text = title
        ET.SubElement(self.root, "desc", {"id": f"{name}-description"}).text = description

    def add(self, tag: str, parent: ET.Element | None = None, text: str | None = None, **attributes) -> ET.Element:
        """Append an element; `class_` is class, underscores become hyphens, numbers are shortened."""
        named = {
            "class" if key == "class_" else key.replace("_", "-"): f"{value:g}" if type(value) is float else str(value)
            for key, value in attributes.items()
            if value is not None
        }
        element = ET.SubElement(self.root if parent is None else parent, tag, named)
        if text is not None:
            element.text = text
        return element

    def link(self, address: str, label: str, parent: ET.Element | None = None) -> ET.Element:
        """A link that the keyboard reaches, with `label` read aloud and shown on hovering."""
        anchor = self.add("a", parent, href=address, aria_label=label)
        ET.SubElement(anchor, "title").text = label
        return anchor

    def html(self) -> SafeString:
        """The picture for a page; ElementTree has escaped every text and attribute."""
        return mark_safe(ET.tostring(self.root, encoding="unicode"))


def width_of(text: str) -> float:
    """About how wide a text of 12 units is."""
    return len(text) * CHARACTER


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
