# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import io
import math
from pathlib import Path

import pytest

from pipecat_sagemaker_deepgram.cli.arguments import RemoteEndpoint, TranscribeOptions
from pipecat_sagemaker_deepgram.cli.audio_file import open_audio
from pipecat_sagemaker_deepgram.cli.display import PlainDisplay
from pipecat_sagemaker_deepgram.cli.local_endpoint import run_local_endpoint
from pipecat_sagemaker_deepgram.cli.recognition import recognize
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedRecognizer

from .recordings import words_up_to, write_recording


async def test_a_slow_container_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Audio that was fed ahead of a recogniser is heard to its end, however long it takes."""
    path = write_recording(tmp_path / "a.wav", words=130)
    recognizer = ScriptedRecognizer(ScriptedBehavior(max_speed=2.0))
    async with run_local_endpoint(endpoint_name="slow", recognizer=recognizer) as emulator:
        for name, value in emulator.environment().items():
            monkeypatch.setenv(name, value)
        options = TranscribeOptions(file=path, endpoint=RemoteEndpoint(name="slow"), speed=math.inf)
        outcome = await recognize(open_audio(path), options, PlainDisplay(io.StringIO()))
    assert outcome.text.split() == words_up_to(130)
    assert outcome.is_complete
