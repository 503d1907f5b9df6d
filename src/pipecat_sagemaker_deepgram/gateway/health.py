# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``/health``: whether the gateway lives, and whether it takes requests."""

from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.web.front import json_response


class Health:
    """Says how the gateway is.

    Args:
        endpoints: What it serves.
        door: Whether it takes requests, and how many it serves now.
    """

    def __init__(self, endpoints: EndpointList, door: Door) -> None:
        self._endpoints = endpoints
        self._door = door

    async def live(self, request: web.Request) -> web.Response:
        """Serve ``/health/live``: 200 as long as anything is answered at all."""
        return json_response({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """Serve ``/health`` and ``/health/ready``: 503 where no request would be taken."""
        if self._door.is_closed:
            status = "stopping"
        elif not self._endpoints.endpoints:
            status = "no endpoint is configured"
        else:
            status = "ready"
        is_ready = status == "ready"
        return json_response(
            {"status": status, "live": True, "ready": is_ready, "active": self._door.places.taken},
            status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )
