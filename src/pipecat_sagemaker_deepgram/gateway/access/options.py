# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Who may use a gateway, and how much. Pure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class AccessOptions:
    """Who may use a gateway, and how much.

    Attributes:
        key_file: Where keys are kept; ``None`` lets everybody in, as does a file without keys.
        origins: Origins of web pages that may use it, as ``https://app.example``; ``*`` for any.
        requests_per_minute: Requests and streams that one key may begin in a minute.
        requests_per_minute_in_all: The same of all keys together.
        streams: Streams and requests of one key at a time, in this process.
        streams_in_all: The same of all keys together.
        storage: Where the requests of a minute are counted: ``async+memory://``, or one that
            several hosts share, such as ``async+redis://HOST:6379``.
        proxy: Address, or network, of the proxy before it, from which alone requests are taken.
    """

    key_file: Path | None = None
    origins: tuple[str, ...] = ()
    requests_per_minute: int | None = None
    requests_per_minute_in_all: int | None = 1000
    streams: int | None = None
    streams_in_all: int | None = None
    storage: str = "async+memory://"
    proxy: str | None = None
