"""Who is to keep checkpoints is read from one variable, and refused without repeating it."""

from __future__ import annotations

import pytest

from audit.sealing import keys
from audit.sealing.holders import Holder, HolderIsBroken, kind_of
from tests.holders import (
    verifier_of_nobody,
)


class TestWhoIsToKeepThem:
    @pytest.mark.parametrize(
        ("written", "kind", "name"),
        [
            ("file:///var/lib/log", "directory", "file:///var/lib/log"),
            ("s3://bucket/log", "store", "s3://bucket/log"),
            ("gs://bucket", "store", "gs://bucket"),
            ("az://box/log/..kept/", "store", "az://box/log/..kept/"),
            (f"https://host.example.org/p#{verifier_of_nobody()}", "witness", "witness.example.org/w9"),
            (f"http://[::1]:80#{verifier_of_nobody()}", "witness", "witness.example.org/w9"),
            (f"http://localhost#{verifier_of_nobody()}", "witness", "witness.example.org/w9"),
        ],
    )
    def test_is_read(self, written: str, kind: str, name: str) -> None:
        found = Holder.read(written)

        assert (found.kind, found.name) == (kind, name)
        assert kind_of(found.name) == kind

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("nothing", "neither"),
            ("ftp://host/path", "neither"),
            ("file://relative/path", "three slashes"),
            ("s3:///path", "no bucket"),
            ("s3://id:s3cr3t@bucket", "login"),
            ("s3://buc ket/log", "by more than letters"),
            ("s3://b\u00fccket/log", "by more than letters"),
            ("s3://bucket:99/log", "by more than letters"),
            ("s3://bucket//log", "single slashes"),
            ("s3://bucket/../log", "single slashes"),
            ("s3://bucket/a%2Fb", "single slashes"),
            ("s3://bucket/a b", "single slashes"),
            ("s3://bucket?key=s3cr3t", "query"),
            ("s3://bucket#x", "only a witness"),
            (f"s3://{'b' * 300}", "too long"),
            ("https://host.example.org", "verifier key"),
            (f"https://#{verifier_of_nobody()}", "no host"),
            (f"http://host.example.org#{verifier_of_nobody()}", "without HTTPS"),
            (f"http://127.0.0.1.example.org#{verifier_of_nobody()}", "without HTTPS"),
            ("http://[::1", "no address"),
            ("http://host:x", "no address"),
            (f"https://host#{keys.verifiers()[0]}", "key of a log"),
        ],
    )
    def test_is_refused_without_repeating_it(self, written: str, said: str) -> None:
        with pytest.raises(HolderIsBroken, match=said) as refusal:
            Holder.read(written)

        assert "s3cr3t" not in str(refusal.value)
