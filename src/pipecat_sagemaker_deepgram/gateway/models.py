# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The names of Deepgram's models and voices (Deepgram docs, "Model", "Voices"). Pure."""

import re

from pipecat_sagemaker_deepgram.deepgram.speak.protocol import AURA_PATH, FLUX_TTS_PATH
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import INVOCATION_PATH as NOVA_PATH
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import INVOCATION_PATH as FLUX_PATH

_KINDS = "general|phonecall|meeting|finance|conversationalai|voicemail|video"
_CUSTOM = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

_NAMES = {
    NOVA_PATH: re.compile(
        rf"(nova(-[23])?|enhanced|base)(-({_KINDS}|medical|pharma|drivethru|automotive))?"
        rf"|{_KINDS}|custom|{_CUSTOM}"
    ),
    FLUX_PATH: re.compile(rf"flux-general-(en|multi)|{_CUSTOM}"),
    AURA_PATH: re.compile(rf"aura(-2)?-[a-z]+-[a-z]{{2}}|{_CUSTOM}"),
    FLUX_TTS_PATH: re.compile(rf"flux-(?!general-)[a-z]+-[a-z]{{2}}|{_CUSTOM}"),
}


def is_deepgram_model(model: str, path: str) -> bool:
    """Whether Deepgram has a model of this name on a path.

    Args:
        model: Name of a model or voice, or id of a custom model.
        path: Path on the container, such as ``v1/listen``.
    """
    return _NAMES[path].fullmatch(model) is not None
