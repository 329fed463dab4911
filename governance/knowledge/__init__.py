"""One document per record: `dump` writes it, `apply` makes it so, and everything else uses this pair.

Fixtures, import, export, history, restore and undo differ only in where the document comes from. Its form is described
in `docs/documents.md` (as people write it) and in `governance.knowledge.form` (as JSON).
"""

from governance.knowledge.apply import apply
from governance.knowledge.check import check
from governance.knowledge.dump import dump, dump_many
from governance.knowledge.form import compact, digest, expand, own
from governance.knowledge.problems import DocumentError, Problem

__all__ = ["DocumentError", "Problem", "apply", "check", "compact", "digest", "dump", "dump_many", "expand", "own"]
