# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``/metrics``, ``/monitor.json`` and the status page at ``/``."""

import asyncio
from importlib.resources import files
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.jobs.queue import JobQueue
from pipecat_sagemaker_deepgram.gateway.jobs.records import QueueDepth
from pipecat_sagemaker_deepgram.gateway.jobs.routes import write_job
from pipecat_sagemaker_deepgram.gateway.metrics import GatewayMetrics
from pipecat_sagemaker_deepgram.web.errors import RequestError
from pipecat_sagemaker_deepgram.web.front import json_response

_LIMIT = 5.0
_SHOWN_JOBS = 50
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
_TYPES = {"page.html": "text/html", "page.js": "text/javascript", "page.css": "text/css"}


class Monitor:
    """Shows the activity of the gateway; requires a key if the gateway has keys.

    Args:
        metrics: The metrics.
        door: Admits callers.
        queue: The job queue; ``None`` if there is none.
    """

    def __init__(self, metrics: GatewayMetrics, door: Door, queue: JobQueue | None) -> None:
        self._metrics = metrics
        self._door = door
        self._queue = queue

    async def metrics(self, request: web.Request) -> web.Response:
        """Serve ``/metrics``; the job queue's are NaN while its database is unavailable.

        Raises:
            RequestError: The caller may not see it.
        """
        self._door.identify(request)
        return await self.open_metrics(request)

    async def open_metrics(self, request: web.Request) -> web.Response:
        """Serve ``/metrics`` to everybody, on a port that clients cannot reach."""
        await self._look_at_queue()
        written = self._metrics.write()
        return web.Response(body=written, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def summary(self, request: web.Request) -> web.Response:
        """Serve ``/monitor.json``: figures, and the caller's latest jobs without their results.

        Raises:
            RequestError: The caller may not see it.
        """
        caller = self._door.identify(request)
        answer: dict[str, Any] = {**self._metrics.summary(), "queue": None, "jobs": []}
        answer["queue"] = await self._look_at_queue()
        if self._queue is not None and answer["queue"] is not None:
            jobs = await self._queue.listed(caller.key_id, status=None, limit=_SHOWN_JOBS)
            answer["jobs"] = [write_job(job) for job in jobs]
        return json_response(answer, headers={"Cache-Control": "no-store"})

    async def page(self, request: web.Request) -> web.Response:
        """Serve the status page, its style sheet and its script."""
        name = request.match_info.get("name", "page.html")
        if name not in _TYPES:
            raise web.HTTPNotFound
        body = await asyncio.to_thread((files(__package__) / "page" / name).read_bytes)
        return web.Response(
            body=body,
            headers={
                "Content-Type": f"{_TYPES[name]}; charset=utf-8",
                "Content-Security-Policy": _POLICY,
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _look_at_queue(self) -> dict[str, float] | None:
        if self._queue is None:
            return None
        depth = await _depth_of(self._queue)
        self._metrics.set_depth(depth)
        if depth is None:
            return None
        return {"queued": depth.queued, "running": depth.running, "oldest": round(depth.oldest, 1)}


async def _depth_of(queue: JobQueue) -> QueueDepth | None:
    try:
        async with asyncio.timeout(_LIMIT):
            return await queue.depth()
    except (RequestError, TimeoutError):
        return None
