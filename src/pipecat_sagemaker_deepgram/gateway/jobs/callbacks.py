# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sends results to callback URLs (Deepgram docs, "Callback")."""

import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
from loguru import logger
from yarl import URL

from pipecat_sagemaker_deepgram.gateway.jobs.callback_claims import CallbackClaims
from pipecat_sagemaker_deepgram.gateway.jobs.claiming import BlockingCall, in_thread
from pipecat_sagemaker_deepgram.gateway.jobs.database import StoreUnavailableError
from pipecat_sagemaker_deepgram.gateway.jobs.options import CallbackOptions
from pipecat_sagemaker_deepgram.gateway.jobs.records import CallbackStatus, ClaimedCallback
from pipecat_sagemaker_deepgram.gateway.jobs.signing import signed_headers
from pipecat_sagemaker_deepgram.gateway.recorded.fetching import CheckedResolver, check_literal
from pipecat_sagemaker_deepgram.web.errors import RequestError

type Send = Callable[[ClaimedCallback, dict[str, str]], Awaitable[bool]]
"""Sends a callback with these headers; returns whether its receiver accepted it."""


class CallbackRunner:
    """Sends callbacks.

    Args:
        claims: The callbacks in the database.
        options: Attempts, timeout and signature.
        send: Sends a callback.
        on_end: Called with the new state after each attempt.
        clock: Returns the time, as seconds since 1970.
        call: Runs blocking functions.
    """

    def __init__(
        self,
        claims: CallbackClaims,
        options: CallbackOptions,
        send: Send,
        *,
        on_end: Callable[[CallbackStatus], None] = lambda status: None,
        clock: Callable[[], float] = time.time,
        call: BlockingCall = in_thread,
    ) -> None:
        self._claims = claims
        self._options = options
        self._send = send
        self._on_end = on_end
        self._clock = clock
        self._call = call

    async def claim(self) -> ClaimedCallback | None:
        """Claim a callback; ``None`` if none is due."""
        return await self._call(self._claims.claim)

    async def run(self, callback: ClaimedCallback) -> None:
        """Try a callback once and record the result."""
        is_delivered = await self._send(callback, self._headers(callback))
        try:
            await self._call(self._claims.note, callback, is_delivered=is_delivered)
        except StoreUnavailableError:
            logger.warning(
                "{}: the result of its callback could not be stored; the callback will be sent "
                "again",
                callback.request_id,
            )
        status = "delivered" if is_delivered else "not delivered"
        logger.info("{}: callback {}: {}", callback.request_id, callback.attempt, status)
        self._on_end("delivered" if is_delivered else "waiting")

    def _headers(self, callback: ClaimedCallback) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "dg-request-id": callback.request_id,
            "dg-token": callback.key_id,
        }
        if self._options.secret is None:
            return headers
        return headers | signed_headers(
            self._options.secret, callback.request_id, int(self._clock()), callback.body
        )


class CallbackClient:
    """Sends callbacks over HTTP, to permitted addresses only.

    Args:
        options: The timeout, and the permitted addresses.
    """

    def __init__(self, options: CallbackOptions) -> None:
        self._options = options

    async def send(self, callback: ClaimedCallback, headers: dict[str, str]) -> bool:
        """Send a callback; return whether its receiver accepted it."""
        try:
            check_literal(URL(callback.url), self._options.is_allowed)
            return await self._send(callback, headers)
        except (aiohttp.ClientError, OSError, ValueError, RequestError) as error:
            name = type(error).__name__
            logger.warning("{}: its callback cannot be sent: {}", callback.request_id, name)
            return False

    async def _send(self, callback: ClaimedCallback, headers: dict[str, str]) -> bool:
        resolver = CheckedResolver(self._options.is_allowed)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver),
            timeout=aiohttp.ClientTimeout(total=self._options.timeout),
            trust_env=False,
        ) as session:
            async with session.request(
                callback.method,
                callback.url,
                data=callback.body,
                headers=headers,
                allow_redirects=False,
            ) as response:
                return HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES
