"""The order in which new records are written: each after those it refers to, circles together."""

from collections.abc import Iterator

from governance.knowledge.form import LISTS

Key = tuple[str, str]


def references(document: dict) -> Iterator[Key]:
    """All records that a document (in its own form) refers to."""
    if document["level"]:
        yield "level", document["level"]
    if document.get("parent"):
        yield document["type"], document["parent"]
    for key in LISTS:
        for item in document[key]:
            if key in ("principles", "topics"):
                yield key[:-1], item
            elif key in ("relations", "participation"):
                yield item["type"], item["slug"]
            elif key == "provisions":
                yield from (("principle", carried["slug"]) for carried in item["principles"])
            elif key == "caveats":
                yield from (("source", part["source"]) for part in item["citations"])
    yield from (("source", item["source"]) for item in document["citations"])


def in_order(graph: dict[Key, list[Key]]) -> list[list[Key]]:
    """Group the keys so that each group comes after those its members refer to; a group of several is a circle.

    Tarjan's strongly connected components, without recursion: a file may chain thousands of records.
    """
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    stack: list[Key] = []
    on_stack: set[Key] = set()
    groups: list[list[Key]] = []
    for root in graph:
        if root in index:
            continue
        work: list[tuple[Key, Iterator[Key]]] = []
        _enter(root, graph, index, low, stack, on_stack, work)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    groups.append(_leave(node, stack, on_stack))
            elif target not in index:
                _enter(target, graph, index, low, stack, on_stack, work)
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    return groups


def _enter(node: Key, graph, index, low, stack, on_stack, work) -> None:
    index[node] = low[node] = len(index)
    stack.append(node)
    on_stack.add(node)
    work.append((node, (target for target in graph[node] if target in graph)))


def _leave(node: Key, stack: list[Key], on_stack: set[Key]) -> list[Key]:
    group = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        group.append(member)
        if member == node:
            return group[::-1]
