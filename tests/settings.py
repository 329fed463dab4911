"""The site's settings, for tests: every process works in a folder of its own, which goes when it ends."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="migration-governance-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# Nothing that happens to be set outside reaches the tests, except the database they are to run on.
for _name in (
    "PORT",
    "BIND",
    "SEARCH_URL",
    "DATABASE_REPLICA_URLS",
    "CACHE_URL",
    "UPLOADS_DIR",
    "SECRET_KEY",
    "SITE_URL",
    "TRUSTED_PROXIES",
    "REVIEW",
    "PAGE_CACHE",
    "API_RATE",
    "PAGE_RATE",
    "EMAIL_URL",
    "DEBUG",
    "METRICS",
    "ALLOWED_HOSTS",
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _folder
os.environ["DATABASE_POOL"] = "0"
os.environ["PAGE_RATE"] = "off"  # all tests come from one address
# Where each process of tests has a server of its own, gw2 takes the third. The list stays, for processes begun by this.
if _addresses := os.environ.get("TEST_DATABASE_URLS", "").split():
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["TEST_DATABASE_URL"] = _addresses[_number % len(_addresses)]
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
# The browser is driven from a thread with an event loop; Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from governance.settings import *  # noqa: E402, F403
from governance.settings import DATABASES, LOGGING, STATIC_ROOT, STORAGES  # noqa: E402

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # In a file, as in production: a database in memory knows no locks between connections.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_folder, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # or the test database could not be dropped

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and for tests only
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
AXES_ENABLED = False  # a test of the lockout turns it on
LOGGING["root"]["level"] = "WARNING"
