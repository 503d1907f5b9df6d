# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Why an endpoint refuses a stream, in a sentence with what to do. Pure.

SageMaker withholds the container's reason for a 424 from the caller and refers to CloudWatch, which
has no logs of a local endpoint.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote

from pipecat_sagemaker_deepgram.cli.exceptions import CommandError
from pipecat_sagemaker_deepgram.exceptions import (
    ModelUnavailableError,
    RejectedError,
    SageMakerDeepgramError,
)

_ANSWER = re.compile(r"the container answered (?P<status>\d{3})(?:: (?P<body>.*))?$", re.DOTALL)
_UNKNOWN = re.compile(r"Endpoint (?P<name>\S+) of account (?P<account>\d+) not found")
_MODEL = re.compile(r"[?&]model=([^&:\s]+)")
_NO_SUCH_MODEL = "No such model"
"""Part of Deepgram's response (Deepgram docs, "Errors")."""

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
    if isinstance(error, ModelUnavailableError):
        return _explain_unavailable(error, reason)
    if isinstance(error, RejectedError) and (unknown := _UNKNOWN.search(error.message)):
        region = f" in {error.identity.region}" if error.identity else ""
        return CommandError(
            f"There is no endpoint {unknown['name']}{region} in the account {unknown['account']}",
            advice="Check the endpoint's name, the region and whose credentials are used.",
        )
    return error


def latest_reason(reasons: Iterable[str | None]) -> str | None:
    """The container's last reason to refuse a stream.

    Args:
        reasons: The reason of each stream of a local endpoint; ``None`` if it was accepted.
    """
    return next((each for each in reversed([*reasons]) if each is not None), None)


def _explain_unavailable(
    error: ModelUnavailableError, reason: str | None
) -> SageMakerDeepgramError:
    if reason is not None:
        return _of_reason(reason)
    if error.identity is not None and error.identity.is_local:
        return CommandError(
            "The container of the endpoint refused the stream (HTTP 424)",
            advice="Either it is full, or it refuses a parameter, such as the model; the output of "
            "the endpoint says why.",
        )
    return error


def explain_answer(error: SageMakerDeepgramError, *, model: str) -> SageMakerDeepgramError:
    """Explain why a request was refused: unlike a refused stream, its response contains the reason.

    Args:
        error: The client's error.
        model: The model that was asked for.

    Returns:
        The error to show; ``error`` itself if nothing more is known.
    """
    if not isinstance(error, ModelUnavailableError) or not error.details:
        return error
    status = error.original_status_code or 0
    if not 400 <= status < 500:
        return error
    return _of_answer(str(status), error.details, model)


def _of_reason(reason: str) -> CommandError:
    answered = _ANSWER.search(reason)
    if answered is None:
        return CommandError(f"The container did not accept the stream: {reason}")
    if int(answered["status"]) == _FULL:
        return CommandError(
            "The container is full and accepts no further stream",
            advice="Try again when another stream has ended.",
        )
    asked = _MODEL.search(reason)
    model = "" if asked is None else unquote(asked[1])
    return _of_answer(answered["status"], answered["body"] or "", model)


def _of_answer(status: str, body: str, model: str) -> CommandError:
    text = _text_of(body).rstrip(".")
    if model and _NO_SUCH_MODEL in text and "language" in text:
        return CommandError(
            f"The endpoint has no model {model!r} for this language (the container answered: "
            f"{text})",
            advice="Choose a --language that it has.",
        )
    if model and _NO_SUCH_MODEL in text:
        return CommandError(
            f"The endpoint has no model {model!r} (the container answered: {text})",
            advice="Choose a model that it has.",
        )
    return CommandError(
        f"The container refused the request: {text or 'HTTP ' + status}",
        advice="Check the model, the language and the other parameters.",
    )


def _text_of(body: str) -> str:
    """The sentence in Deepgram's error (Deepgram docs, "Errors"), or the body unchanged."""
    try:
        fields = json.loads(body)
    except ValueError:
        return body
    if not isinstance(fields, dict):
        return body
    return str(fields.get("err_msg") or fields.get("description") or body)
