"""A small way to write SVG: elements by ElementTree, which escapes; colours by class only, so that a theme can turn."""

from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

CHARACTER = 6.6  # average width of a character at the 12 units of text that the pictures use


class Picture:
    """An SVG of a given size with a title and a description, as assistive technology reads them.

    `mirrored` turns left and right about: drawn from right to left for those who read so. Then `direction` is rtl, in
    which a text that starts at a point reaches to the left of it; a map is never mirrored.
    """

    def __init__(
        self, name: str, width: float, height: float, title: str, description: str, mirrored: bool = False
    ) -> None:
        self.width, self.mirrored = width, mirrored
        turned = " picture--mirrored" if mirrored else ""
        self.root = ET.Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}",
            "height": f"{height:g}", "class": f"picture picture--{name}{turned}", "role": "group",
            "aria-labelledby": f"{name}-title {name}-description",
        })  # fmt: skip
        ET.SubElement(self.root, "title", {"id": f"{name}-title"}).text = title
        ET.SubElement(self.root, "desc", {"id": f"{name}-description"}).text = description

    def add(self, tag: str, parent: ET.Element | None = None, text: str | None = None, **attributes) -> ET.Element:
        """Append an element; `class_` is class, underscores become hyphens, numbers are shortened.

        `angle` turns a text about its own place.
        """
        if self.mirrored:
            attributes = self._turned_about(attributes)
        if angle := attributes.pop("angle", None):
            attributes["transform"] = f"rotate({angle:g} {attributes['x']:g} {attributes['y']:g})"
        named = {
            "class" if key == "class_" else key.replace("_", "-"): f"{value:g}" if type(value) is float else str(value)
            for key, value in attributes.items()
            if value is not None
        }
        element = ET.SubElement(self.root if parent is None else parent, tag, named)
        if text is not None:
            element.text = text
        return element

    def curve(self, start: tuple[float, float], end: tuple[float, float], **attributes) -> ET.Element:
        """Append a line that leaves one place and reaches another level, and bends between them."""
        if self.mirrored:
            start, end = (self.width - start[0], start[1]), (self.width - end[0], end[1])
        middle = (start[0] + end[0]) / 2
        path = f"M{start[0]:g} {start[1]:g} C{middle:g} {start[1]:g} {middle:g} {end[1]:g} {end[0]:g} {end[1]:g}"
        return self.add("path", d=path, **attributes)

    def _turned_about(self, attributes: dict) -> dict:
        turned = attributes | {key: self.width - attributes[key] for key in ("cx", "x1", "x2") if key in attributes}
        if "x" in attributes:
            turned["x"] = self.width - attributes["x"] - attributes.get("width", 0)
        if "angle" in attributes:
            turned["angle"] = -attributes["angle"]
        return turned

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
