# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The settings of the emulated endpoint, and the credentials that it accepts. Pure."""

import secrets
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from pipecat_sagemaker_deepgram.text_values import convert_fields

type CapEnding = Literal["model-stream-error", "end-stream", "reset"]


@dataclass(frozen=True, kw_only=True)
class EmulatorSettings:
    """Limits, timers and switches of the emulated endpoint.

    Seconds are emulated seconds: ``time_scale`` of them pass in one real second. This applies to
    fault scripts too, but not to ``container_open_timeout``, ``close_timeout`` and
    ``max_clock_skew``, which are real seconds.

    Attributes:
        max_connection_seconds: Seconds after which the service ends a stream. AWS Developer Guide,
            "Invoke models for real-time inference": up to 30 minutes of connection time.
        cap_ending: How the service ends it then; AWS does not document it.
        ping_interval: Seconds between WebSocket pings to the container. AWS Developer Guide, "Use
            your own inference code with hosting services": every 60 seconds.
        max_missed_pongs: Pings without a pong after which the container is closed; AWS documents 5.
        missed_pongs_ending: How the stream then ends for the caller; AWS does not document it.
        clean_close_codes: WebSocket close codes of the container that end the stream cleanly. Any
            other becomes a ``ModelStreamError`` with the code and the reason. AWS documents the
            latter; in practice both occur. ``range(1000, 5000)`` makes every close clean, ``()``
            none.
        container_open_timeout: Real seconds the container has to accept the WebSocket, before the
            caller gets 424. AWS documents 0.25, which a busy test machine may exceed.
        slow_open_warning: Real seconds after which a container that accepts the WebSocket is
            reported as slower than AWS allows, None for never.
        accepts_plus: Whether a query may have a plus sign for a space. The pattern of the service
            model does not allow it.
        close_timeout: Real seconds the container has to answer a WebSocket close.
        invocation_timeout: Seconds the container has to answer ``InvokeEndpoint``. AWS Developer
            Guide, "Use your own inference code with hosting services": 60 seconds.
        max_concurrent_streams: HTTP/2 SETTINGS_MAX_CONCURRENT_STREAMS of a connection.
        initial_window_size: HTTP/2 SETTINGS_INITIAL_WINDOW_SIZE in bytes; also the most input of
            one stream that is buffered for a container that does not read.
        max_output_buffer: Bytes of output of one stream kept for a client that does not read,
            beyond which the container is not read. One large read can bring it to twice this.
        time_scale: Emulated seconds per real second; 60 makes the 30 minutes pass in 30 seconds.
        max_clock_skew: Real seconds by which a signature's date may be off. AWS allows 5 minutes.
        clock_offset: Real seconds by which the service's clock is ahead of this machine's.
        account: The account id in messages and ARNs.
        variant: The production variant that answers when the caller asks for none.
    """

    # Limits
    max_connection_seconds: float = 30 * 60
    max_concurrent_streams: int = 1000
    initial_window_size: int = 65_535
    max_output_buffer: int = 65_536
    max_clock_skew: float = 5 * 60

    # Container
    ping_interval: float = 60
    max_missed_pongs: int = 5
    container_open_timeout: float = 5
    slow_open_warning: float | None = 0.25
    close_timeout: float = 10
    invocation_timeout: float = 60

    # Switches
    cap_ending: CapEnding = "model-stream-error"
    missed_pongs_ending: CapEnding = "model-stream-error"
    accepts_plus: bool = False
    clean_close_codes: Container[int] = frozenset({1000, 1005})

    # Clock
    time_scale: float = 1
    clock_offset: float = 0

    # Names
    account: str = "000000000000"
    variant: str = "AllTraffic"

    def __post_init__(self) -> None:
        """Refuses values that would stop the emulator's clock or streams.

        Raises:
            ValueError: A number is not positive, or a window is beyond what HTTP/2 allows.
        """
        convert_fields(self)
        for name in (
            "max_connection_seconds",
            "ping_interval",
            "max_missed_pongs",
            "invocation_timeout",
            "time_scale",
        ):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be above 0")
        if not 0 < self.initial_window_size < 2**31:
            raise ValueError(
                f"initial_window_size is {self.initial_window_size}; HTTP/2 allows at most 2^31-1"
            )

    def real(self, seconds: float) -> float:
        """Convert emulated seconds to real ones.

        Args:
            seconds: Emulated seconds.
        """
        return seconds / self.time_scale


@dataclass(frozen=True)
class EmulatorCredentials:
    """Credentials that the emulated endpoint knows.

    Attributes:
        access_key_id: The key id of the ``Authorization`` header.
        secret_access_key: The secret that signs requests.
        session_token: The token that requests must carry; None for no token.
        expired: Whether requests signed with it get ``ExpiredTokenException``.
    """

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    expired: bool = False

    def __repr__(self) -> str:
        return f"EmulatorCredentials(access_key_id={self.access_key_id!r}, expired={self.expired})"

    @classmethod
    def generate(cls) -> "EmulatorCredentials":
        """Random credentials in the form that AWS issues, without a session token."""
        return cls(f"AKIAEMULATED{secrets.token_hex(4).upper()}", secrets.token_urlsafe(30))
