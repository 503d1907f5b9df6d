# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A model container with a real speech recogniser, speaking Deepgram's v1/listen and v2/listen.

SageMaker would run it behind an endpoint. ``server`` is the container as a whole, ``routes`` lists
what it serves, and ``v1``, ``v2`` and ``speak`` implement Deepgram's APIs.
May import: aiohttp, the packages of the extra ``local`` (models on use only), numpy, soxr. Never:
the other packages of this project, pipecat, the AWS SDK.
"""

from pipecat_sagemaker_deepgram.container.echo import EchoContainer
from pipecat_sagemaker_deepgram.container.options import ContainerOptions
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.recognizer import (
    MoonshineRecognizer,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import SegmenterRules
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.session import MoonshineOptions
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turns import MoonshineTurns
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    Hearing,
    ModelInfo,
    RecognizedWord,
    Recognizer,
    RecognizerSession,
    RecognizerUnavailableError,
    SessionConfig,
    SpeechDetected,
    TurnSession,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import marked_audio
from pipecat_sagemaker_deepgram.container.recognizers.scripted.recognizer import (
    ScriptedBehavior,
    ScriptedRecognizer,
)
from pipecat_sagemaker_deepgram.container.recognizers.scripted.turns import ScriptedTurns
from pipecat_sagemaker_deepgram.container.server import ModelContainer
from pipecat_sagemaker_deepgram.container.speak.synthesizer import HibariSynthesizer, Synthesizer
from pipecat_sagemaker_deepgram.container.v2.bundle import FluxBundle, FluxOptions

__all__ = [
    "ContainerOptions",
    "EchoContainer",
    "FluxBundle",
    "FluxOptions",
    "HeardSegment",
    "Hearing",
    "HibariSynthesizer",
    "ModelContainer",
    "ModelInfo",
    "MoonshineOptions",
    "MoonshineRecognizer",
    "MoonshineTurns",
    "RecognizedWord",
    "Recognizer",
    "RecognizerSession",
    "RecognizerUnavailableError",
    "ScriptedBehavior",
    "ScriptedRecognizer",
    "ScriptedTurns",
    "SegmenterRules",
    "SessionConfig",
    "SpeechDetected",
    "Synthesizer",
    "TurnSession",
    "marked_audio",
]
