# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A keyword that nobody takes is refused; Pipecat's own pass."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram import ConfigurationError, DeepgramSageMakerSTTService
from pipecat_sagemaker_deepgram.stt.arguments import refuse_unknown_arguments


def _service(**options: Any) -> DeepgramSageMakerSTTService:
    return DeepgramSageMakerSTTService(endpoint_name="deepgram", region="us-east-1", **options)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("close_timout", "close_timeout"),
        ("endpointurl", "endpoint_url"),
        ("samplerate", "sample_rate"),
        ("audio_pass_through", "audio_passthrough"),
        ("multi_channel", "multichannel"),
    ],
)
def test_a_typo_is_refused_with_what_was_meant(given: str, meant: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"takes no {given}\. Did you mean {meant}\?"):
        _service(**{given: 1})


def test_what_is_near_nothing_is_refused_without_a_guess() -> None:
    with pytest.raises(ConfigurationError, match=r"takes no xyzzy\. See"):
        _service(xyzzy=1)


@pytest.mark.parametrize(
    "options",
    [
        {"name": "ears"},
        {"audio_passthrough": False},
        {"stt_ttfb_timeout": 3.0},
        {"keepalive_timeout": 5.0, "keepalive_interval": 2.0},
        {"enable_direct_mode": False},
        {"task_manager": None},
    ],
    ids=str,
)
def test_what_pipecats_bases_take_passes(options: dict[str, Any]) -> None:
    _service(**options)


def test_a_subclass_has_its_own_keywords() -> None:
    class Derived(DeepgramSageMakerSTTService):
        def __init__(self, *, own: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)

    refuse_unknown_arguments(Derived, ["own", "close_timeout", "name"])
    with pytest.raises(ConfigurationError, match="Derived takes no owm"):
        refuse_unknown_arguments(Derived, ["owm"])
