# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One line for each request that was served, with its facts as fields; never what was said."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web
from loguru import logger

from pipecat_sagemaker_deepgram.gateway.access.door import Caller
from pipecat_sagemaker_deepgram.web.front import request_id


@contextmanager
def logged(request: web.BaseRequest, caller: Caller) -> Iterator[None]:
    """Log a request when it is done.

    Args:
        request: The request.
        caller: Who has sent it.
    """
    began = time.monotonic()
    try:
        yield
    finally:
        seconds = time.monotonic() - began
        fields = {
            "request_id": request_id(request),
            "key_id": caller.key_id,
            "method": request.method,
            "path": request.path,
            "model": request.query.get("model", ""),
            "seconds": round(seconds, 3),
        }
        logger.bind(**fields).info(
            "{}: {} {} of key {} is done after {:.3f} s",
            fields["request_id"],
            request.method,
            request.path,
            caller.key_id,
            seconds,
        )
