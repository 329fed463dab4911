"""The site's settings, but that nobody waits: for drills of what is said and kept, and not of how long that takes."""

from governance.settings import *  # noqa: F403
from governance.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for _database in DATABASES.values():
    if pool := _database.get("OPTIONS", {}).get("pool"):
        pool["timeout"] = 1  # seconds that a page waits for a database that is away, each time it asks
