# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What opening a stream imports, and when."""

import ssl
import sys
from collections.abc import Iterator

import pytest

from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    StreamOpener,
    StreamRequest,
    TransportConfig,
    opener,
)

OPENING = "pipecat_sagemaker_deepgram.transport.opening"

REQUEST = StreamRequest(endpoint_name="e", region="us-east-1", url="https://127.0.0.1:1")
CREDENTIALS = Credentials(access_key_id="AKIA", secret_access_key="secret")


@pytest.fixture(autouse=True)
def _imported_anew() -> Iterator[None]:
    opener.importing.cache_clear()
    yield
    opener.importing.cache_clear()


async def test_what_opening_takes_is_imported_once_and_in_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, OPENING, raising=False)
    StreamOpener.prepare()
    first = opener.importing()
    StreamOpener.prepare()
    assert opener.importing() is first
    assert first.result(timeout=60) is sys.modules[OPENING].open_stream


async def test_an_sdk_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, OPENING, None)
    streams = StreamOpener(ssl.create_default_context(), TransportConfig(), environment={})
    with pytest.raises(ConfigurationError, match="The AWS SDK cannot be imported"):
        await streams.open(REQUEST, CREDENTIALS)
