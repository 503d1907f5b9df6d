# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Speech in the answer to a POST."""

import io
import json
import wave

import av
import pytest

from ..conversation import Answer, submit
from .voices import speaking_container

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
JSON = {"Content-Type": "application/json"}
FLUX = "/v2/speak?model=flux-heather-en"


async def post(path: str, body: object, headers: dict | None = None) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with speaking_container() as container:
        return await submit(container.url, path, data, headers=JSON if headers is None else headers)


def seconds(audio: bytes) -> float:
    with av.open(io.BytesIO(audio), "r") as file:
        return sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))


@pytest.mark.parametrize(
    ("query", "content_type", "magic"),
    [
        ("", "audio/mpeg", (b"ID3", b"\xff\xf3", b"\xff\xfb")),
        ("?encoding=mp3&bit_rate=32000", "audio/mpeg", (b"ID3", b"\xff\xf3", b"\xff\xfb")),
        ("?encoding=linear16", "audio/wav", (b"RIFF",)),
        ("?encoding=linear16&container=wav&sample_rate=16000", "audio/wav", (b"RIFF",)),
        ("?encoding=mulaw", "audio/wav", (b"RIFF",)),
        ("?encoding=opus", "audio/ogg;codecs=opus", (b"OggS",)),
        ("?encoding=flac&sample_rate=16000", "audio/flac", (b"fLaC",)),
        ("?encoding=aac", "audio/aac", (b"\xff\xf1", b"\xff\xf9")),
    ],
)
async def test_speech_comes_as_the_file_that_was_asked_for(query, content_type, magic):
    answer = await post(f"/v1/speak{query}", {"text": "Hello there, my friend."})
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)
    assert answer.body.startswith(magic)
    assert seconds(answer.body) == pytest.approx(18 * 0.05, abs=0.15)
    assert answer.headers["dg-model-name"] == "beeps"
    assert answer.headers["dg-char-count"] == "23"


@pytest.mark.parametrize("rate", [16000, 48000])
async def test_a_wav_has_the_rate_that_was_asked_for(rate):
    query = f"?encoding=linear16&container=wav&sample_rate={rate}"
    answer = await post(f"/v1/speak{query}", {"text": "abcdefghij"})
    with wave.open(io.BytesIO(answer.body)) as file:
        assert (file.getframerate(), file.getnframes()) == (rate, rate // 2)


@pytest.mark.parametrize(
    ("query", "content_type", "size"),
    [
        ("encoding=linear16&container=none", "audio/l16;rate=24000", 24000),
        ("encoding=mulaw&container=none", "audio/mulaw;rate=8000", 4000),
    ],
)
async def test_raw_speech_has_no_header(query, content_type, size):
    answer = await post(f"/v1/speak?{query}", {"text": "abcdefghij"})
    assert (answer.headers["Content-Type"], len(answer.body)) == (content_type, size)


async def test_speed_changes_the_duration():
    lengths = [
        len((await post(f"/v1/speak?encoding=linear16&speed={speed}", {"text": "abcdefghij"})).body)
        for speed in (0.7, 1.0, 1.5)
    ]
    assert lengths[0] > lengths[1] > lengths[2]


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/v1/speak", {"text": "x" * 2001}, JSON, 413),
        ("/v1/speak", b'{"text":"' + b"x" * 2**21 + b'"}', JSON, 413),
        ("/v1/speak", {"text": ""}, JSON, 400),
        ("/v1/speak", {"text": 1}, JSON, 400),
        ("/v1/speak", {}, JSON, 400),
        ("/v1/speak", b"{", JSON, 400),
        ("/v1/speak", b"", JSON, 400),
        ("/v1/speak", {"text": "a"}, {"Content-Type": "text/plain"}, 415),
        ("/v1/speak?encoding=ogg", {"text": "a"}, JSON, 400),
        ("/v1/speak?encoding=mp3&sample_rate=8000", {"text": "a"}, JSON, 400),
        ("/v1/speak?encoding=mp3&container=wav", {"text": "a"}, JSON, 400),
        ("/v1/speak?encoding=mp3&bit_rate=1", {"text": "a"}, JSON, 400),
        ("/v1/speak?model=flux-heather-en", {"text": "a"}, JSON, 400),
        ("/v1/speak?callback=https://example.com", {"text": "a"}, JSON, 400),
        ("/v2/speak?model=aura-2-thalia-en", {"text": "a"}, JSON, 400),
        ("/v2/speak", {"text": "a"}, JSON, 400),
        (f"{FLUX}&speed=1.3", {"text": "a"}, JSON, 400),
        (f"{FLUX}&bogus=1", {"text": "a"}, JSON, 400),
    ],
)
async def test_what_cannot_be_spoken_is_refused_in_deepgrams_form(path, body, headers, status):
    answer = await post(path, body, headers)
    assert answer.status == status
    assert answer.json["request_id"] == answer.headers["dg-request-id"]


async def test_flux_speaks_by_post_too():
    answer = await post(f"{FLUX}&encoding=linear16&container=wav", {"text": "abcdefghij"})
    assert answer.body.startswith(b"RIFF")
    assert answer.headers["dg-pronunciations-applied"] == "0"


async def test_an_invocation_speaks():
    async with speaking_container() as container:
        headers = JSON | {ATTRIBUTES: "v1/speak?encoding=linear16&container=wav"}
        answer = await submit(
            container.url, "/invocations", b'{"text":"abcdefghij"}', headers=headers
        )
    assert answer.body.startswith(b"RIFF")
