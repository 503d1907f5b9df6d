# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings, by the route of Deepgram's API and by that of an invocation."""

import json

import numpy as np
import pytest
from deepgram.types.listen_v1response import ListenV1Response

from pipecat_sagemaker_deepgram.container import (
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from tests.audio.files import encoded, m4a

from ..conversation import Answer, submit, wav

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


async def listen(body, query: str = "", **options) -> Answer:
    behavior = ScriptedBehavior(final_interval=0.75, final_lag=0.3)
    async with ModelContainer(ScriptedRecognizer(behavior)) as container:
        await container.wait_until_ready()
        return await submit(container.url, f"/v1/listen{query}", body, **options)


def transcripts(answer: Answer) -> list[str]:
    channels = answer.json["results"]["channels"]
    return [channel["alternatives"][0]["transcript"] for channel in channels]


async def test_a_wav_needs_no_parameters():
    answer = await listen(wav(marked_audio(0, 40)))
    assert answer.status == 200
    assert transcripts(answer) == [" ".join(f"w{i}" for i in range(40))]
    metadata = answer.json["metadata"]
    assert metadata["request_id"] == answer.headers["dg-request-id"]
    assert (metadata["duration"], metadata["channels"]) == (4.0, 1)
    assert len(metadata["sha256"]) == 64
    assert set(metadata["model_info"]) == set(metadata["models"])


async def test_raw_audio_needs_its_format():
    raw = "?encoding=linear16&sample_rate=16000"
    assert transcripts(await listen(marked_audio(0, 3), raw)) == ["w0 w1 w2"]
    assert (await listen(marked_audio(0, 3))).status == 400


async def test_deepgrams_own_types_read_the_answer():
    asked = "?punctuate=true&paragraphs=true&utterances=true&utt_split=0.1&search=w1&tag=a"
    answer = await listen(wav(marked_audio(0, 3)), asked)
    response = ListenV1Response.model_validate(answer.json)
    assert response.results.utterances is not None
    assert response.results.utterances[0].transcript == "w0 w1 w2"
    (alternative,) = response.results.channels[0].alternatives or []
    assert alternative.paragraphs is not None
    assert (response.results.channels[0].search or [])[0].query == "w1"


async def test_channels_are_kept_apart():
    pair = np.stack(
        [np.frombuffer(marked_audio(first, 4), "<i2") for first in (0, 50)], axis=1
    ).tobytes()
    answer = await listen(wav(pair, channels=2), "?multichannel=true&utterances=true")
    assert transcripts(answer) == ["w0 w1 w2 w3", "w50 w51 w52 w53"]
    assert answer.json["metadata"]["channels"] == 2
    assert [u["channel"] for u in answer.json["results"]["utterances"]] == [0, 1]


@pytest.mark.parametrize("kind", ["flac", "ogg", "webm", "mp3", "aac"])
async def test_files_of_other_kinds_are_taken(kind):
    answer = await listen(encoded(kind))
    assert answer.json["metadata"]["duration"] == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("index_first", [True, False])
async def test_an_mp4_is_taken_wherever_its_index_is(index_first):
    answer = await listen(m4a(index_first=index_first))
    assert answer.json["metadata"]["duration"] == pytest.approx(4.0, abs=0.1)


async def test_silence_is_an_answer_without_words():
    answer = await listen(wav(bytes(32000)), "?paragraphs=true&utterances=true")
    (alternative,) = answer.json["results"]["channels"][0]["alternatives"]
    assert (alternative["transcript"], alternative["words"]) == ("", [])
    assert answer.json["results"]["utterances"] == []


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (b"", "audio/wav", "the body is empty"),
        (b"", "application/json", "the body is empty"),
        (b"no audio at all, only text", "audio/wav", "corrupt or unsupported data"),
        (b'{"url":"https://example.com/a.wav"}', "audio/wav", "corrupt or unsupported data"),
        (b'{"url":"https://example.com/a.wav"}', "application/json", "no network access"),
        (wav(b"")[:30], "audio/wav", "ends within its header"),
        (m4a(index_first=False)[:900], "audio/mp4", "corrupt or unsupported data"),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused(body, content_type, said):
    answer = await listen(body, headers={"Content-Type": content_type})
    assert (answer.status, answer.json["err_code"]) == (400, "Bad Request")
    assert said in answer.json["err_msg"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{}", b'{"url":1}', b"\xff"])
async def test_malformed_json_is_refused_in_deepgrams_newer_form(body):
    answer = await listen(body, headers={"Content-Type": "application/json; charset=utf-8"})
    assert (answer.status, answer.json["category"]) == (400, "INVALID_JSON")
    assert set(answer.json) == {"category", "message", "details", "request_id"}


@pytest.mark.parametrize("value", ["true", "false"])
async def test_an_unknown_parameter_is_refused_whatever_its_value(value):
    answer = await listen(wav(marked_audio(0, 1)), f"?bogus={value}")
    assert (answer.status, answer.json["err_code"]) == (400, "unsupported_parameter")
    assert "bogus" in answer.json["err_msg"]


class EnglishOnly(ScriptedRecognizer):
    """Understands English."""

    def supports_language(self, language: str) -> bool:
        return language == "en"


@pytest.mark.parametrize(("language", "status"), [("en", 200), ("de", 400)])
async def test_a_language_that_is_not_understood_is_refused(language, status):
    async with ModelContainer(EnglishOnly()) as container:
        await container.wait_until_ready()
        path = f"/v1/listen?model=nova-3&language={language}"
        answer = await submit(container.url, path, wav(marked_audio(0, 1)))
        assert answer.status == status


@pytest.mark.parametrize("attributes", ["v1/listen?model=nova-3", "/v1/listen?model=nova-3"])
async def test_an_invocation_goes_where_its_custom_attributes_say(attributes):
    async with ModelContainer(ScriptedRecognizer()) as container:
        await container.wait_until_ready()
        headers = {ATTRIBUTES: attributes, "Content-Type": "audio/wav"}
        answer = await submit(
            container.url, "/invocations", wav(marked_audio(0, 3)), headers=headers
        )
        assert transcripts(answer) == ["w0 w1 w2"]


async def test_an_invocation_of_an_unknown_path_is_not_found():
    async with ModelContainer(ScriptedRecognizer()) as container:
        await container.wait_until_ready()
        for attributes in ("v9/listen", "v2/listen?model=flux-general-en", "?model=nova-3"):
            headers = {ATTRIBUTES: attributes}
            answer = await submit(container.url, "/invocations", b"x", headers=headers)
            assert answer.status == 404, attributes


async def test_percent_encoded_values_of_an_invocation_are_read():
    async with ModelContainer(ScriptedRecognizer()) as container:
        await container.wait_until_ready()
        headers = {ATTRIBUTES: "v1/listen?replace=w1%20w2%3AZug%20%26%20Tal&search=w0%20Zug"}
        answer = await submit(
            container.url, "/invocations", wav(marked_audio(0, 4)), headers=headers
        )
        assert transcripts(answer) == ["w0 Zug & Tal w3"]
        assert json.loads(answer.body)["results"]["channels"][0]["search"][0]["query"] == "w0 Zug"
