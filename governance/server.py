"""How gunicorn serves the site: https://docs.gunicorn.org/en/stable/settings.html"""

import shutil
import sys
from typing import Any

from django.conf import settings

bind = f"[{settings.BIND}]:{settings.PORT}" if ":" in settings.BIND else f"{settings.BIND}:{settings.PORT}"
wsgi_app = "governance.wsgi"
preload_app = True  # imported once, and its memory is shared: workers are forked, one that takes another's place too
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 8190  # a search in another script is long once it is encoded
control_socket_disable = True
forwarded_allow_ips = ""  # Django looks at the header, and only behind a trusted proxy
proc_name = "migration-governance"
loglevel = "warning"
logconfig_dict: Any = settings.LOGGING


def on_starting(server: Any) -> None:
    """Metrics begin at zero."""
    shutil.rmtree(settings.DATA_DIR / "metrics", ignore_errors=True)


def when_ready(server: Any) -> None:
    sys.stdout.write(f"Serving {settings.SITE_URL}/ on {bind}; Ctrl+C stops it.\n")
    sys.stdout.flush()
