"""What looks like page residue: running heads, rules, navigation. Proposed to a curator, never left out by itself."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from governance.ingest.blocks import Block, Form
from governance.ingest.folding import fold

TIMES = 3  # so often a line comes back before it is taken for a running head
LONGEST = 200  # characters: longer ones are text


@dataclass(frozen=True)
class Proposal:
    """Paragraphs that may be residue, why, and how the first begins."""

    reason: str  # repeated, rule, furniture
    numbers: tuple[int, ...]
    sample: str


def propose(numbered: Sequence[tuple[int, Block]], known: frozenset[int]) -> list[Proposal]:
    """Proposals over all paragraphs but the `known` ones; page numbers count as the same line."""
    repeated: dict[str, list[int]] = defaultdict(list)
    samples: dict[int, str] = {}
    found: dict[str, list[int]] = {"rule": [], "furniture": []}
    for number, block in numbered:
        samples[number] = block.text[:60]
        if not re.search(r"\w", block.text):
            found["rule"].append(number)
        elif block.form == Form.FURNITURE:
            found["furniture"].append(number)
        elif len(block.text) <= LONGEST:
            repeated[re.sub(r"\d+", "#", fold(block.text).casefold())].append(number)
    groups = [("repeated", numbers) for numbers in repeated.values() if len(numbers) >= TIMES]
    groups += list(found.items())
    fresh = ((reason, tuple(n for n in numbers if n not in known)) for reason, numbers in groups)
    return [Proposal(reason, numbers, samples[numbers[0]]) for reason, numbers in fresh if numbers]
