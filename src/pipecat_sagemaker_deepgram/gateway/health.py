# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``/health``: whether the gateway is alive, and whether it accepts requests."""

from http import HTTPStatus

from aiohttp import web

from pipecat_sagemaker_deepgram.gateway.access.door import Door
from pipecat_sagemaker_deepgram.gateway.endpoints import EndpointList
from pipecat_sagemaker_deepgram.web.front import json_response


class Health:
    """Reports the health of the gateway.

    Args:
        endpoints: The endpoints.
        door: Knows whether requests are accepted, and how many are in progress.
    """

    def __init__(self, endpoints: EndpointList, door: Door) -> None:
        self._endpoints = endpoints
        self._door = door

    async def live(self, request: web.Request) -> web.Response:
        """Serve ``/health/live``: 200 as long as the process responds."""
        return json_response({"status": "live"})

    async def ready(self, request: web.Request) -> web.Response:
        """Serve ``/health`` and ``/health/ready``: 503 if requests would be refused."""
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
