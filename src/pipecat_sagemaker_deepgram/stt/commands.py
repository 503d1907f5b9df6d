# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Passes a conversation's commands to the client."""

from pipecat_sagemaker_deepgram.client import SageMakerBidiClient
from pipecat_sagemaker_deepgram.deepgram.steps import (
    Acknowledge,
    ChangeStream,
    NoteSpeech,
    SendSilence,
    SendText,
)


async def give_command(client: SageMakerBidiClient, step: object) -> bool:
    """Give the client a step of a conversation if it is a command; never waits.

    A text is not sent if it would reach no stream, because recovery has failed or the session is
    closing.

    Args:
        client: The client that carries out the command.
        step: Any step of a conversation.

    Returns:
        Whether the step is a command.
    """
    match step:
        case SendText(text=text, kind=kind):
            if client.takes_audio:
                await client.send_text(text, kind=kind)
        case SendSilence(seconds=seconds):
            client.send_silence(seconds)
        case ChangeStream(reason=reason, within=within):
            client.change_stream(reason, within=within)
        case Acknowledge(seconds=seconds):
            client.acknowledge(seconds)
        case NoteSpeech(is_speaking=is_speaking):
            client.note_speech(is_speaking)
        case _:
            return False
    return True
