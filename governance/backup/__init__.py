"""One file with all that cannot be made anew: the rows of the database and the uploads, with a manifest of checksums.

Rows are kept as JSON lines rather than as a copy of the SQLite file or a dump by PostgreSQL's tools: the same archive
restores into either database, needs no program that may be missing, and one from an earlier release is read with the
models of that release and then migrated. The index is not in it: it is built from the rows. Nor are sessions and the
secret key, so that whoever finds an archive is not signed in with it; it does hold drafts and password hashes.
"""

from governance.backup.archive import BackupError, Manifest
from governance.backup.restore import restore
from governance.backup.save import save

__all__ = ["BackupError", "Manifest", "restore", "save"]
