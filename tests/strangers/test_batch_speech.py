# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What Deepgram's suites expect of speech by ``InvokeEndpoint``, by unmodified boto3.

Each test names a scenario of those suites. The container behind the endpoint is this project's
own, with a voice of beeps: 50 ms for each letter.
"""

import io
import wave

import pytest
from botocore.exceptions import ClientError

from .boto3_client import Runtime

AURA = "v1/speak?model=aura-2-thalia-en"
FLUX = "v2/speak?model=flux-heather-en"
RAW = "encoding=linear16&container=none"
TEXT = "Hello there, my friend."
LETTERS = 18


def refusal(runtime: Runtime, attributes: str, text: str = TEXT) -> tuple[int, str]:
    with pytest.raises(ClientError) as caught:
        runtime.speak(attributes, text)
    response: dict = dict(caught.value.response)
    assert response["Error"]["Code"] == "ModelError"
    return response["OriginalStatusCode"], response["OriginalMessage"]


@pytest.mark.parametrize("path", [AURA, FLUX])
@pytest.mark.parametrize(
    ("query", "content_type", "magic"),
    [
        ("", "audio/mpeg", (b"ID3", b"\xff\xf3", b"\xff\xfb")),
        ("encoding=linear16&container=wav", "audio/wav", (b"RIFF",)),
        ("encoding=mp3", "audio/mpeg", (b"ID3", b"\xff\xf3", b"\xff\xfb")),
        ("encoding=flac", "audio/flac", (b"fLaC",)),
        ("encoding=opus", "audio/ogg;codecs=opus", (b"OggS",)),
        ("encoding=aac", "audio/aac", (b"\xff\xf1", b"\xff\xf9")),
    ],
)
def test_the_audio_has_the_magic_bytes_of_its_type(
    runtime: Runtime, path: str, query: str, content_type: str, magic: tuple[bytes, ...]
):
    answer = runtime.speak(f"{path}&{query}".rstrip("&"), TEXT)
    assert answer.content_type == content_type
    assert answer.body.startswith(magic)


@pytest.mark.parametrize("rate", [16000, 48000])
def test_a_wav_has_the_rate_that_was_asked_for(runtime: Runtime, rate: int):
    answer = runtime.speak(f"{AURA}&encoding=linear16&container=wav&sample_rate={rate}", TEXT)
    with wave.open(io.BytesIO(answer.body)) as file:
        assert file.getframerate() == rate
        assert file.getnframes() / rate == pytest.approx(LETTERS * 0.05, abs=0.005)


@pytest.mark.parametrize(
    ("query", "content_type", "bytes_per_second"),
    [
        (RAW, "audio/l16;rate=24000", 48000),
        ("encoding=mulaw&container=none", "audio/mulaw;rate=8000", 8000),
    ],
)
def test_raw_audio_names_its_rate(
    runtime: Runtime, query: str, content_type: str, bytes_per_second: int
):
    answer = runtime.speak(f"{AURA}&{query}", TEXT)
    assert answer.content_type == content_type
    assert len(answer.body) / bytes_per_second == pytest.approx(LETTERS * 0.05, abs=0.005)


def test_bit_rate_changes_the_size(runtime: Runtime):
    small, large = (
        len(runtime.speak(f"{AURA}&encoding=mp3&bit_rate={rate}", TEXT * 10).body)
        for rate in (32000, 48000)
    )
    assert small < large


def test_speed_of_0_7_lasts_longer_than_1_0_and_that_longer_than_1_5(runtime: Runtime):
    slow, usual, fast = (
        len(runtime.speak(f"{AURA}&{RAW}&speed={speed}", TEXT).body) for speed in (0.7, 1.0, 1.5)
    )
    assert slow > usual > fast


def test_ipa_is_tolerated_and_the_word_spoken(runtime: Runtime):
    text = 'Take \\{"word": "dupilumab", "pronounce": "du.pil.ju.mæb"} now'
    marked = runtime.speak(f"{AURA}&{RAW}", text)
    assert marked.body == runtime.speak(f"{AURA}&{RAW}", "Take dupilumab now").body


def test_more_than_2000_characters_are_refused(runtime: Runtime):
    status, message = refusal(runtime, AURA, "x" * 2001)
    assert status == 413
    assert "2000" in message


@pytest.mark.parametrize("query", ["tag=a&tag=b", "mip_opt_out=true"])
def test_tag_is_taken(runtime: Runtime, query: str):
    assert runtime.speak(f"{AURA}&{query}", TEXT).body


@pytest.mark.parametrize("voice", ["aura-asteria-en", "aura-2-andromeda-en", "aura-2-zeus-en"])
def test_voices_are_taken(runtime: Runtime, voice: str):
    assert runtime.speak(f"v1/speak?model={voice}", TEXT).body


def test_flux_speed_of_1_3_is_refused(runtime: Runtime):
    status, message = refusal(runtime, f"{FLUX}&speed=1.3")
    assert status == 400
    assert "'speed' must be between 0.85 and 1.15." in message


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ("v2/speak?model=aura-2-thalia-en", 400),
        ("v2/speak", 400),
        ("v1/speak?model=flux-heather-en", 400),
        (f"{FLUX}&bogus=true", 400),
        (f"{AURA}&encoding=wma", 400),
    ],
)
def test_a_model_of_the_other_path_is_refused(runtime: Runtime, attributes: str, status: int):
    """An Aura model by v2/speak, and what else cannot be had."""
    assert refusal(runtime, attributes)[0] == status


def test_a_body_that_is_not_json_is_refused(runtime: Runtime):
    with pytest.raises(ClientError) as caught:
        runtime.invoke(AURA, b"text", "text/plain")
    assert caught.value.response.get("OriginalStatusCode") == 415
