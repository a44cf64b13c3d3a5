"""Every environment variable, read and checked in this one place.

Reading never raises: an image build, `collectstatic` and `check` need neither a database nor secrets. What
is missing or wrong is kept as a list of faults, all of them at once, each with how to put it right. Whoever
begins to serve calls `refuse_unless_complete`, and the system checks report the same list.

Connections: a web process keeps one connection per thread that answers requests (at most an hour long, asked
for life before each use), so its number of threads bounds its connections. DATABASE_POOL_SIZE +
DATABASE_MAX_OVERFLOW is that bound: the setting DATABASE_CONNECTION_LIMIT, which the command that starts the
server must not exceed with its threads. A pool in the process would add nothing to this but a wait: it
retries a lost database with growing pauses, while a plain connection is refused, and works again, at once.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import environ  # type: ignore[import-untyped]
import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from config import log_variables, mail_variables
from core.database.embedded import running_url

BASE_DIR = Path(__file__).resolve().parent.parent

# what `check --deploy` asks of a key
KEY_LENGTH, KEY_LETTERS = 50, 5
DEVELOPMENT_KEY = "development-and-test-only: a key that everybody knows keeps no secret"
# encrypts signing secrets where nobody but the developer comes
DEVELOPMENT_SECRETS_KEY = base64.urlsafe_b64encode(DEVELOPMENT_KEY.encode()[:32]).decode()
SECRETS_KEY_BYTES = 32
# the port after runserver's; make demo says its own
DEVELOPMENT_STREAM = "http://127.0.0.1:8001"
ENVIRONMENTS = ("development", "test", "preview", "staging", "production")
# an API process does not mount the admin, so its login need not be able to become staff
FACES = ("all", "admin", "api")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
FURTHER_DATABASES = {
    "unpooled": "DATABASE_URL_UNPOOLED",
    "rfq": "RFQ_DATABASE_URL",
    "marketdata": "MARKETDATA_DATABASE_URL",
}
WHOLE_NUMBER = re.compile(r"[0-9]{1,6}")
POSTGRESQL_URL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://")
SCHEMA_PUBLIC = re.compile(r"(?<=[?&])schema=public(?:&|$)")
URL_FIX = "Set it to postgresql://user:password@host:5432/name (percent-encode special characters)."
# libpq prints the path it could not open, so the way out is in the message
NO_SERVER = "/DATABASE_URL is not set and no embedded server runs: set it or use make demo"


@dataclass(frozen=True)
class Fault:
    """One variable that is missing or cannot be used, and how to put it right."""

    variable: str
    is_missing: bool
    said: str
    fix: str

    def __str__(self) -> str:
        return f"{self.variable} {self.said}. {self.fix}"


@dataclass(frozen=True)
class Environment:
    """What the process was told, with a safe value for everything it was not."""

    name: str
    secret_key: str
    signing_secrets_keys: list[str]
    audit_signing_keys: list[bytes]
    audit_log_origin: str
    audit_seal_every: float
    audit_witnesses: list[str]
    debug: bool
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    databases: dict[str, dict[str, Any]]
    connection_limit: int
    role_prefix: str
    build: str
    security_contact: str
    log_level: str
    stream_url: str
    base_url: str
    mail: dict[str, Any] | None
    mail_sender: str
    serves: str
    requests_per_minute: int
    strangers_per_minute: int
    faults: tuple[Fault, ...]

    @property
    def is_served(self) -> bool:
        """Whether others than the developer reach it, so that nothing may be left to a default."""
        return is_served(self.name)

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Environment:
        """Read all variables; never raises.

        :param variables: `os.environ`, or a stand-in.
        """
        reader = Reader(variables)
        return cls(
            name=reader.name,
            secret_key=reader.secret_key(),
            signing_secrets_keys=reader.signing_secrets_keys(),
            audit_signing_keys=log_variables.signing_keys(reader),
            audit_log_origin=log_variables.origin(reader),
            audit_seal_every=log_variables.seal_every(reader),
            audit_witnesses=log_variables.witnesses(reader),
            debug=reader.debug(),
            allowed_hosts=reader.allowed_hosts(),
            csrf_trusted_origins=reader.origins("CSRF_TRUSTED_ORIGINS"),
            databases=reader.databases(),
            connection_limit=reader.number("DATABASE_POOL_SIZE", 20, at_least=1)
            + reader.number("DATABASE_MAX_OVERFLOW", 10, at_least=0),
            role_prefix=reader.role_prefix(),
            build=reader.build(),
            security_contact=reader.security_contact(),
            log_level=reader.choice("LOG_LEVEL", LEVELS, default="INFO", otherwise="INFO"),
            stream_url=reader.stream_url(),
            base_url=mail_variables.base_url(reader),
            mail=mail_variables.transport(reader),
            mail_sender=mail_variables.sender(reader),
            requests_per_minute=reader.number("API_REQUESTS_PER_MINUTE", 6000, at_least=0),
            strangers_per_minute=reader.number("API_STRANGERS_PER_MINUTE", 300, at_least=0),
            serves=reader.choice("SERVE", FACES, default="all", otherwise="api"),
            faults=tuple(reader.faults),
        )


class Reader:
    """Reads one variable at a time and keeps what is wrong with it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self.env = environ.Env()
        # escaped, because django-environ takes a value that begins with $ for the name of another variable
        self.env.escape_proxy = True
        self.env.ENVIRON = {
            name: value.strip().replace("$", r"\$") for name, value in variables.items() if value.strip()
        }
        # an unknown name counts as production: the strictest reading
        self.name = self.choice("ENVIRONMENT", ENVIRONMENTS, default="development", otherwise="production")

    @property
    def is_served(self) -> bool:
        """Whether others than the developer reach it."""
        return is_served(self.name)

    def text(self, variable: str) -> str:
        """The value, or the empty string."""
        return cast("str", self.env.str(variable, default=""))

    def choice(self, variable: str, known: tuple[str, ...], *, default: str, otherwise: str) -> str:
        """One of the known words, whatever its case."""
        given = self.text(variable)
        found = {word.lower(): word for word in known}.get(given.lower())
        if given and not found:
            self.wrong(variable, f"is {given!r}", f"Set it to one of: {', '.join(known)}.")
            return otherwise
        return found or default

    def number(self, variable: str, default: int, *, at_least: int) -> int:
        """A whole number."""
        given = self.text(variable)
        if given and not (WHOLE_NUMBER.fullmatch(given) and int(given) >= at_least):
            self.wrong(variable, f"is {given!r}", f"Set it to a whole number of at least {at_least}.")
            return default
        return int(given) if given else default

    def debug(self) -> bool:
        """Whether errors show their inside; never where others reach it."""
        given = self.text("DEBUG").lower()
        if given and given not in YES + NO:
            self.wrong("DEBUG", f"is {given!r}", "Set it to true or false.")
        elif given in YES and is_served(self.name):
            self.wrong("DEBUG", f"is on in {self.name}", "Remove it, or set it to false.")
        return given in YES and not is_served(self.name)

    def secret_key(self) -> str:
        """The key that signs sessions; a random one that no other process knows where it is missing."""
        given, fix = self.text("SECRET_KEY"), _KEY_FIX
        if not is_served(self.name):
            return given or DEVELOPMENT_KEY
        if not given:
            self.missing("SECRET_KEY", fix)
            return secrets.token_urlsafe(50)
        if given == DEVELOPMENT_KEY or given.startswith("django-insecure-"):
            self.wrong("SECRET_KEY", "is a published default", fix)
        elif len(given) < KEY_LENGTH or len(set(given)) < KEY_LETTERS:
            self.wrong("SECRET_KEY", "is too short or too plain", fix)
        return given

    def signing_secrets_keys(self) -> list[str]:
        """The keys that encrypt the secrets of signing keys: the first encrypts, all of them decrypt."""
        given = self.words("SIGNING_SECRETS_KEY")
        if not given and not is_served(self.name):
            return [DEVELOPMENT_SECRETS_KEY]
        if not given:
            self.missing("SIGNING_SECRETS_KEY", _SECRETS_KEY_FIX)
        if is_served(self.name) and DEVELOPMENT_SECRETS_KEY in given:
            self.wrong("SIGNING_SECRETS_KEY", "holds a published default", _SECRETS_KEY_FIX)
        if not all(_is_secrets_key(key) for key in given):
            self.wrong("SIGNING_SECRETS_KEY", "holds something that is no key", _SECRETS_KEY_FIX)
        usable = [key for key in given if _is_secrets_key(key)]
        return usable or [base64.urlsafe_b64encode(secrets.token_bytes(SECRETS_KEY_BYTES)).decode()]

    def allowed_hosts(self) -> list[str]:
        """The names under which it may be asked."""
        given = self.words("ALLOWED_HOSTS")
        fix = "Set it to the host names it is reached by, such as xmarket.example.org, separated by commas."
        if not is_served(self.name):
            return given or ["localhost", "127.0.0.1", "[::1]"]
        if not given:
            self.missing("ALLOWED_HOSTS", fix)
        if any(host == "*" or "/" in host for host in given):
            self.wrong("ALLOWED_HOSTS", "holds a * or an address with slashes", fix)
        # a name that can never be asked for (RFC 2606)
        return given or [".invalid"]

    def origins(self, variable: str) -> list[str]:
        """Addresses of the form scheme://host[:port]."""
        given = self.words(variable)
        if all(re.fullmatch(r"https?://[^/\s?#]+", origin) for origin in given):
            return given
        self.wrong(variable, "is no list of origins", "Write each as https://host, without a path.")
        return []

    def stream_url(self) -> str:
        """Where the process is that waits; beside the developer's own server where nobody says."""
        given = self.origins("STREAM_URL")
        return given[0] if given else "" if is_served(self.name) else DEVELOPMENT_STREAM

    def words(self, variable: str) -> list[str]:
        """The parts between commas."""
        return [word.strip() for word in self.env.list(variable, default=[]) if word.strip()]

    def role_prefix(self) -> str:
        """What the names of our database roles begin with."""
        given = self.text("DB_ROLE_PREFIX") or "xm_"
        if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", given):
            return given
        self.wrong(
            "DB_ROLE_PREFIX",
            f"is {given!r}",
            "Use lower-case letters, digits and _, at most 40, a letter first.",
        )
        return "xm_"

    def build(self) -> str:
        """Which build runs, for /api/v1/version."""
        given = self.text("BUILD")
        if not given and is_served(self.name):
            self.missing(
                "BUILD",
                "Set it to what was deployed, such as the commit: BUILD=$(git rev-parse --short HEAD).",
            )
        return given or "unknown"

    def security_contact(self) -> str:
        """Where to report a weakness, for /.well-known/security.txt."""
        given, fix = (
            self.text("SECURITY_CONTACT"),
            "Set it to mailto:security@example.org or an https:// page.",
        )
        if given and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[0-9-]+)", given):
            self.wrong("SECURITY_CONTACT", "is no address", fix)
            return ""
        if not given and is_served(self.name):
            self.missing("SECURITY_CONTACT", fix)
        return given

    def databases(self) -> dict[str, dict[str, Any]]:
        """Every database by its alias; the further ones only where they are set."""
        default = self.database("DATABASE_URL")
        further = {alias: self.database(variable) for alias, variable in FURTHER_DATABASES.items()}
        return {
            "default": default or self.database_without_url(),
            **{alias: settings for alias, settings in further.items() if settings},
        }

    def database(self, variable: str) -> dict[str, Any] | None:
        """The settings of one database, or None where its variable is not set or not usable."""
        given = self.text(variable)
        if not given:
            return None
        if not POSTGRESQL_URL.match(given):
            self.wrong(variable, "is no PostgreSQL address", URL_FIX)
            return None
        try:
            parts = {name: str(value) for name, value in conninfo_to_dict(_as_libpq_reads_it(given)).items()}
        except (psycopg.Error, ValueError):
            # what libpq says is left out: it repeats the part it could not read, which may be the password
            self.wrong(variable, "cannot be read", URL_FIX)
            return None
        if not parts.get("dbname"):
            self.wrong(variable, "names no database", URL_FIX)
            return None
        return database_settings(parts)

    def database_without_url(self) -> dict[str, Any]:
        """The embedded server where a developer runs it, else an address that says what is missing."""
        if self.text("DATABASE_URL"):
            return database_settings({"dbname": "xmarket", "host": NO_SERVER})
        if is_served(self.name):
            self.missing(
                "DATABASE_URL", f"{URL_FIX} ENVIRONMENT=development uses the embedded server instead."
            )
            return database_settings({"dbname": "xmarket", "host": NO_SERVER})
        url = running_url(BASE_DIR / ".run")
        parts = conninfo_to_dict(url) if url else {"dbname": "xmarket", "host": NO_SERVER}
        return database_settings({name: str(value) for name, value in parts.items()})

    def wrong(self, variable: str, said: str, fix: str) -> None:
        """Keep a fault of a variable that is set."""
        self.faults.append(Fault(variable, is_missing=False, said=said, fix=fix))

    def missing(self, variable: str, fix: str) -> None:
        """Keep a fault of a variable that is not set."""
        self.faults.append(Fault(variable, is_missing=True, said="is not set", fix=fix))


