# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The same recording and the same faults for both services, at the same time."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import environments
from benchmarks.access import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Access
from benchmarks.demo.losses import FAULTS
from benchmarks.losses.cases import Speech
from benchmarks.processes import FailedProcessError, run_client
from pipecat_sagemaker_deepgram.cli.audio_format import SAMPLE_RATE
from pipecat_sagemaker_deepgram.cli.display import open_display
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint
from pipecat_sagemaker_deepgram.cli.outcome import words_of
from pipecat_sagemaker_deepgram.cli.recognition import recognize_blocks
from pipecat_sagemaker_deepgram.cli.run_recorder import RunRecorder
from pipecat_sagemaker_deepgram.emulator import EmulatorCredentials
from pipecat_sagemaker_deepgram.recorded import Pace, Transcript, open_recording

PEER_TIMEOUT = 120.0
MODEL = "nova-3"


async def hear_ours(recording: Path) -> Transcript:
    """Read a recording through this project's service.

    Args:
        recording: The recording.

    Returns:
        The run.
    """
    audio = open_recording(recording)
    recorder = RunRecorder(recording.name, model=MODEL, language="en", began=time.monotonic())
    await recognize_blocks(
        audio.blocks(sample_rate=SAMPLE_RATE),
        ListenOptions(model=MODEL, faults=FAULTS),
        open_display(total_seconds=audio.seconds),
        pace=Pace(1.0),
        recorder=recorder,
    )
    return recorder.finish(time.monotonic())


async def hear_peer(
    raw: Path, note: Callable[[str], None] = lambda sentence: None
) -> list[str] | None:
    """Read a recording through Pipecat's own service.

    Args:
        raw: The recording, as mono linear16 at 16 kHz.
        note: Called with the reason if nothing was heard.

    Returns:
        The words that were heard; ``None`` if the service did not end.
    """
    credentials = EmulatorCredentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    speech = Speech(
        module="benchmarks.makers.builtin", model="nova", audio=str(raw), hangs_up=False
    )
    async with run_local_endpoint(
        endpoint_name="bench", faults=read_faults(FAULTS), credentials=credentials
    ) as endpoint:
        access = Access(endpoint.endpoint_url, str(endpoint.ca_bundle))
        try:
            told = await asyncio.to_thread(
                run_client,
                "benchmarks.losses.speaking",
                speech,
                access,
                python=environments.PIPECAT.python,
                timeout=PEER_TIMEOUT,
            )
        except FailedProcessError as error:
            note(str(error))
            return None
    return words_of(told["words"])
