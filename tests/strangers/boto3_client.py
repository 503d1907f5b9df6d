# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Unmodified boto3, led to an endpoint by the environment alone, as Deepgram's suites use it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from boto3.session import Session

from pipecat_sagemaker_deepgram.testing import LocalEndpoint

JSON = "application/json"
WAV = "audio/wav"


@dataclass(frozen=True)
class Answer:
    """An answer to ``InvokeEndpoint``.

    Attributes:
        body: Its body.
        content_type: What that is.
    """

    body: bytes
    content_type: str

    @property
    def results(self) -> dict[str, Any]:
        """The ``results`` of a transcript."""
        return json.loads(self.body)["results"]

    @property
    def alternative(self) -> dict[str, Any]:
        """The one alternative of a transcript of one channel."""
        (channel,) = self.results["channels"]
        (alternative,) = channel["alternatives"]
        return alternative

    @property
    def transcript(self) -> str:
        """The text of that."""
        return self.alternative["transcript"]


@contextmanager
def boto3_session(endpoint: LocalEndpoint) -> Iterator[Session]:
    """A session; the environment leads its clients here while the context is open."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in endpoint.environment.items():
            patch.setenv(name, value)
        yield Session()


@dataclass(frozen=True)
class Runtime:
    """``InvokeEndpoint``."""

    client: Any
    endpoint_name: str

    def invoke(self, attributes: str, body: bytes, content_type: str) -> Answer:
        """Send a body to the path and query that custom attributes name.

        Raises:
            ClientError: It is refused.
        """
        answer = self.client.invoke_endpoint(
            EndpointName=self.endpoint_name,
            CustomAttributes=attributes,
            Body=body,
            ContentType=content_type,
        )
        return Answer(answer["Body"].read(), answer["ContentType"])

    def speak(self, attributes: str, text: str) -> Answer:
        """Send a text to be spoken.

        Raises:
            ClientError: It is refused.
        """
        return self.invoke(attributes, json.dumps({"text": text}).encode(), JSON)


@contextmanager
def boto3_runtime(endpoint: LocalEndpoint) -> Iterator[Runtime]:
    """A client for ``InvokeEndpoint``."""
    with boto3_session(endpoint) as session:
        client = session.client("sagemaker-runtime")
    yield Runtime(client, endpoint.name)
    client.close()
