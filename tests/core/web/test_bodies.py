from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings
from rest_framework.request import Request

from core.refusals import TooLarge
from core.web.bodies import announced, raw_body
from core.web.parsers import StrictJson


def test_a_body_is_read_as_it_came_and_left_for_the_next(rf: RequestFactory) -> None:
    request = rf.post("/", b'{"a": 1}', content_type="application/json")

    assert raw_body(request) == raw_body(request) == request.body == b'{"a": 1}'
    assert Request(request, parsers=[StrictJson()]).data == {"a": 1}


def test_a_body_that_was_read_before_is_found(rf: RequestFactory) -> None:
    request = rf.post("/", b"{}", content_type="application/json")
    assert request.body == b"{}"

    assert raw_body(request) == b"{}"


def test_a_body_over_the_limit_is_refused(rf: RequestFactory) -> None:
    with pytest.raises(TooLarge) as caught:
        raw_body(rf.post("/", b"x" * 11, content_type="application/json"), 10)
    assert caught.value.facts == {"limit": 10}

    assert raw_body(rf.post("/", b"x" * 10, content_type="application/json"), 10) == b"x" * 10


def test_a_body_that_is_longer_than_it_says_is_cut_where_it_said(rf: RequestFactory) -> None:
    request = rf.post("/", b"x" * 11, content_type="application/json", CONTENT_LENGTH="9")

    assert raw_body(request, 10) == b"x" * 9


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=5)
def test_the_limit_of_the_address_counts_and_not_that_of_all(rf: RequestFactory) -> None:
    assert raw_body(rf.post("/", b"x" * 8, content_type="application/json"), 10) == b"x" * 8


@pytest.mark.parametrize(
    ("given", "meant"), [("7", 7), ("", 0), ("-1", 0), ("seven", 0), ("\u0661", 0), ("9" * 20, int("9" * 20))]
)
def test_a_length_is_a_whole_number_or_none(rf: RequestFactory, given: str, meant: int) -> None:
    assert announced(rf.post("/", b"", content_type="a/b", CONTENT_LENGTH=given)) == meant
