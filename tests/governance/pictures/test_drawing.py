"""The pictures, drawn from plain values."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from governance.pictures import grids, lineage, timeline, world

NAMESPACE = "{http://www.w3.org/2000/svg}"
days = st.dates(date(1900, 1, 1), date(2030, 12, 31))
marks = st.builds(
    timeline.Mark, title=st.text(min_size=1, max_size=60), address=st.just("/x/"),
    type=st.sampled_from(["event", "instrument"]), level=st.just("Global"), first=days, last=days,
    wording=st.just("2001"),
)  # fmt: skip


@given(st.lists(marks, min_size=1, max_size=40))
def test_no_mark_of_the_timeline_covers_another_in_its_row(found):
    for row in timeline._rows(found, 1900, 9.0):
        extents = sorted(timeline._extent(mark, x) for x, mark in row)
        assert all(before[1] < after[0] for before, after in pairwise(extents))


def test_a_hostile_title_is_text_in_the_picture():
    title = '<script>alert(1)</script> & "quotes"'
    mark = timeline.Mark(title, "/x/?a=1&b=2", "event", "Global", date(2001, 1, 1), date(2001, 1, 1), "2001")
    html = timeline.draw([mark], ["Global"]).html()
    assert "<script" not in html
    link = ET.fromstring(html).find(f".//{NAMESPACE}a")
    assert link.get("href") == "/x/?a=1&b=2"
    assert link.get("aria-label") == f"{title}, 2001"


def test_the_timeline_draws_at_least_ten_years():
    mark = timeline.Mark("One", "/x/", "event", "Global", date(2001, 1, 1), date(2001, 1, 1), "2001")
    first, last = timeline.years([mark], None, None)
    assert last - first >= 10


def test_levels_stand_from_top_to_bottom_in_their_order():
    one, two = (
        timeline.Mark(n, "/", "event", n, date(2001, 1, 1), date(2001, 1, 1), "") for n in ("National", "Global")
    )
    names = ET.fromstring(timeline.draw([one, two], ["Global", "National", "Local"]).html()).iterfind(
        f".//{NAMESPACE}text"
    )
    assert [name.text for name in names if name.get("class") == "lane-name"] == ["Global", "National"]


def test_the_lineage_has_earlier_texts_to_the_left():
    nodes = [lineage.Node(1, "Early", "/1/", "1951", -1), lineage.Node(2, "Here", "/2/", "1967", 0, True)]
    root = ET.fromstring(lineage.draw(nodes, [lineage.Link(2, 1, "Supplements")]).html())
    boxes = {box.get("class"): float(box.get("x")) for box in root.iterfind(f".//{NAMESPACE}rect")}
    assert boxes["box"] < boxes["box box--here"]
    assert any(text.text == "supplements" for text in root.iterfind(f".//{NAMESPACE}text"))


def test_a_text_stands_after_everything_that_it_follows():
    columns = lineage.columns([(2, 1), (3, 2), (3, 1)], here=2)
    assert columns == {1: -1, 2: 0, 3: 1}


def test_a_line_that_crosses_a_column_passes_beside_its_boxes():
    nodes = [lineage.Node(pk, f"Text {pk}", f"/{pk}/", "", pk) for pk in (1, 2, 3)]
    root = ET.fromstring(
        lineage.draw(nodes, [lineage.Link(2, 1, "a"), lineage.Link(3, 2, "a"), lineage.Link(3, 1, "a")]).html()
    )
    boxes = [(float(box.get("x")), float(box.get("y"))) for box in root.iterfind(f".//{NAMESPACE}rect")]
    straight = [list(map(float, re.findall(r"[\d.]+", line.get("d")))) for line in root.iterfind(f".//{NAMESPACE}path")]
    passing = [line for line in straight if line[0] == boxes[1][0]]
    assert len(passing) == 1
    assert not boxes[1][1] <= passing[0][1] <= boxes[1][1] + lineage.HEIGHT


def test_texts_that_recall_each_other_end_somewhere():
    assert set(lineage.columns([(1, 2), (2, 1)], here=1)) == {1, 2}


def test_in_arabic_time_runs_from_right_to_left():
    early, late = (
        timeline.Mark(str(y), "/", "event", "Global", date(y, 1, 1), date(y, 1, 1), "") for y in (1951, 2018)
    )
    with translation.override("ar"):
        root = ET.fromstring(timeline.draw([early, late], ["Global"]).html())
    assert "picture--mirrored" in root.get("class")
    xs = [float(circle.get("cx")) for circle in root.iterfind(f".//{NAMESPACE}circle")]
    assert xs[0] > xs[1]


def test_a_year_on_the_axis_leads_to_its_period():
    marks = [timeline.Mark("A", "/", "event", "G", date(y, 1, 1), date(y, 1, 1), "") for y in (1951, 2018)]
    html = timeline.draw(marks, ["G"], zoom=lambda a, b: f"?from={a}&to={b}").html()
    assert "?from=1960&amp;to=1969" in html


def test_strengths_are_told_apart_by_letter():
    assert len({grids.sign(strength) for strength in ("explicit", "implied", "interpreted")}) == 3


def test_every_country_of_the_map_can_be_shown_and_no_line_crosses_the_map():
    geometry = world.geometry()
    for shape in geometry["countries"].values():
        assert 0 <= shape["x"] <= geometry["width"] and 0 <= shape["y"] <= geometry["height"]
        for ring in filter(None, re.split("[MZ]", shape.get("d", ""))):
            xs = [float(point.split()[0]) for point in ring.split("L")]
            assert all(abs(a - b) < geometry["width"] / 3 for a, b in pairwise(xs))


def test_a_country_without_a_shape_is_a_point():
    assert "d" not in world.geometry()["countries"]["174"]
    root = ET.fromstring(world.draw([world.Place("174", "Comoros", "/countries/KM/", 2)], "Members").html())
    (anchor,) = root.iterfind(f".//{NAMESPACE}a")
    assert anchor.get("aria-label") == "Comoros: 2"
    assert anchor.find(f"{NAMESPACE}circle") is not None


def test_a_provision_stands_below_its_instrument_so_that_neither_is_cut_short():
    drawn = grids.draw("one", "", "", ["Refugee Convention\nArticle 33"], ["explicit"], {}).html()
    rows = {text.text: float(text.get("y")) for text in ET.fromstring(drawn).iterfind(f".//{NAMESPACE}text")}
    assert rows["Refugee Convention"] < rows["Article 33"]
