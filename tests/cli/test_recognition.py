# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import io
import math
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli.display import PlainDisplay
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint
from pipecat_sagemaker_deepgram.cli.recognition import recognize_blocks
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer
from pipecat_sagemaker_deepgram.recorded import Pace, open_recording

from .recordings import words_up_to, write_recording


async def test_a_slow_container_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Audio that was fed ahead of a recogniser is heard to its end, however long it takes."""
    path = write_recording(tmp_path / "a.wav", words=130)
    recognizer = ScriptedRecognizer(ScriptedBehavior(max_speed=2.0))
    async with run_local_endpoint(endpoint_name="slow", recognizer=recognizer) as emulator:
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)
        outcome = await recognize_blocks(
            open_recording(path).blocks(sample_rate=16_000),
            ListenOptions(endpoint=RemoteEndpoint(name="slow")),
            PlainDisplay(io.StringIO()),
            pace=Pace(math.inf),
        )
    assert outcome.text.split() == words_up_to(130)
    assert outcome.is_complete
