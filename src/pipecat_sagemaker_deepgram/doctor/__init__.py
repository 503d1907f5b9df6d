# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Finding out why an endpoint does not transcribe.

``gathering`` and the modules it uses make calls, open streams and return facts; ``diagnosis`` and
the modules it uses are pure and turn facts into findings. May import ``transport``, ``deepgram``,
botocore and ``deploy.images``; never Pipecat, a service or a session.
"""

from pipecat_sagemaker_deepgram.doctor.account_facts import (
    ClockReading,
    Container,
    EndpointFacts,
    Identity,
    Keys,
    Place,
    Region,
    Simulation,
    Variant,
)
from pipecat_sagemaker_deepgram.doctor.candidates import Candidate
from pipecat_sagemaker_deepgram.doctor.diagnosis import diagnose
from pipecat_sagemaker_deepgram.doctor.facts import (
    Attempt,
    Facts,
    HeardSpeech,
    Names,
    Opened,
    Said,
    Secured,
    Support,
    TcpConnected,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    Skipped,
)
from pipecat_sagemaker_deepgram.doctor.findings import Check, Finding, Problem, Status
from pipecat_sagemaker_deepgram.doctor.gathering import gather
from pipecat_sagemaker_deepgram.doctor.limits import Limits
from pipecat_sagemaker_deepgram.doctor.wanted import Wanted

__all__ = [
    "Attempt",
    "Candidate",
    "Check",
    "CheckFailure",
    "ClockReading",
    "Container",
    "EndpointFacts",
    "Facts",
    "Failure",
    "Finding",
    "HeardSpeech",
    "Identity",
    "Keys",
    "Limits",
    "Names",
    "Opened",
    "Place",
    "Problem",
    "Region",
    "Said",
    "Secured",
    "Simulation",
    "Skipped",
    "Status",
    "Support",
    "TcpConnected",
    "Variant",
    "Wanted",
    "diagnose",
    "gather",
]
