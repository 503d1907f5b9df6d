# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribers of the emulated endpoint."""

from typing import Any

from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator
from pipecat_sagemaker_deepgram.recorded import RecordingTranscriber
from tests.local_path import credentials_of

NAME = "deepgram"


def transcriber_of(emulator: SageMakerEmulator, **more: Any) -> RecordingTranscriber:
    """A transcriber of an emulated endpoint."""
    return RecordingTranscriber(
        NAME,
        emulator.region,
        endpoint_url=emulator.endpoint_url,
        ca_bundle=emulator.ca_bundle,
        credentials=credentials_of(emulator),
        **more,
    )
