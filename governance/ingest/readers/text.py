"""Plain text and Markdown: UTF-8, or UTF-16 and UTF-32 that say so at their start."""

import codecs
from collections.abc import Iterator

from governance.ingest.blocks import Block, Unreadable, form_of, split

# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read(data: bytes) -> Iterator[Block]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable("encoding", line=line) from error
    return (Block(block, form_of(block)) for block in split(text))
