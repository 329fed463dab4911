"""The process that reads a file: the file on standard input, its blocks as JSON on standard output.

    python -m governance.ingest.child .pdf 60 < file

A file may be made to take all memory or to find a hole in a parser, so this process bounds its own time and memory
before it looks at one byte, knows no secret, and has no database. It needs no Django.
"""

import json
import logging
import resource
import signal
import sys
from collections.abc import Iterator

from governance.ingest import limits
from governance.ingest.blocks import Block, Unreadable, clean
from governance.ingest.readers import read


def bound(seconds: int) -> None:
    """Take what this process needs and no more: https://man7.org/linux/man-pages/man2/getrlimit.2.html"""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.OUTPUT_BYTES, limits.OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds + 5)  # should the parent have died, nobody else ends this


def bounded(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks that hold text, cleaned; raises Unreadable when there are none or too many."""
    count = characters = 0
    for block in blocks:
        text = clean(block.text)
        if not text:
            continue
        count, characters = count + 1, characters + len(text)
        if count > limits.PARAGRAPHS:
            raise Unreadable("paragraphs", limit=limits.PARAGRAPHS)
        if len(text) > limits.PARAGRAPH_CHARACTERS:
            raise Unreadable("paragraph", number=count, limit=limits.PARAGRAPH_CHARACTERS)
        if characters > limits.CHARACTERS:
            raise Unreadable("characters", limit=limits.CHARACTERS)
        yield Block(text, block.form)
    if not count:
        raise Unreadable("no-text")


def answer(suffix: str) -> dict:
    """What is said to the parent: `blocks`, or `error` with its values."""
    try:
        return {"blocks": list(bounded(read(sys.stdin.buffer.read(limits.FILE_BYTES + 1), suffix)))}
    except Unreadable as error:
        return {"error": error.code, "values": error.values}
    except MemoryError:
        return {"error": "memory", "values": {}}
    except Exception as error:  # a broken file fails wherever its parser happens to trip
        return {"error": "damaged", "values": {"reason": type(error).__name__}}


if __name__ == "__main__":
    bound(int(sys.argv[2]))
    logging.disable()  # parsers tell the log about every fault they step over
    # In ASCII, so that no character of the file can stop its own report.
    sys.stdout.write(json.dumps(answer(sys.argv[1])))
