# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The cause of a 424 from an endpoint on this machine. Pure.

SageMaker withholds the container's reason from the caller and refers to CloudWatch, which has no
logs of a local endpoint.
"""

import ipaddress
import json
import re
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, SageMakerDeepgramError

_ANSWER = re.compile(r"the container answered (?P<status>\d{3})(?:: (?P<body>.*))?$", re.DOTALL)
_FULL = 503


def explain_refusal(
    error: SageMakerDeepgramError, *, reason: str | None = None
) -> SageMakerDeepgramError:
    """Explain why a stream was refused.

    Args:
        error: The client's error.
        reason: Why the container of a local endpoint did not open the WebSocket; ``None`` if
            unknown.

    Returns:
        The error to show; ``error`` itself if nothing more is known.
    """
    if not isinstance(error, ModelUnavailableError):
        return error
    if reason is not None:
        return _of_reason(reason)
    if error.identity is not None and _is_here(error.identity.url):
        return CommandError(
            "The container of the endpoint refused the stream (HTTP 424)",
            advice="Either it is full, or it refuses a parameter, as --model; the output of the "
            "endpoint has its reason.",
        )
    return error


def _of_reason(reason: str) -> CommandError:
    answered = _ANSWER.search(reason)
    if answered is None:
        return CommandError(f"The container did not take the stream: {reason}")
    body = _text_of(answered["body"] or "")
    if int(answered["status"]) == _FULL:
        return CommandError(
            "The container is full: it takes no further stream",
            advice="Try again when another stream has ended.",
        )
    return CommandError(
        f"The container refuses the stream: {body.rstrip('.') or 'HTTP ' + answered['status']}",
        advice="Check --model, --language, --keyterm and --parameter.",
    )


def _text_of(body: str) -> str:
    """The sentence in Deepgram's error (Deepgram docs, "Errors"), or the body as it is."""
    try:
        fields = json.loads(body)
    except ValueError:
        return body
    if not isinstance(fields, dict):
        return body
    return str(fields.get("err_msg") or fields.get("description") or body)


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
