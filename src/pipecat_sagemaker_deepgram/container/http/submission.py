# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A request with a body, from any route."""

import json
from dataclasses import dataclass
from typing import Any

from pipecat_sagemaker_deepgram.web.errors import InvalidJsonError

JSON = "application/json"


@dataclass(frozen=True)
class Submission:
    """The request to a route of Deepgram's API.

    Attributes:
        query: The raw query.
        content_type: The declared content type, without parameters.
        body: The body.
        request_id: Id of the request.
    """

    query: str
    content_type: str
    body: bytes
    request_id: str

    @property
    def is_json(self) -> bool:
        """Whether the declared content type is JSON."""
        return self.content_type == JSON

    def read_object(self) -> dict[str, Any]:
        """Read the body as a JSON object.

        Raises:
            InvalidJsonError: It is not one.
        """
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise InvalidJsonError(str(error)) from error
        if not isinstance(value, dict):
            raise InvalidJsonError("invalid type, expected an object")
        return value