_KEY_FIX = (
    'Set it to 50 or more random characters: python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
)
_SECRETS_KEY_FIX = (
    "Set it to 32 random bytes in base64 for URLs, several parted by commas, the newest first: "
    'python3 -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())".'
)


def is_served(name: str) -> bool:
    """Whether an environment of this name is reached by others than its developer."""
    return name in ("preview", "staging", "production")


def _is_secrets_key(given: str) -> bool:
    try:
        return len(base64.b64decode(given, altchars=b"-_", validate=True)) == SECRETS_KEY_BYTES
    except ValueError:
        return False


def database_settings(parts: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings of one database, from libpq's parameters.

    :param parts: as `psycopg.conninfo.conninfo_to_dict` gives them.
    """
    known = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 3600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": "3",
            "application_name": "xmarket",
            **{name: value for name, value in parts.items() if name not in known},
            # whatever the address says: the bytes of a fact depend on it
            "client_encoding": "UTF8",
        },
    }


def _as_libpq_reads_it(url: str) -> str:
    # two spellings of the sources: SQLAlchemy's driver name, and Prisma's schema=public, our schema anyway
    return SCHEMA_PUBLIC.sub("", POSTGRESQL_URL.sub("postgresql://", url, count=1))


def refuse_unless_complete() -> None:
    """Stop a process that is about to serve with a variable missing or wrong.

    :raises ImproperlyConfigured: naming every fault and how to put it right.
    """
    faults: tuple[Fault, ...] = settings.ENVIRONMENT_FAULTS
    if faults:
        lines = "\n".join(f"- {fault}" for fault in faults)
        raise ImproperlyConfigured(
            f"{settings.ENVIRONMENT} cannot be served like this ({len(faults)}):\n{lines}"
        )
