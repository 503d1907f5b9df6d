# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.speak.protocol import SPEECH_KIND, speak_protocol

PROTOCOL = speak_protocol("v1/speak", lambda: "model=aura-2-thalia-en")


@pytest.mark.parametrize(
    "data", [b'{"type":"Error"}', '{"type":"Flushed"}', 'not JSON, an "Error"', '{"a":"Error"}']
)
def test_most_messages_mean_nothing_for_the_session(data: str | bytes) -> None:
    assert not PROTOCOL.new_reader()(data).failure


def test_an_error_is_a_failure_of_the_stream() -> None:
    reading = PROTOCOL.new_reader()('{"type":"Error","code":"NET-0000","description":"d"}')
    assert reading.failure == "Deepgram reports NET-0000"
    assert reading.details == "d"


def test_only_the_first_stream_is_sent_what_was_to_be_sent_before_it_came_up() -> None:
    protocol = speak_protocol("v2/speak", lambda: "")
    streams = [
        NewStream(number=number, target=Target(endpoint_name="e"), is_fresh=True)
        for number in (1, 2)
    ]
    greetings = [protocol.greeting(stream) for stream in streams]
    assert greetings == [Greeting(), Greeting(forgets=(SPEECH_KIND,))]
