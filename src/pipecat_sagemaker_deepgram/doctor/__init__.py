# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What stands between this machine and a transcript.

``gathering`` and what it uses make calls and open streams, and tell facts; ``diagnosis`` and what
it uses are pure and make findings of facts. May import ``transport``, ``deepgram``, botocore, and
of ``deploy`` what an image is called; never Pipecat, a service or a session.
"""

from pipecat_sagemaker_deepgram.doctor.diagnosis import diagnose
from pipecat_sagemaker_deepgram.doctor.facts import Facts
from pipecat_sagemaker_deepgram.doctor.failures import (
    Failure,
    FailureKind,
)
from pipecat_sagemaker_deepgram.doctor.findings import Check, Finding, Problem, Status
from pipecat_sagemaker_deepgram.doctor.gathering import gather
from pipecat_sagemaker_deepgram.doctor.limits import Limits
from pipecat_sagemaker_deepgram.doctor.wanted import Wanted

__all__ = [
    "Check",
    "Facts",
    "Failure",
    "FailureKind",
    "Finding",
    "Limits",
    "Problem",
    "Status",
    "Wanted",
    "diagnose",
    "gather",
]
