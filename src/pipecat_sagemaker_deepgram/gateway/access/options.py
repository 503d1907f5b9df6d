# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Access rights and limits of a gateway. Pure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class AccessOptions:
    """Access rights and limits of a gateway.

    Attributes:
        key_file: File in which keys are stored; ``None``, or a file without keys, admits everybody.
        origins: Origins of web pages that may use it, such as ``https://app.example``; ``*`` for
            any.
        requests_per_minute: Requests and streams that one key may start per minute.
        requests_per_minute_in_all: The same for all keys together.
        streams: Concurrent streams and requests of one key, in this process.
        streams_in_all: The same for all keys together.
        storage: URL of the storage that counts requests per minute: ``memory://``, or one that
            several hosts share, such as ``redis://HOST:6379`` (extra ``redis``).
        proxy: Address or network of the reverse proxy; requests from elsewhere are refused.
    """

    key_file: Path | None = None
    origins: tuple[str, ...] = ()
    requests_per_minute: int | None = None
    requests_per_minute_in_all: int | None = 1000
    streams: int | None = None
    streams_in_all: int | None = None
    storage: str = "memory://"
    proxy: str | None = None
