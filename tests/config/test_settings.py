from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from pytest_django import Settings

from config.environment import Environment
from core.refusals import BY_CONSTRAINT

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k3y-" + "abcdefghijklmnopqrstuvwxyz" * 2,
    "SIGNING_SECRETS_KEY": base64.urlsafe_b64encode(b"s3cr3t" * 5 + b"!!").decode(),
    "ALLOWED_HOSTS": "xmarket.example.org",
    "DATABASE_URL": "postgresql://web@127.0.0.1:1/xmarket",
    "BUILD": "4f2a9c1",
    "SECURITY_CONTACT": "mailto:security@example.org",
}
TRY_BOTH_WAYS_IN = """
from importlib import import_module
from django.core.exceptions import ImproperlyConfigured
for name in ("config.wsgi", "config.asgi"):
    try:
        import_module(name)
    except ImproperlyConfigured as refused:
        print(refused)
"""


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env={**known, "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
    )


def messages(*, deploy: bool = False) -> list[str]:
    found = checks.run_checks(tags=["environment"], include_deployment_checks=deploy)
    return [str(message.msg) for message in found]


def test_production_passes_the_deployment_checks_without_a_database() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_an_image_is_built_with_neither_database_nor_secrets(tmp_path: Path) -> None:
    (tmp_path / "image.py").write_text(
        f"from config.settings import *\nSTATIC_ROOT = {str(tmp_path / 'static')!r}\n"
    )
    surroundings = {
        "PYTHONPATH": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "image",
        "ENVIRONMENT": "production",
    }

    collected = run("manage.py", "collectstatic", "--noinput", **surroundings)
    checked = run("manage.py", "check", **surroundings)

    assert collected.returncode == 0, collected.stderr
    assert checked.returncode == 0, checked.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_serving_production_without_its_variables_is_refused_either_way() -> None:
    done = run("-c", TRY_BOTH_WAYS_IN, ENVIRONMENT="production")

    assert done.returncode == 0, done.stderr
    assert [
        done.stdout.count(f"- {name}")
        for name in (
            "SECRET_KEY",
            "SIGNING_SECRETS_KEY",
            "ALLOWED_HOSTS",
            "DATABASE_URL",
            "BUILD",
            "SECURITY_CONTACT",
        )
    ] == [2] * 6


def test_a_process_starts_while_its_database_is_away() -> None:
    done = run("-c", TRY_BOTH_WAYS_IN, **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def test_a_wrong_variable_is_an_error_of_every_check(settings: Settings) -> None:
    settings.ENVIRONMENT_FAULTS = Environment.read(
        {**PRODUCTION, "DEBUG": "perhaps", "LOG_LEVEL": "loud"}
    ).faults

    assert messages() == ["DEBUG is 'perhaps'.", "LOG_LEVEL is 'loud'."]


def test_a_missing_variable_is_an_error_of_the_deployment_check_only(settings: Settings) -> None:
    settings.ENVIRONMENT_FAULTS = Environment.read({**PRODUCTION, "BUILD": ""}).faults

    assert messages() == []
    assert messages(deploy=True) == ["BUILD is not set."]


def test_atomic_requests_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert messages() == ["ATOMIC_REQUESTS is on for the database 'default'."]


def test_every_silenced_check_has_its_reason_beside_it() -> None:
    lines = (Path(settings.BASE_DIR) / "config" / "settings.py").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("SILENCED_SYSTEM_CHECKS"))

    assert lines[start + 1].strip().startswith("#")
    assert set(settings.SILENCED_SYSTEM_CHECKS) == {"auth.W004", "security.W005", "security.W021"}


def test_every_refusal_of_every_room_is_known_by_its_constraint() -> None:
    assert {"email_is_taken", "not_found"} <= set(BY_CONSTRAINT)
