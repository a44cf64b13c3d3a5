"""How notices leave, from whom, and where their readers go."""

from __future__ import annotations

from typing import ClassVar

import pytest

from config.environment import Environment
from tests.config.test_environment import COMPLETE, faults_in_production


class TestMail:
    SERVED: ClassVar[dict[str, str]] = {
        "EMAIL_URL": "smtp+tls://x%40y:p%40ss@mail.example.org:587",
        "EMAIL_FROM": "Xmarket <xmarket@example.org>",
        "BASE_URL": "https://xmarket.example.org",
    }

    def test_a_developer_sees_it_and_production_sends_none_unless_told_how(self) -> None:
        developer, served = Environment.read({}), Environment.read(COMPLETE)

        assert developer.mail is not None
        assert developer.mail["EMAIL_BACKEND"].endswith("console.EmailBackend")
        assert (developer.base_url, developer.mail_sender) == ("http://127.0.0.1:8000", "xmarket@localhost")
        assert (served.mail, served.faults) == (None, ())

    def test_how_it_leaves_from_whom_and_where_people_go(self) -> None:
        read = Environment.read({**COMPLETE, **self.SERVED})

        assert read.faults == ()
        assert read.mail is not None
        known = {name: read.mail[f"EMAIL_{name}"] for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD")}
        assert known == {
            "HOST": "mail.example.org",
            "PORT": 587,
            "HOST_USER": "x@y",
            "HOST_PASSWORD": "p@ss",
        }
        assert read.mail["EMAIL_USE_TLS"]
        assert (read.base_url, read.mail_sender) == (self.SERVED["BASE_URL"], self.SERVED["EMAIL_FROM"])

    def test_whoever_sends_says_from_whom_and_where_people_go(self) -> None:
        found = faults_in_production(EMAIL_URL=self.SERVED["EMAIL_URL"])

        assert found.keys() == {"EMAIL_FROM", "BASE_URL"}
        assert all(fault.is_missing for fault in found.values())

    @pytest.mark.parametrize(
        "given", ["mail.example.org", "smtp://", "pop3://a:secret@host", "memorymail://", "smtp://h:port"]
    )
    def test_what_is_no_mail_server_is_refused_and_not_repeated(self, given: str) -> None:
        fault = faults_in_production(**{**self.SERVED, "EMAIL_URL": given})["EMAIL_URL"]

        assert not fault.is_missing
        assert "secret" not in str(fault)

    @pytest.mark.parametrize("given", ["nobody", "a@b\nBcc: c@d", "<a@b>"])
    def test_what_is_no_sender_is_refused(self, given: str) -> None:
        assert not faults_in_production(**{**self.SERVED, "EMAIL_FROM": given})["EMAIL_FROM"].is_missing

    def test_what_is_no_place_is_refused(self) -> None:
        fault = faults_in_production(**{**self.SERVED, "BASE_URL": "https://host/path"})["BASE_URL"]

        assert not fault.is_missing
