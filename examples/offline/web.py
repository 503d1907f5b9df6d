# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The page's server: the page itself, calls, and faults."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web
from loguru import logger
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport

from pipecat_sagemaker_deepgram import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.cli.explanation import explain_refusal, latest_reason
from pipecat_sagemaker_deepgram.emulator import FaultScript, StreamRecord, parse_fault

from .bot import Explain, Model, run_call

_PAGE = Path(__file__).parent / "page"
_HANG_UP_TIMEOUT = 5.0


class Calls:
    """The calls in progress; each is a task of its own.

    Args:
        model: The Deepgram model that transcribes.
        explain: Replaces an error of a stream by one that states the cause.
    """

    def __init__(self, model: Model, explain: Explain) -> None:
        self._model: Model = model
        self._explain = explain
        self._calls: dict[asyncio.Task[None], SmallWebRTCConnection] = {}

    async def answer(self, offer: dict[str, str]) -> dict[str, str] | None:
        """Begin a call.

        Args:
            offer: The browser's session description.

        Returns:
            The session description to return.
        """
        connection = SmallWebRTCConnection()
        await connection.initialize(sdp=offer["sdp"], type=offer["type"])
        transport = SmallWebRTCTransport(
            connection, TransportParams(audio_in_enabled=True, audio_out_enabled=True)
        )
        call = asyncio.create_task(run_call(transport, self._model, self._explain), name="call")
        self._calls[call] = connection
        call.add_done_callback(self._ended)
        return connection.get_answer()

    async def hang_up(self) -> None:
        """End all calls."""
        calls = dict(self._calls)
        await asyncio.gather(*(connection.disconnect() for connection in calls.values()))
        for call in calls:
            call.cancel()
        if calls:
            await asyncio.wait(calls, timeout=_HANG_UP_TIMEOUT)

    def _ended(self, call: asyncio.Task[None]) -> None:
        del self._calls[call]
        if not call.cancelled() and (error := call.exception()) is not None:
            logger.error(f"A call ended with an error: {error!r}")


def build_app(
    model: Model, faults: FaultScript, streams: Callable[[], Sequence[StreamRecord]] = list
) -> web.Application:
    """Build the server.

    Args:
        model: The Deepgram model that transcribes.
        faults: The emulated endpoint's script, which the page adds to.
        streams: The endpoint's streams. With them a page breaks only its own, and they know why
            their container refused them.
    """

    def explain(error: SageMakerDeepgramError) -> SageMakerDeepgramError:
        reason = latest_reason(stream.container_reason for stream in streams())
        return explain_refusal(error, reason=reason)

    calls = Calls(model, explain)

    async def offer(request: web.Request) -> web.Response:
        return web.json_response(await calls.answer(await request.json()))

    async def add_fault(request: web.Request) -> web.Response:
        wanted = await request.json()
        number = _number_of(wanted.get("request_id"), streams())
        if number is None:
            return web.Response(status=409, text="The stream is gone already.")
        try:
            faults.add(parse_fault(f"{wanted['fault']},streams={number}"))
        except ValueError as error:
            return web.Response(status=400, text=str(error))
        return web.Response(status=204)

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(_PAGE / "index.html")

    async def model_name(request: web.Request) -> web.Response:
        return web.json_response({"model": model})

    async def hang_up(app: web.Application) -> None:
        await calls.hang_up()

    app = web.Application()
    app.add_routes(
        [
            web.get("/", page),
            web.get("/api/model", model_name),
            web.post("/api/offer", offer),
            web.post("/api/faults", add_fault),
            web.static("/page", _PAGE),
        ]
    )
    app.on_shutdown.append(hang_up)
    return app


def _number_of(request_id: str | None, streams: Sequence[StreamRecord]) -> int | None:
    """The number of an open stream, by its name."""
    for stream in streams:
        if stream.request_id == request_id and stream.ended is None:
            return stream.number
    return None
