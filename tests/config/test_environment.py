from __future__ import annotations

import base64
from unittest.mock import Mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config import environment
from config.environment import (
    DEVELOPMENT_KEY,
    DEVELOPMENT_SECRETS_KEY,
    Environment,
    Fault,
    refuse_unless_complete,
)

KEY = "k3y-" + "abcdefghijklmnopqrstuvwxyz" * 2
SECRETS_KEY = base64.urlsafe_b64encode(b"s3cr3t" * 5 + b"!!").decode()
COMPLETE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": KEY,
    "SIGNING_SECRETS_KEY": SECRETS_KEY,
    "ALLOWED_HOSTS": "xmarket.example.org, www.example.org",
    "DATABASE_URL": "postgresql://web:p%40ss@db.example.org:6432/xmarket?sslmode=require",
    "BUILD": "4f2a9c1",
    "SECURITY_CONTACT": "mailto:security@example.org",
}


def faults_of(**variables: str) -> dict[str, Fault]:
    return {fault.variable: fault for fault in Environment.read(variables).faults}


def faults_in_production(**variables: str) -> dict[str, Fault]:
    return faults_of(**{**COMPLETE, **variables})


def test_a_complete_production_has_no_faults() -> None:
    read = Environment.read(COMPLETE)

    assert read.faults == ()
    assert read.is_served
    assert read.allowed_hosts == ["xmarket.example.org", "www.example.org"]
    assert read.build == "4f2a9c1"
    assert not read.debug


def test_whoever_waits_is_told_where_as_the_operator_says_it() -> None:
    assert Environment.read({}).stream_url == "http://127.0.0.1:8001"
    assert Environment.read(COMPLETE).stream_url == ""
    said = {**COMPLETE, "STREAM_URL": "https://stream.example.org"}
    assert Environment.read(said).stream_url == "https://stream.example.org"


def test_development_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "running_url", Mock(return_value=None))

    read = Environment.read({})

    assert read.faults == ()
    assert read.name == "development"
    assert read.secret_key == DEVELOPMENT_KEY
    assert read.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert not read.debug


def test_an_empty_variable_counts_as_not_set() -> None:
    assert faults_in_production(BUILD="  ")["BUILD"].is_missing


@pytest.mark.parametrize("name", ["preview", "staging", "production"])
def test_everything_that_is_missing_is_reported_at_once_with_its_way_out(name: str) -> None:
    found = faults_of(ENVIRONMENT=name)

    assert set(found) == {
        "SECRET_KEY",
        "SIGNING_SECRETS_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "BUILD",
        "SECURITY_CONTACT",
    }
    assert all(fault.is_missing and fault.fix for fault in found.values())


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    found = faults_in_production(
        DEBUG="yes",
        SECRET_KEY=DEVELOPMENT_KEY,
        SIGNING_SECRETS_KEY="short",
        ALLOWED_HOSTS="*",
        CSRF_TRUSTED_ORIGINS="xmarket.example.org",
        DATABASE_URL="mysql://db/xmarket",
        RFQ_DATABASE_URL="postgresql://db/",
        DATABASE_POOL_SIZE="many",
        DATABASE_MAX_OVERFLOW="-1",
        DB_ROLE_PREFIX="Robert'); --",
        LOG_LEVEL="loud",
        STREAM_URL="stream",
    )

    assert len(found) == 12
    assert not any(fault.is_missing for fault in found.values())


@pytest.mark.parametrize(
    "key",
    ["short", "a" * 60, "django-insecure-" + KEY, DEVELOPMENT_KEY],
    ids=["short", "plain", "stock", "ours"],
)
def test_production_refuses_a_key_that_others_could_know(key: str) -> None:
    assert "SECRET_KEY" in faults_in_production(SECRET_KEY=key)


def test_a_missing_key_is_replaced_by_one_that_nobody_knows() -> None:
    without = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}

    first, second = Environment.read(without).secret_key, Environment.read(without).secret_key

    assert first != second
    assert DEVELOPMENT_KEY not in (first, second)


def test_a_key_may_begin_with_a_dollar() -> None:
    assert Environment.read({**COMPLETE, "SECRET_KEY": f"$HOME{KEY}"}).secret_key == f"$HOME{KEY}"


@pytest.mark.parametrize(
    "given", [f"{SECRETS_KEY},", SECRETS_KEY, f"{SECRETS_KEY}, {SECRETS_KEY[::-1][1:]}="]
)
def test_signing_secrets_are_encrypted_by_one_key_or_several(given: str) -> None:
    read = Environment.read({**COMPLETE, "SIGNING_SECRETS_KEY": given})

    assert read.faults == ()
    assert read.signing_secrets_keys[0] == SECRETS_KEY


@pytest.mark.parametrize(
    "given", ["short", SECRETS_KEY[:-4], f"{SECRETS_KEY},short", DEVELOPMENT_SECRETS_KEY, "\u00e9" * 43]
)
def test_production_refuses_a_key_of_signing_secrets_that_is_none_or_ours(given: str) -> None:
    fault = faults_in_production(SIGNING_SECRETS_KEY=given)["SIGNING_SECRETS_KEY"]

    assert "python3 -c" in fault.fix
    assert given not in str(fault)


def test_a_developer_gets_a_known_key_of_signing_secrets() -> None:
    assert Environment.read({}).signing_secrets_keys == [DEVELOPMENT_SECRETS_KEY]


def test_production_refuses_debug_and_stays_without_it() -> None:
    read = Environment.read({**COMPLETE, "DEBUG": "true"})

    assert [fault.variable for fault in read.faults] == ["DEBUG"]
    assert not read.debug


def test_development_may_debug() -> None:
    assert Environment.read({"DEBUG": "1", "DATABASE_URL": COMPLETE["DATABASE_URL"]}).debug


def test_an_unknown_environment_is_a_fault_and_counts_as_production() -> None:
    read = Environment.read({**COMPLETE, "ENVIRONMENT": "prod"})

    assert read.name == "production"
    assert "development, test, preview, staging, production" in read.faults[0].fix


def test_a_database_address_becomes_settings_for_persistent_checked_connections() -> None:
    database = Environment.read(COMPLETE).databases["default"]

    assert database["NAME"] == "xmarket"
    assert database["USER"] == "web"
    assert database["PASSWORD"] == "p@ss"
    assert database["HOST"] == "db.example.org"
    assert database["PORT"] == "6432"
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["connect_timeout"] == "3"
    assert database["CONN_HEALTH_CHECKS"]
    assert not database["ATOMIC_REQUESTS"]


def test_a_database_is_read_in_utf8_whatever_its_address_says() -> None:
    read = Environment.read({**COMPLETE, "DATABASE_URL": "postgresql://a:b@c/d?client_encoding=LATIN1"})

    assert read.databases["default"]["OPTIONS"]["client_encoding"] == "UTF8"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql+psycopg://user:password@localhost:5432/telebot_test", "localhost"),
        ("postgresql://postgres:password@localhost:5432/resume_agent?schema=public", "localhost"),
        ("postgres://orion:orion_dev_password@localhost:5432/orion", "localhost"),
        ("postgresql://xm_app@/xmarket?host=/tmp/run/pgdata&port=5432", "/tmp/run/pgdata"),  # noqa: S108
        ("postgresql:///xmarket?host=/tmp/run/pgdata&schema=public&sslmode=disable", "/tmp/run/pgdata"),  # noqa: S108
    ],
)
def test_every_spelling_of_the_sources_is_understood(url: str, host: str) -> None:
    read = Environment.read({**COMPLETE, "DATABASE_URL": url})

    assert read.faults == ()
    assert read.databases["default"]["HOST"] == host
    assert "schema" not in read.databases["default"]["OPTIONS"]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///:memory:",
        "postgresql://web:secret-word%zz@db/xmarket",
        "postgresql://web:secret-word@db/xmarket?colour=secret-word",
        "postgresql://web:secret-word@db:notaport/",
        "secret-word",
    ],
)
def test_an_address_that_cannot_be_read_is_a_fault_that_repeats_no_password(url: str) -> None:
    fault = faults_in_production(DATABASE_URL=url)["DATABASE_URL"]

    assert "postgresql://user:password@host:5432/name" in fault.fix
    assert "secret-word" not in str(fault)


def test_further_databases_are_there_only_when_they_are_named() -> None:
    with_rfq = {
        **COMPLETE,
        "RFQ_DATABASE_URL": "postgresql://rfq@db/rfq",
        "DATABASE_URL_UNPOOLED": "postgresql://m@db/x",
    }

    assert set(Environment.read(COMPLETE).databases) == {"default"}
    assert set(Environment.read(with_rfq).databases) == {"default", "unpooled", "rfq"}


def test_a_developer_without_an_address_gets_the_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        environment, "running_url", Mock(return_value="postgresql://xm_app@/xmarket?host=/run/here")
    )

    assert Environment.read({}).databases["default"]["HOST"] == "/run/here"


def test_without_any_server_the_address_itself_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "running_url", Mock(return_value=None))

    host = Environment.read({}).databases["default"]["HOST"]

    assert "set it or use make demo" in host
    # libpq takes a comma for a list of hosts, and a socket's path has 107 bytes
    assert "," not in host
    assert len(f"{host}/.s.PGSQL.5432") <= 107


def test_the_pool_bounds_the_connections_of_a_process() -> None:
    assert Environment.read(COMPLETE).connection_limit == 30
    assert (
        Environment.read(
            {**COMPLETE, "DATABASE_POOL_SIZE": "4", "DATABASE_MAX_OVERFLOW": "0"}
        ).connection_limit
        == 4
    )


def test_serving_with_faults_is_refused_naming_all_of_them(settings: Settings) -> None:
    settings.ENVIRONMENT_FAULTS = Environment.read({"ENVIRONMENT": "staging"}).faults

    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unless_complete()

    assert all(
        name in str(refused.value)
        for name in (
            "SECRET_KEY",
            "SIGNING_SECRETS_KEY",
            "ALLOWED_HOSTS",
            "DATABASE_URL",
            "BUILD",
            "SECURITY_CONTACT",
        )
    )


def test_serving_without_faults_goes_on(settings: Settings) -> None:
    settings.ENVIRONMENT_FAULTS = ()

    refuse_unless_complete()
