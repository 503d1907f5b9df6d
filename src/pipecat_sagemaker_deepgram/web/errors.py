# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Errors in Deepgram's form: a status, a code and a sentence (Deepgram docs, "Errors")."""

from http import HTTPStatus
from typing import Any


class RequestError(Exception):
    """A request is refused.

    Attributes:
        status: The HTTP status.
        code: Deepgram's ``err_code``.
        description: Deepgram's ``err_msg``.
        retry_after: Seconds after which another attempt may succeed; ``None`` if
            unknown.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        description: str,
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(description)
        self.retry_after = retry_after
        self.status = status
        self.code = code
        self.description = description

    def body(self, request_id: str) -> dict[str, Any]:
        """Write the body of the response."""
        return {"err_code": self.code, "err_msg": self.description, "request_id": request_id}


class InvalidJsonError(RequestError):
    """A body is not the expected JSON; Deepgram reports that in its newer form."""

    def __init__(self, details: str) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, "INVALID_JSON", "Invalid JSON submitted.")
        self._details = details

    def body(self, request_id: str) -> dict[str, Any]:
        """Write the body of the response."""
        return {
            "category": self.code,
            "message": self.description,
            "details": self._details,
            "request_id": request_id,
        }


def bad_request(description: str) -> RequestError:
    """The error for a body that cannot be used."""
    return RequestError(HTTPStatus.BAD_REQUEST, "Bad Request", f"Bad Request: {description}")
