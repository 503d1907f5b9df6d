# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""A SageMaker endpoint on this machine: HTTP/2 over TLS in front of a container's WebSocket.

It verifies signatures, maps parts to frames, plays scripted faults, and answers
``InvokeEndpoint`` and a few calls of the control plane. It may import aiohttp, h2, h11, websockets,
trustme and the standard library; never the AWS SDK nor any sibling package, so that one mistake
cannot be made on both ends.
"""

from pipecat_sagemaker_deepgram.emulator.api.container_health import (
    ContainerNotReadyError,
    wait_until_healthy,
)
from pipecat_sagemaker_deepgram.emulator.api.control_plane import ControlPlane, EndpointVariant
from pipecat_sagemaker_deepgram.emulator.errors import AddressInUseError
from pipecat_sagemaker_deepgram.emulator.faults.actions import (
    AnswerLate,
    CorruptChecksum,
    CutEvent,
    DelayOutput,
    DropConnection,
    EndStream,
    FragmentOutput,
    GoAway,
    InjectBig,
    InjectMalformed,
    InjectText,
    InjectUnknownEvent,
    NeverAnswer,
    Refuse,
    RefuseConnection,
    ResetStream,
    RetryAfter,
    SendInternalStreamFailure,
    SendModelStreamError,
    SendUnmodelledError,
    Silence,
    StallHandshake,
    StopReading,
)
from pipecat_sagemaker_deepgram.emulator.faults.script import (
    AfterBytes,
    AfterEvents,
    AfterSeconds,
    AtConnect,
    Fault,
    FaultScript,
    OnControl,
    from_stream,
)
from pipecat_sagemaker_deepgram.emulator.faults.text import format_fault, parse_fault, parse_faults
from pipecat_sagemaker_deepgram.emulator.records import StreamRecord
from pipecat_sagemaker_deepgram.emulator.regions import runtime_host_names
from pipecat_sagemaker_deepgram.emulator.server import SageMakerEmulator
from pipecat_sagemaker_deepgram.emulator.settings import EmulatorCredentials, EmulatorSettings

__all__ = [
    "AddressInUseError",
    "AfterBytes",
    "AfterEvents",
    "AfterSeconds",
    "AnswerLate",
    "AtConnect",
    "ContainerNotReadyError",
    "ControlPlane",
    "CorruptChecksum",
    "CutEvent",
    "DelayOutput",
    "DropConnection",
    "EmulatorCredentials",
    "EmulatorSettings",
    "EndStream",
    "EndpointVariant",
    "Fault",
    "FaultScript",
    "FragmentOutput",
    "GoAway",
    "InjectBig",
    "InjectMalformed",
    "InjectText",
    "InjectUnknownEvent",
    "NeverAnswer",
    "OnControl",
    "Refuse",
    "RefuseConnection",
    "ResetStream",
    "RetryAfter",
    "SageMakerEmulator",
    "SendInternalStreamFailure",
    "SendModelStreamError",
    "SendUnmodelledError",
    "Silence",
    "StallHandshake",
    "StopReading",
    "StreamRecord",
    "format_fault",
    "from_stream",
    "parse_fault",
    "parse_faults",
    "runtime_host_names",
    "wait_until_healthy",
]
