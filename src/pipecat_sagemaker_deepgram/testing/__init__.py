# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A pytest plugin: a local SageMaker endpoint with Deepgram, for your own tests.

Needs the extra ``testing``. In the ``conftest.py`` at the root of the tests::

    pytest_plugins = "pipecat_sagemaker_deepgram.testing"

=============================== ====================================================================
fixture                         what it provides
=============================== ====================================================================
``sagemaker_endpoint``          a ``LocalEndpoint`` with a scripted recogniser and no model
``sagemaker_environment``       the same, with the environment variables that direct clients to it
=============================== ====================================================================

The mark ``real_recognizer`` puts a real speech recogniser behind a test's endpoint, and the mark
``sagemaker_endpoint(...)`` configures it: see ``EndpointOptions``. ``run_stt`` runs a service, or a
whole bot, in a pipeline and returns what it has heard.

``docs/testing.md`` has examples. PYTEST_DONT_REWRITE: this package contains no test's assertions.
"""

from pipecat_sagemaker_deepgram.recordings import SoundFile, short_sayings, two_cities
from pipecat_sagemaker_deepgram.testing.endpoint import (
    EndpointOptions,
    LocalEndpoint,
    ServiceOptions,
    local_endpoint,
)
from pipecat_sagemaker_deepgram.testing.fixtures import (
    pytest_configure,
    real_container_url,
    sagemaker_endpoint,
    sagemaker_environment,
)
from pipecat_sagemaker_deepgram.testing.pipeline import HasAudio, Heard, run_stt, words_of
from pipecat_sagemaker_deepgram.testing.speech import Speech, recorded_speech, scripted_speech

__all__ = [
    "EndpointOptions",
    "HasAudio",
    "Heard",
    "LocalEndpoint",
    "ServiceOptions",
    "SoundFile",
    "Speech",
    "local_endpoint",
    "pytest_configure",
    "real_container_url",
    "recorded_speech",
    "run_stt",
    "sagemaker_endpoint",
    "sagemaker_environment",
    "scripted_speech",
    "short_sayings",
    "two_cities",
    "words_of",
]
