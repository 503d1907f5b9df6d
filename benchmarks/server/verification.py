# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Verifies a client's signatures with the emulator's code."""

from datetime import UTC, datetime

from benchmarks.access import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from benchmarks.server.endpoint import Seen
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import (
    EventSignatureError,
    SignedRequest,
    verify_request,
)
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import decode_message

_CREDENTIALS = EmulatorCredentials(
    access_key_id=ACCESS_KEY_ID, secret_access_key=SECRET_ACCESS_KEY, session_token=None
)


class InvalidSignatureError(ValueError):
    """A request's signature is wrong."""


class Verification:
    """Verifies one stream.

    Args:
        headers: The request's headers.
        seen: The record to count in.

    Raises:
        InvalidSignatureError: The request's signature is wrong.
    """

    def __init__(self, headers: list[tuple[str, str]], seen: Seen) -> None:
        self._seen = seen
        pseudo = {name: value for name, value in headers if name.startswith(":")}
        regular = [(name, value) for name, value in headers if not name.startswith(":")]
        request = SignedRequest(pseudo[":method"], pseudo[":path"], pseudo[":authority"], regular)
        try:
            self._chain = verify_request(
                request,
                credentials=(_CREDENTIALS,),
                region=REGION,
                now=datetime.now(UTC),
                max_skew=300.0,
            )
        except ErrorAnswer as error:
            seen.unverified.append(str(error))
            raise InvalidSignatureError(str(error)) from error
        seen.verified += 1

    def event(self, outer: bytes) -> None:
        """Verify one event; a wrong one is counted."""
        try:
            self._chain.open(decode_message(outer), now=datetime.now(UTC))
        except EventSignatureError as error:
            self._seen.unverified.append(str(error))
        else:
            self._seen.verified += 1
