# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The input of one stream: signed events in, parts out. Pure: the time is an argument."""

from collections.abc import Iterator
from datetime import datetime

from pipecat_sagemaker_deepgram.emulator.http.sigv4 import EventChain, EventSignatureError
from pipecat_sagemaker_deepgram.emulator.stream.eventstream import (
    MalformedEventError,
    MessageDecoder,
)
from pipecat_sagemaker_deepgram.emulator.stream.parts import InvalidPartError, Part, decode_part


class InvalidInputError(ValueError):
    """The input is invalid; nothing after it can be read.

    Attributes:
        code: The ``:error-code`` for the client.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ClientInput:
    """Verifies and decodes the input that follows a request."""

    def __init__(self, chain: EventChain) -> None:
        """Begins with nothing received.

        Args:
            chain: Verifies the events; it comes from the verified request.
        """
        self._chain = chain
        self._decoder = MessageDecoder()
        self._is_over = False

    def feed(self, data: bytes, now: datetime) -> Iterator[Part | None]:
        """Adds bytes and gives the parts that they complete.

        Args:
            data: Body bytes, cut anywhere.
            now: The time of day, aware.

        Yields:
            Parts, and None for the empty event that ends the input; what follows it is dropped.

        Raises:
            InvalidInputError: A signature, a checksum or a member is wrong.
        """
        try:
            for outer in self._decoder.feed(data):
                inner = self._chain.open(outer, now=now)
                if self._is_over:
                    return
                self._is_over = not inner
                yield decode_part(inner) if inner else None
        except EventSignatureError as error:
            raise InvalidInputError("InvalidSignatureException", str(error)) from error
        except (MalformedEventError, InvalidPartError) as error:
            raise InvalidInputError("ValidationException", str(error)) from error

    def end(self) -> None:
        """Handles the end of the body.

        Raises:
            InvalidInputError: The body ended inside an event.
        """
        if self._decoder.pending:
            raise InvalidInputError("ValidationException", "the input ended inside an event")
