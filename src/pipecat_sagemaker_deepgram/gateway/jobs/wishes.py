# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of a job, as opposed to the parameters of the model. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pipecat_sagemaker_deepgram.gateway.query import Parameters, one, read_query
from pipecat_sagemaker_deepgram.gateway.refusals import bad_query

_OF_QUEUE = frozenset(["callback", "callback_method", "priority"])
_METHODS = ("POST", "PUT")
_PRIORITIES = range(-1000, 1001)


@dataclass(frozen=True, kw_only=True)
class JobWish:
    """The options of a job.

    Attributes:
        callback: URL to which the result is sent; ``None`` for no callback.
        callback_method: ``POST`` or ``PUT``.
        priority: Jobs with a higher priority run first.
    """

    callback: str | None = None
    callback_method: str = "POST"
    priority: int = 0


def read_job_query(query: str) -> tuple[Parameters, JobWish]:
    """Read the query of a request that will be queued.

    Args:
        query: The raw query, without a question mark.

    Returns:
        The parameters of the model, and the options of the job.

    Raises:
        RequestError: An option is invalid.
    """
    parameters = read_query(query)
    wish = JobWish(
        callback=_read_url(one(parameters, "callback")) if "callback" in parameters else None,
        callback_method=_read_method(one(parameters, "callback_method", "POST")),
        priority=_read_priority(one(parameters, "priority", "0")),
    )
    return {name: given for name, given in parameters.items() if name not in _OF_QUEUE}, wish


def checked_priority(priority: int) -> int:
    """Check a priority.

    Raises:
        RequestError: It is out of range.
    """
    if priority not in _PRIORITIES:
        raise bad_query(f"priority: {priority} is not from -1000 to 1000")
    return priority


def _read_priority(text: str) -> int:
    try:
        return checked_priority(int(text))
    except ValueError:
        raise bad_query(f"priority: invalid value {text!r}") from None


def _read_method(text: str) -> str:
    if text.upper() not in _METHODS:
        raise bad_query(f"callback_method: {text!r} is neither POST nor PUT")
    return text.upper()


def _read_url(text: str) -> str:
    try:
        url = urlsplit(text)
        has_place = url.scheme in ("http", "https") and bool(url.hostname)
        _ = url.port
    except ValueError:
        has_place = False
    if not has_place:
        raise bad_query("callback: must have the form https://HOST/PATH")
    return text
