# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From facts to findings. Pure."""

from collections.abc import Callable, Sequence

from pipecat_sagemaker_deepgram.doctor.account import (
    judge_clock,
    judge_credentials,
    judge_region,
)
from pipecat_sagemaker_deepgram.doctor.endpoint import (
    judge_container,
    judge_endpoint,
    judge_permission,
)
from pipecat_sagemaker_deepgram.doctor.facts import Facts
from pipecat_sagemaker_deepgram.doctor.findings import Check, Finding, Status
from pipecat_sagemaker_deepgram.doctor.network import judge_name, judge_port, judge_tls
from pipecat_sagemaker_deepgram.doctor.stream import (
    judge_handshake,
    judge_latency,
    judge_model,
    judge_path,
    judge_transcript,
)

_JUDGES: dict[Check, Callable[[Facts], Finding | None]] = {
    Check.CREDENTIALS: judge_credentials,
    Check.CLOCK: judge_clock,
    Check.REGION: judge_region,
    Check.ENDPOINT: judge_endpoint,
    Check.CONTAINER: judge_container,
    Check.PERMISSION: judge_permission,
    Check.NAME: judge_name,
    Check.PORT: judge_port,
    Check.TLS: judge_tls,
    Check.HANDSHAKE: judge_handshake,
    Check.PATH: judge_path,
    Check.MODEL: judge_model,
    Check.TRANSCRIPT: judge_transcript,
    Check.LATENCY: judge_latency,
}


def diagnose(facts: Facts) -> list[Finding]:
    """Evaluate the checks in order, up to the first one that lacks a fact.

    Once all facts are gathered, this is every check.

    Args:
        facts: The facts gathered so far.
    """
    findings: list[Finding] = []
    for judge in _JUDGES.values():
        if (finding := judge(facts)) is None:
            break
        findings.append(finding)
    return findings


def obstacle(facts: Facts, needed: Sequence[Check]) -> Check | None:
    """Find the first of the given checks that is known to have failed.

    Args:
        facts: The facts gathered so far.
        needed: The checks that must hold.
    """
    for check in needed:
        finding = _JUDGES[check](facts)
        if finding is not None and finding.status in (Status.PROBLEM, Status.SKIPPED):
            return check
    return None
