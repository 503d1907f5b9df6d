# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The text of an error for the user: which stream, which endpoint, and which log to read. Pure."""

from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.client.classify import FailureKind, classify
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError

LOG_GROUP = "/aws/sagemaker/Endpoints/{}"
"""CloudWatch log group of an endpoint's containers (AWS Developer Guide, "CloudWatch Logs for
Amazon SageMaker AI")."""

_CATEGORIES = {
    FailureKind.THROTTLED: ErrorCategory.RATE_LIMIT,
    FailureKind.UNAVAILABLE_MODEL: ErrorCategory.SERVER,
    FailureKind.SERVER: ErrorCategory.SERVER,
    FailureKind.MODEL_STREAM: ErrorCategory.SERVER,
    FailureKind.CONNECTIVITY: ErrorCategory.CONNECTIVITY,
    FailureKind.TIMEOUT: ErrorCategory.CONNECTIVITY,
    FailureKind.CERTIFICATE: ErrorCategory.CONNECTIVITY,
    FailureKind.CREDENTIALS: ErrorCategory.AUTHENTICATION,
    FailureKind.REJECTED: ErrorCategory.INVALID_REQUEST,
}


def error_category(error: Exception) -> ErrorCategory | None:
    """Pipecat's category of an error of this package."""
    return _CATEGORIES.get(classify(error).kind)


class ErrorTexts:
    """Writes an error's text; remembers for it which stream failed last."""

    def __init__(self) -> None:
        self._targets: dict[int, Target] = {}
        self._failed: tuple[int, Target] | None = None

    def take(self, event: events.Record) -> None:
        """Note what a record says about streams and failures."""
        match event:
            case events.Connecting(stream=stream, target=target):
                self._targets[stream] = target
            case events.AttemptFailed(stream=stream) | events.Lost(stream=stream):
                self._note_failure(stream)
            case events.ChangeRefused():
                self._note_failure(max(self._targets, default=0))
            case events.StreamChanged(stream=stream):
                self._targets = {n: each for n, each in self._targets.items() if n >= stream}
            case _:
                pass

    def _note_failure(self, stream: int) -> None:
        target = self._targets.pop(stream, None)
        self._failed = None if target is None else (stream, target)

    def text_of(self, error: SageMakerDeepgramError) -> str:
        """Return the text for the error of the last event.

        The text names the stream, the endpoint, the request id and the production variant if they
        are known. It also names the log group of the endpoint's containers, unless the endpoint
        runs on this machine.
        """
        if self._failed is None:
            return str(error)
        stream, target = self._failed
        where = f" to {target.endpoint_name} in {target.region}" if not error.identity else ""
        text = f"Stream {stream}{where}: {error}"
        if error.identity and error.identity.is_local:
            return text
        log_group = LOG_GROUP.format(target.endpoint_name)
        return text if log_group in text else f"{text.rstrip()} Container log: {log_group}."
