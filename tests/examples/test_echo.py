# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The example client of an echo container, against one behind an endpoint on this machine."""

import pytest
from examples.echo import WORDS, talk

from pipecat_sagemaker_deepgram.container import EchoContainer
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator


async def test_every_word_comes_back_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with EchoContainer() as container, SageMakerEmulator(container.url) as endpoint:
        for name, value in endpoint.environment().items():
            monkeypatch.setenv(name, value)
        heard = await talk("my-echo", None, seconds_between=0)
    assert heard == WORDS
    assert capsys.readouterr().out.count("<- ") == len(WORDS)
