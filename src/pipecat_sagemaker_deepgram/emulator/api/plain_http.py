# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""What is answered over HTTP/1.1: the control plane's calls, and the emulator's own control. Pure.

Streams need HTTP/2; a request for one gets 426 here.
"""

import hashlib
from datetime import datetime
from email.utils import format_datetime

from pipecat_sagemaker_deepgram.emulator.api.control import PREFIX, reply_to
from pipecat_sagemaker_deepgram.emulator.api.control_plane_calls import answer_call
from pipecat_sagemaker_deepgram.emulator.endpoint import Endpoint
from pipecat_sagemaker_deepgram.emulator.http.http1 import Http1Answer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest
from pipecat_sagemaker_deepgram.emulator.stream.request import is_invocation


def answer_plain(
    request: SignedRequest, body: bytes, endpoint: Endpoint, now: datetime
) -> Http1Answer:
    """Answers a request that came over HTTP/1.1.

    Args:
        request: What came in.
        body: The whole body.
        endpoint: What exists.
        now: The time of day on the service's clock, aware; also the `Date` of the answer.
    """
    path = request.path.partition("?")[0]
    if path.startswith(PREFIX):
        status, content_type, text = reply_to(request.method, path, body, endpoint)
    elif is_invocation(request):
        status, content_type, text = 426, "text/plain", "streams need HTTP/2\n"
    else:
        status, content_type, text = answer_call(request, body, endpoint, now)
    headers = [
        ("content-type", content_type),
        ("date", format_datetime(now, usegmt=True)),
        ("x-amzn-requestid", _request_id(request, now)),
    ]
    return Http1Answer(status, headers, text.encode())


def _request_id(request: SignedRequest, now: datetime) -> str:
    known = f"{request.value('authorization')} {now.timestamp()}"
    digest = hashlib.sha256(known.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
