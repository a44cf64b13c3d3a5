"""Django's settings; everything that differs between machines comes from `config.environment`."""

from __future__ import annotations

import os
import warnings
from datetime import timedelta
from operator import attrgetter
from typing import Any

from config import VERSION
from config.environment import BASE_DIR, Environment

_environment = Environment.read(os.environ)

ENVIRONMENT = _environment.name
ENVIRONMENT_FAULTS = _environment.faults
IS_SERVED = _environment.is_served
BUILD = _environment.build
SECURITY_CONTACT = _environment.security_contact

SECRET_KEY = _environment.secret_key
SIGNING_SECRETS_KEYS = _environment.signing_secrets_keys
AUDIT_SIGNING_KEYS = _environment.audit_signing_keys
AUDIT_LOG_ORIGIN = _environment.audit_log_origin
AUDIT_SEAL_EVERY = _environment.audit_seal_every
AUDIT_WITNESSES = _environment.audit_witnesses
DEBUG = _environment.debug
ALLOWED_HOSTS = _environment.allowed_hosts
CSRF_TRUSTED_ORIGINS = _environment.csrf_trusted_origins
STREAM_URL = _environment.stream_url
SERVES = _environment.serves
BASE_URL = _environment.base_url

INSTALLED_APPS = [
    "core",
    "audit",
    "artifacts",
    "markets",
    "config.apps.StaffAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]
MIDDLEWARE = [
    "core.web.requests.RequestLog",
    "core.web.csp.ContentSecurityPolicy",
    "core.web.problems.Problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.web.admin.StaffUnit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.web.sessions.SessionLimits",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # the last, so that its answer to somebody locked out replaces the view's
    "axes.middleware.AxesMiddleware",
]
FOR_PEOPLE = {
    "core.web.admin.StaffUnit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.web.sessions.SessionLimits",
    "django_otp.middleware.OTPMiddleware",
    "axes.middleware.AxesMiddleware",
}
if SERVES == "api":
    # nobody logs in where there is no admin
    MIDDLEWARE = [each for each in MIDDLEWARE if each not in FOR_PEOPLE]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = _environment.databases
DATABASE_CONNECTION_LIMIT = _environment.connection_limit
DB_ROLE_PREFIX = _environment.role_prefix
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "core.access.backends.StaffLogin"]
# five failures for one address of e-mail from one address of the network lock for an hour (core.web.lockout)
AXES_HANDLER = "core.web.lockout.Handler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "core.web.lockout.locked_out"
# the name under which the form hands it over, not the model's: otherwise no lock is ever found
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "core.web.lockout.email_of"
AXES_CLIENT_IP_CALLABLE = "core.web.lockout.address_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "core.access.passwords.MaximumLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# where others reach it, nobody works in the admin without a second factor
SECOND_FACTOR_REQUIRED = IS_SERVED
OTP_TOTP_ISSUER = "Xmarket"
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_AGE = 30 * 60

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
# one way to write a moment, on every page
DATETIME_FORMAT = r"Y-m-d H:i:s\Z"
DATE_FORMAT = "Y-m-d"

# the public door to jobs; any lane may be named
TASKS = {"default": {"BACKEND": "core.jobs.backend.JobsBackend", "QUEUES": []}}

SENDS_EMAIL = _environment.mail is not None
_mail = _environment.mail or {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_FILE_PATH: str | None = f"/{_mail['EMAIL_FILE_PATH']}" if _mail.get("EMAIL_FILE_PATH") else None
EMAIL_USE_TLS: bool = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _environment.mail_sender

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".run" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_SERVED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_SERVED
if WHITENOISE_USE_FINDERS:
    # the files come from the finders, so a folder that nobody collected into is no news
    warnings.filterwarnings("ignore", message="No directory at")

SECURE_SSL_REDIRECT = IS_SERVED
# probes inside a cluster speak plain HTTP
SECURE_REDIRECT_EXEMPT = [r"^api/v1/(health|live|ready)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SERVED else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_SERVED else 0
SECURE_REFERRER_POLICY = "same-origin"
# a browser takes __Host- only from this very host, over HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_SERVED else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SERVED else "csrftoken"
SESSION_COOKIE_SECURE = IS_SERVED
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_SERVED
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.web.problems.forged"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # USERNAME_FIELD is unique over persons only, by a partial index; our backend looks among persons only
    "auth.W004",
    # whether every subdomain speaks HTTPS, and for ever, is the domain owner's promise and not this service's
    "security.W005",
    "security.W021",
]

REST_FRAMEWORK: dict[str, Any] = {
    "EXCEPTION_HANDLER": "core.web.problems.handle",
    "DEFAULT_PARSER_CLASSES": ["core.web.parsers.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["core.web.renderers.Json"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.web.authentication.KeyAuthentication",
        "core.web.signatures.SignatureAuthentication",
    ],
    # ApiView asks has_perm itself, by method
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PAGINATION_CLASS": "core.web.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "core.web.schema.ApiSchema",
    "DEFAULT_METADATA_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_BODY_LIMIT = 2 * 1024 * 1024
# in each process; 0 means no limit
API_REQUESTS_PER_MINUTE = _environment.requests_per_minute
API_STRANGERS_PER_MINUTE = _environment.strangers_per_minute

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Xmarket",
    "DESCRIPTION": "Agents propose. People decide. The database proves it.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "COMPONENT_SPLIT_REQUEST": True,
    # enums stay where they are used: equal words of two tables would otherwise clash over one name
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        # an answer of 500 and above is in the access log; what is added here is the trace of a defect
        "traced": {"()": "django.utils.log.CallbackFilter", "callback": attrgetter("exc_info")}
    },
    "formatters": {"json": {"()": "core.web.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": _environment.log_level},
    "loggers": {
        "django": {"handlers": [], "level": _environment.log_level, "propagate": True},
        # it names the address that was typed, which is a password now and then
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR", "filters": ["traced"]},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
