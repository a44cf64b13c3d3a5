"""The process that waits: any number of callers, one connection that listens, and four threads that read.

A plain ASGI callable beside Django, because Django's own takes a thread for each caller. It waits between two
readings, and each reading is an ordinary request to Django: keys, signatures, limits and refusals are the
same as anywhere.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.urls import set_script_prefix
from psycopg import sql

from core.database import sessions
from core.database.unit import unit
from core.web.etags import READING
from core.web.waiting import Waiter, WaitView

logger = logging.getLogger("xmarket.stream")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Place = tuple[str, str]

PREFIX = "/api/v1/wait/"
THREADS = 4
# whatever no word arrives of is found by looking
LOOK_EVERY = 3.0
CONNECT_AGAIN_AFTER = 1.0
HEARD_WITHIN = 1.0
WAITED_ON = (200, 304)


class Stream:
    """Waits for whoever asks below `PREFIX`, and leaves everything else to Django."""

    def __init__(self, django: ASGIHandler) -> None:
        self._django = django
        self._readings = BaseHandler()
        self._readings.load_middleware()
        self._pool = ThreadPoolExecutor(
            min(THREADS, settings.DATABASE_CONNECTION_LIMIT), thread_name_prefix="reading"
        )
        self.hub = Hub(self._pool)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] in READING and scope["path"].startswith(PREFIX):
            await self._answer(scope, receive, send)
        else:
            await self._django(scope, receive, send)  # type: ignore[arg-type]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body_of(receive)
        if body is None:
            return
        await self.hub.open()
        gone = asyncio.ensure_future(_gone(receive))
        waiter = Waiter(self.hub.add)
        try:
            response = await self._awaited(scope, body, waiter, gone)
        finally:
            gone.cancel()
            self.hub.remove(waiter)
        if response is not None:
            await _send(send, response, is_head=scope["method"] == "HEAD")

    async def _awaited(
        self, scope: Scope, body: bytes, waiter: Waiter, gone: asyncio.Future[None]
    ) -> HttpResponse | None:
        """Read until there is an end, an error, or no more time; None where the caller left."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            waiter.woken.clear()
            response = await loop.run_in_executor(self._pool, self._read, scope, body, waiter)
            left = began + waiter.seconds - loop.time()
            if response.status_code not in WAITED_ON or waiter.has_ended or left <= 0:
                return response
            if not await _is_woken(waiter, gone, left):
                return None

    def _read(self, scope: Scope, body: bytes, waiter: Waiter) -> HttpResponse:
        """Ask Django as a web server does, in a thread of the pool."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        request, refused = self._django.create_request(scope, BytesIO(body))
        if request is None:
            response: Any = refused
        else:
            if waiter.request_id:
                # all readings of one wait are one request in the logs
                request.META["HTTP_X_REQUEST_ID"] = waiter.request_id
            request.waiter = waiter  # type: ignore[attr-defined]
            response = self._readings.get_response(request)
            waiter.request_id = response.headers.get("X-Request-Id", "")
        response.close()
        found: HttpResponse = response
        return found


class Hub:
    """Who waits for what in this process, and the one connection that hears of it."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._waiting: dict[Place, set[Waiter]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin to listen, with the first who waits; for the moment that it takes, wait for it."""
        if not self._tasks:
            self._is_listening, self._look_now = asyncio.Event(), asyncio.Event()
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]
        if not self._is_listening.is_set():
            # without it the end is found by looking
            await _within(HEARD_WITHIN, self._is_listening)

    async def close(self) -> None:
        """Listen no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def add(self, waiter: Waiter) -> None:
        """Let a waiter hear of its subject; called in whatever thread."""
        with self._lock:
            if waiter.is_gone:
                return
            self._waiting.setdefault(_place(waiter), set()).add(waiter)

    def remove(self, waiter: Waiter) -> None:
        """Forget a waiter, also one that is still being read for."""
        with self._lock:
            waiter.is_gone = True
            if waiter.subject is None:
                return
            others = self._waiting.get(_place(waiter), set())
            others.discard(waiter)
            if not others:
                self._waiting.pop(_place(waiter), None)

    def wake(self, places: Iterable[Place]) -> None:
        """Have everybody read again who waits for one of these."""
        with self._lock:
            woken = [waiter for place in places for waiter in self._waiting.get(place, ())]
        for waiter in woken:
            waiter.woken.set()

    def wake_all(self) -> None:
        """Have everybody read again."""
        with self._lock:
            places = list(self._waiting)
        self.wake(places)

    def wanted(self) -> Groups:
        """Which ids are waited for, by view and principal."""
        groups: Groups = {}
        with self._lock:
            for waiters in self._waiting.values():
                for waiter in waiters:
                    if waiter.subject is not None:
                        it = waiter.subject
                        groups.setdefault((it.view, it.tenant, it.actor), set()).add(it.wanted)
        return groups

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                logger.warning("Nothing is heard of the database: %s", str(error).split("\n", 1)[0])
            self._is_listening.clear()
            self.wake_all()
            await asyncio.sleep(CONNECT_AGAIN_AFTER)

    async def _hear(self) -> None:
        address = sessions.url(sessions.direct())
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as conn:
            for channel in sorted(WaitView.channels):
                await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._is_listening.set()
            # what ended and what changed while nobody listened
            self._look_now.set()
            self.wake(self._told_of_changes())
            async for notice in conn.notifies():
                self.wake([(notice.channel, notice.payload)])

    def _told_of_changes(self) -> list[Place]:
        with self._lock:
            return [
                place
                for place, waiters in self._waiting.items()
                if any(waiter.subject and waiter.subject.view.tells_changes for waiter in waiters)
            ]

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await _within(LOOK_EVERY, self._look_now)
            self._look_now.clear()
            groups = self.wanted()
            if groups:
                self.wake(await loop.run_in_executor(self._pool, _ended, groups))


Groups = dict[tuple[type[WaitView], UUID | None, UUID | None], set[str]]


def _ended(groups: Groups) -> list[Place]:
    """Look for what has ended, as each of those who wait; nothing where the database does not answer."""
    found: list[Place] = []
    close_old_connections()
    try:
        for (view, tenant, actor), wanted in groups.items():
            with unit("api", tenant=tenant, actor=actor):
                found += [(view.channel, name) for name in view.ended(wanted)]
    except Exception as error:  # noqa: BLE001 - the next look may find it
        logger.warning("Nobody could look: %s", str(error).split("\n", 1)[0])
    finally:
        close_old_connections()
    return found


def _place(waiter: Waiter) -> Place:
    assert waiter.subject is not None  # noqa: S101 - it has just been given
    return waiter.subject.view.channel, waiter.subject.wanted


async def _body_of(receive: Receive) -> bytes | None:
    """The body, as far as one is read at all; None where the caller left."""
    body = b""
    while True:
        message: dict[str, Any] = dict(await receive())
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False) or len(body) > settings.API_BODY_LIMIT:
            return body


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _is_woken(waiter: Waiter, gone: asyncio.Future[None], seconds: float) -> bool:
    """Whether it is time to read again; False where the caller left."""
    woken = asyncio.ensure_future(waiter.woken.wait())
    ways: tuple[asyncio.Future[Any], ...] = (woken, gone)
    done, _ = await asyncio.wait(ways, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    woken.cancel()
    return gone not in done


async def _send(send: Send, response: HttpResponse, *, is_head: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else response.content})
