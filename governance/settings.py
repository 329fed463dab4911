"""Settings of the site: https://docs.djangoproject.com/en/5.2/ref/settings/

What differs between installations comes from the environment, checked in `governance/environment.py`.
Safe for production as it stands; only DEBUG=on loosens it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from governance.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = Environment.read(BASE_DIR)

DEBUG = ENVIRONMENT.debug
METRICS = ENVIRONMENT.metrics
SECRET_KEY = ENVIRONMENT.secret_key
LACKS_KEY = ENVIRONMENT.lacks_key
DATA_DIR = ENVIRONMENT.data_dir
PAGE_CACHE = ENVIRONMENT.page_cache  # MiB in each serving process
PORT, BIND = ENVIRONMENT.port, ENVIRONMENT.bind

# The site's own settings
SITE_URL = ENVIRONMENT.site_url  # without a slash at the end
SEARCH = ENVIRONMENT.search  # engine, path, host, prefix
REVIEW = ENVIRONMENT.review  # "two": another person approves; "one": a curator may publish alone
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

# Applications: https://docs.djangoproject.com/en/5.2/ref/settings/#installed-apps
# The apps of the site build on each other upwards: governance < actors < instruments < search.
INSTALLED_APPS = [
    "search",
    "instruments",
    "actors",
    "governance",
    "governance.curation.apps.CurationConfig",  # the admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
]
ROOT_URLCONF = "governance.urls"
FORM_RENDERER = "governance.forms.Renderer"
WSGI_APPLICATION = "governance.wsgi.application"

# Middleware, in this order: https://docs.djangoproject.com/en/5.2/ref/middleware/#middleware-ordering
MIDDLEWARE = [
    "governance.metrics.MetricsMiddleware",  # the outermost, to time all of it
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "governance.cors.CorsMiddleware",
    "governance.replicas.ReplicaMiddleware",  # before anything is read
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "governance.accounts.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "governance.locales.AdminLanguageMiddleware",
    "governance.conditional.ConditionalMiddleware",  # after the language is known, before anything costs
    "governance.throttling.PageThrottleMiddleware",  # what is kept, or unchanged, costs little and is free
    "governance.locales.LocalNamesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "governance.accounts.sessions.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # the last, as its documentation asks
]

# Templates: https://docs.djangoproject.com/en/5.2/topics/templates/#configuration
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "governance.context.site",
            ],
        },
    },
]

# Database: https://docs.djangoproject.com/en/5.2/ref/databases/
DATABASES: dict[str, dict[str, Any]] = {"default": dict(ENVIRONMENT.database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Stay connected: whoever opens the file first has to make the shared memory beside it, which on a disk that is
    # full would keep readers from what is there. https://www.sqlite.org/wal.html#read_only_databases
    DATABASES["default"]["CONN_MAX_AGE"] = None
    # https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins and waits for it: one that asked for it halfway
        # would fail at once with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # Readers and the writer do not block each other. FULL: what the index has been told is never lost
        # from the database, not even when the power fails.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES |= {f"replica{number}": dict(config) for number, config in enumerate(ENVIRONMENT.replicas, 1)}
    for _alias, _database in DATABASES.items():
        _options = _database.setdefault("OPTIONS", {})
        # A machine that does not answer must not hold every worker until the system gives up, minutes later.
        _options.setdefault("connect_timeout", 5 if _alias == "default" else 2)
        _database["CONN_HEALTH_CHECKS"] = True
        if ENVIRONMENT.pool:
            # https://docs.djangoproject.com/en/5.2/ref/databases/#connection-pool
            _options["pool"] = {
                "min_size": 1, "max_size": ENVIRONMENT.pool, "timeout": 5,
                "reconnect_timeout": 5,  # who asks next tries anew: a database that is back is found at once
            }  # fmt: skip
        else:
            # https://docs.djangoproject.com/en/5.2/ref/databases/#persistent-connections
            _database["CONN_MAX_AGE"] = 60
        if _alias != "default":
            _database["TEST"] = {"MIRROR": "default"}
REPLICAS = [alias for alias in DATABASES if alias != "default"]
DATABASE_ROUTERS = ["governance.replicas.Router"] if REPLICAS else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What several nodes share where CACHE_URL says: the requests that throttles count, and with a Redis sessions and the
# lockout too, which are in the database otherwise. https://docs.djangoproject.com/en/5.2/topics/cache/
_MOST = {"MAX_ENTRIES": 2000}  # addresses that are remembered: a crowd of them must not take all memory
_LOCAL: dict[str, Any] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": _MOST}
_CACHE = _LOCAL
if ENVIRONMENT.cache == "database":
    _CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache",
              "OPTIONS": {"MAX_ENTRIES": 20_000}}  # fmt: skip
elif ENVIRONMENT.cache:
    # Version 1 was kept as pickles: while nodes are upgraded one after the other, none reads what is not for it.
    _CACHE = {"BACKEND": "governance.shared.SharedCache", "LOCATION": [ENVIRONMENT.cache], "VERSION": 2,
              "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}  # fmt: skip
CACHES = {
    "default": _LOCAL | {"LOCATION": "default"},  # what a process has found, for itself: it is never away
    "alone": _LOCAL | {"LOCATION": "alone"},  # what throttles count in while the next is away
    "throttle": {"LOCATION": "throttle"} | _CACHE | {"KEY_PREFIX": "throttle"},
}
IN_REDIS = ENVIRONMENT.cache not in ("", "database")
if IN_REDIS:
    CACHES["lockout"] = _CACHE | {"KEY_PREFIX": "lockout"}
    CACHES["sessions"] = _CACHE | {"KEY_PREFIX": "sessions", "BACKEND": "governance.shared.SessionCache"}
    # Read from there, and in the database for when it is away.
    SESSION_ENGINE, SESSION_CACHE_ALIAS = "django.contrib.sessions.backends.cached_db", "sessions"
    AXES_HANDLER, AXES_CACHE = "governance.accounts.lockout.SharedLockout", "lockout"

# Hosts, HTTPS and proxies: https://docs.djangoproject.com/en/5.2/topics/security/
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = ENVIRONMENT.secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, without TLS
SESSION_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_COOKIE_SECURE = ENVIRONMENT.secure
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.secure
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENVIRONMENT.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.secure
SECURE_HSTS_PRELOAD = ENVIRONMENT.secure
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # since the sign-in, whatever happens
SESSION_IDLE_AGE = int(timedelta(hours=2).total_seconds())  # since the last request (governance.accounts.sessions)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "governance.pages.errors.csrf_failure"

# Content-Security-Policy: https://django-csp.readthedocs.io/en/latest/configuration.html
# No inline script or style, and nothing from another site.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# Passwords and logins: https://docs.djangoproject.com/en/5.2/topics/auth/passwords/
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "governance.accounts.backends.SecondFactorBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "/"

# Lockout after failed logins: https://django-axes.readthedocs.io/en/latest/4_configuration.html
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # nobody can lock somebody else out
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "governance.proxies.client_address"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the account log, without addresses
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code"]
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
AXES_VERBOSE = False
AXES_ALLOWED_CORS_ORIGINS = SITE_URL

# Second factor: https://django-otp-official.readthedocs.io/
OTP_TOTP_ISSUER = f"Global Migration Governance ({ENVIRONMENT.host})"

# Letters (a forgotten password): https://docs.djangoproject.com/en/5.2/topics/email/
MAIL = ENVIRONMENT.mail
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.host else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = MAIL.tls, MAIL.ssl, 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL.sender

# Languages and time: https://docs.djangoproject.com/en/5.2/topics/i18n/
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
FORMAT_MODULE_PATH = "governance.formats"
LOCALE_PATHS = [BASE_DIR / "governance" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: https://whitenoise.readthedocs.io/en/stable/django.html
# Uploads (a source's full text) are not served: what is shown of them depends on their rights.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = ENVIRONMENT.uploads
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# Forms: https://docs.djangoproject.com/en/5.2/ref/settings/#data-upload-max-number-fields
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a treaty with all its parties is one form
FORMS_URLFIELD_ASSUME_HTTPS = True  # the default from Django 6.0 on

# Throttling (governance.throttling): requests of one address, in each serving process; None is no limit
API_RATE, PAGE_RATE = ENVIRONMENT.api_rate, ENVIRONMENT.page_rate
# API: https://www.django-rest-framework.org/api-guide/settings/
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "governance.api.policy.AlwaysJSON",
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # keyless: everybody reads what is public
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_THROTTLE_CLASSES": ["governance.api.policy.APIThrottle"],
    "DEFAULT_THROTTLE_RATES": {"api": API_RATE, "pages": PAGE_RATE},
    "EXCEPTION_HANDLER": "governance.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": TRUSTED_PROXIES,
}

# Its schema: https://drf-spectacular.readthedocs.io/en/latest/settings.html
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Global migration governance",
    "VERSION": "1",
    "DESCRIPTION": "Instruments, actors, principles and events of migration governance, each value with its evidence.",
    "LICENSE": {"name": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],
}

# Logs, on stderr: https://docs.djangoproject.com/en/5.2/topics/logging/
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "governance.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own handlers (mail to admins, a console under DEBUG) are replaced by the one above.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # What bots and mistyped addresses cause is no warning.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "psycopg.pool": {"level": "ERROR"},  # that the database is away is told once, by who wanted it
        "axes": {"level": "ERROR"},  # its lines hold names and addresses
        "gunicorn.http": {"level": "ERROR"},  # or it warns of every HEAD request: Django leaves the body to it
        "gunicorn.error": {"level": "WARNING"},
        "gunicorn.access": {"level": "WARNING"},  # who asked for what is not kept
    },
}
