# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The findings of the doctor. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """The checks, in the order in which they are reported."""

    CREDENTIALS = "credentials"
    CLOCK = "clock"
    REGION = "region"
    ENDPOINT = "endpoint"
    CONTAINER = "container"
    PERMISSION = "permission"
    NAME = "name"
    PORT = "port"
    TLS = "tls"
    HANDSHAKE = "handshake"
    PATH = "path"
    MODEL = "model"
    TRANSCRIPT = "transcript"
    LATENCY = "latency"


class Status(StrEnum):
    """The status of a check."""

    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Problem(StrEnum):
    """The problems, with stable names."""

    CREDENTIALS_MISSING = "credentials-missing"
    CREDENTIALS_EXPIRED = "credentials-expired"
    CREDENTIALS_INVALID = "credentials-invalid"
    SECRET_WRONG = "secret-wrong"
    CLOCK_WRONG = "clock-wrong"
    REGION_MISSING = "region-missing"
    REGION_MISMATCH = "region-mismatch"
    ENDPOINT_NOT_FOUND = "endpoint-not-found"
    ENDPOINT_NOT_READY = "endpoint-not-ready"
    ENDPOINT_FAILED = "endpoint-failed"
    ENDPOINT_GONE = "endpoint-gone"
    NO_INSTANCES = "no-instances"
    LABEL_MISSING = "label-missing"
    NOT_ALLOWED = "not-allowed"
    NAME_NOT_RESOLVED = "name-not-resolved"
    NAME_SERVER_SILENT = "name-server-silent"
    PORT_REFUSED = "port-refused"
    PORT_BLOCKED = "port-blocked"
    PORT_UNREACHABLE = "port-unreachable"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    TLS_STALLED = "tls-stalled"
    TLS_BROKEN = "tls-broken"
    NO_HTTP2 = "no-http2"
    PROXY_REFUSED = "proxy-refused"
    NO_ANSWER = "no-answer"
    WRONG_PORT = "wrong-port"
    THROTTLED = "throttled"
    SERVICE_FAILED = "service-failed"
    REQUEST_REFUSED = "request-refused"
    CONNECTION_LOST = "connection-lost"
    MODEL_REFUSED = "model-refused"
    CONTAINER_SILENT = "container-silent"
    CONTAINER_FAILED = "container-failed"
    NOT_DEEPGRAM = "not-deepgram"
    NO_TRANSCRIPT = "no-transcript"
    TRANSCRIPT_FAILED = "transcript-failed"
    SLOW = "slow"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        check: The check.
        status: Its status.
        text: What was found.
        advice: What to do; may be empty.
        problem: The problem, if the status is ``problem``.
    """

    check: Check
    status: Status
    text: str
    advice: str = ""
    problem: Problem | None = None

    def __str__(self) -> str:
        """Text and advice, on one line."""
        sentence = self.text.rstrip(". ")
        return " ".join((f"{sentence}. {self.advice}" if self.advice else sentence).split())


def ok(check: Check, text: str, advice: str = "") -> Finding:
    """Make a finding of a check that holds."""
    return Finding(check=check, status=Status.OK, text=text, advice=advice)


def unknown(check: Check, text: str, advice: str = "") -> Finding:
    """Make a finding of a check that could not be made."""
    return Finding(check=check, status=Status.UNKNOWN, text=text, advice=advice)


def skipped(check: Check, needs: str, why: str = "") -> Finding:
    """Make a finding of a check that depends on another one."""
    text = f"needs {needs}" if needs else "the doctor's time limit was reached"
    return Finding(check=check, status=Status.SKIPPED, text=f"{text}{why and f': {why}'}")


def wrong(check: Check, problem: Problem, text: str, advice: str) -> Finding:
    """Make a finding of a problem."""
    return Finding(check=check, status=Status.PROBLEM, text=text, advice=advice, problem=problem)
