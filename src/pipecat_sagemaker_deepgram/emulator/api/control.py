# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Plain HTTP on the emulator's own listener: the fault script and the stream records.

| request | what it does |
|---|---|
| ``GET /_emulator/faults`` | the faults in force, a line each |
| ``POST /_emulator/faults`` | adds the faults in the body, a line each |
| ``DELETE /_emulator/faults`` | removes all faults |
| ``GET /_emulator/streams`` | the stream records as JSON |

``faults.text`` describes the lines. Requests are not signed. Any HTTP client will do, such as
``curl --cacert CA.pem https://127.0.0.1:PORT/_emulator/streams``.
"""

import json
from dataclasses import asdict
from typing import NamedTuple

from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.faults.text import format_fault, parse_faults

PREFIX = "/_emulator/"
"""Prefix of the control's paths."""


class ControlReply(NamedTuple):
    """The reply to a control request."""

    status: int
    content_type: str
    body: str


def reply_to(method: str, path: str, body: bytes, endpoint: EmulatedEndpoint) -> ControlReply:
    """Carries out a control request.

    Args:
        method: The HTTP method.
        path: The path, without its query.
        body: The whole body.
        endpoint: Holds the script and the records.
    """
    match method, path.removeprefix(PREFIX):
        case "GET", "streams":
            records = [asdict(endpoint.records[number]) for number in sorted(endpoint.records)]
            return ControlReply(200, "application/json", json.dumps(records) + "\n")
        case "GET", "faults":
            return _faults(endpoint)
        case "POST", "faults":
            try:
                endpoint.faults.add(*parse_faults(body.decode()))
            except ValueError as error:
                return _text(400, str(error))
            return _faults(endpoint)
        case "DELETE", "faults":
            endpoint.faults.clear()
            return _faults(endpoint)
        case _, "faults" | "streams":
            return _text(405, f"{method} is not possible here")
    return _text(404, f"there is only {PREFIX}faults and {PREFIX}streams")


def _faults(endpoint: EmulatedEndpoint) -> ControlReply:
    lines = (format_fault(fault) for fault in endpoint.faults.faults)
    return _text(200, "\n".join(lines) or "# no faults")


def _text(status: int, text: str) -> ControlReply:
    return ControlReply(status, "text/plain; charset=utf-8", text + "\n")
