# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Refusals in Deepgram's form: a status, a code and a sentence (Deepgram docs, "Errors")."""

from http import HTTPStatus


class RequestError(Exception):
    """A request is refused.

    Attributes:
        status: The HTTP status.
        code: Deepgram's ``err_code``.
        description: Deepgram's ``err_msg``.
    """

    def __init__(self, status: HTTPStatus, code: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description


def bad_request(description: str) -> RequestError:
    """The error for a body that cannot be used."""
    return RequestError(HTTPStatus.BAD_REQUEST, "Bad Request", f"Bad Request: {description}")
