# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio, an endpoint and a display brought together."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.cli.arguments import TranscribeOptions
from pipecat_sagemaker_deepgram.cli.audio_file import AudioFile
from pipecat_sagemaker_deepgram.cli.display import Display
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.listen_arguments import MULTILINGUAL_FLUX, ListenOptions
from pipecat_sagemaker_deepgram.cli.outcome import Outcome
from pipecat_sagemaker_deepgram.cli.pacing import Pace
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.client import ClientConfig, ConnectionOptions
from pipecat_sagemaker_deepgram.stt import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.transport import Credentials, StaticCredentialsResolver

type Options = TranscribeOptions | ListenOptions

_LOCAL_NAME = "local"
_CLOSE_TIMEOUT = 60.0
"""Seconds for the last words: audio that was fed ahead is still to be listened to."""

_NOVA_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT)
_FLUX_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT, min_chunk_seconds=0.08)


@dataclass(frozen=True, kw_only=True)
class _Place:
    name: str
    region: str | None
    options: ConnectionOptions


async def recognize(audio: AudioFile, options: TranscribeOptions, display: Display) -> Outcome:
    """Transcribe a recording.

    The first Ctrl-C ends the recording where it is, the second cancels the calling task.

    Args:
        audio: The recording.
        options: Where and how.
        display: Shows what happens.

    Returns:
        What came of it.

    Raises:
        SageMakerDeepgramError: It cannot be done.
        BrokenPipeError: Nobody reads the display's output any more.
        ImportError: The extra ``local`` is needed and not installed.
    """
    return await recognize_blocks(audio.blocks(), options, display, pace=Pace(options.speed))


async def recognize_blocks(
    blocks: Iterable[bytes] | AsyncIterable[bytes],
    options: Options,
    display: Display,
    *,
    pace: Pace,
) -> Outcome:
    """Transcribe audio, as ``recognize`` does.

    Args:
        blocks: Mono linear16 at 16 kHz, in pieces of any size; a recording, or what comes live.
        options: Where and how.
        display: Shows what happens.
        pace: How fast the audio is fed.

    Returns:
        What came of it.

    Raises:
        SageMakerDeepgramError: It cannot be done.
        BrokenPipeError: Nobody reads the display's output any more.
        ImportError: The extra ``local`` is needed and not installed.
    """
    async with _open_place(options) as place:
        transcription = Transcription(_service(place, options), blocks, pace=pace)
        outcome = Outcome()
        with Interrupts(transcription.stop) as interrupts, display:
            async with transcription:
                async for event in transcription:
                    outcome.add(event)
                    display.show(event)
            outcome.is_interrupted = interrupts.received
        return outcome


@asynccontextmanager
async def _open_place(options: Options) -> AsyncIterator[_Place]:
    if options.endpoint is not None:
        yield _remote_place(options.endpoint)
        return
    from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint

    faults = read_faults(options.faults)
    async with run_local_endpoint(endpoint_name=_LOCAL_NAME, faults=faults) as emulator:
        keys = Credentials(
            access_key_id=emulator.credentials.access_key_id,
            secret_access_key=emulator.credentials.secret_access_key,
            session_token=emulator.credentials.session_token,
        )
        yield _Place(
            name=_LOCAL_NAME,
            region=emulator.region,
            options=ConnectionOptions(
                endpoint_url=emulator.endpoint_url,
                ca_bundle=emulator.ca_bundle,
                credentials=StaticCredentialsResolver(keys),
            ),
        )


def _remote_place(remote: RemoteEndpoint) -> _Place:
    """Where an endpoint is that runs already; the client finds what is not given."""
    return _Place(
        name=remote.name,
        region=remote.region,
        options=ConnectionOptions(
            target_variant=remote.variant,
            endpoint_url=remote.url,
            use_fips=remote.use_fips,
            use_dualstack=remote.use_dualstack,
            ca_bundle=remote.ca_bundle,
            profile=remote.profile,
        ),
    )


def _hints(options: Options) -> dict[str, Any]:
    """The language for the model that can be told; ``multi`` is any."""
    is_told = options.model == MULTILINGUAL_FLUX and options.language not in (None, "multi")
    return {"language_hints": [options.language]} if is_told else {}


def _service(place: _Place, options: Options) -> STTService:
    keyterms: dict[str, Any] = {"keyterm": list(options.keyterms)} if options.keyterms else {}
    if options.model.startswith("flux"):
        return DeepgramFluxSageMakerSTTService(
            endpoint_name=place.name,
            region=place.region,
            **place.options,
            client_config=_FLUX_CONFIG,
            settings=DeepgramFluxSageMakerSTTService.Settings(
                model=options.model, **keyterms, **_hints(options)
            ),
        )
    return DeepgramSageMakerSTTService(
        endpoint_name=place.name,
        region=place.region,
        **place.options,
        client_config=_NOVA_CONFIG,
        settings=DeepgramSageMakerSTTService.Settings(
            model=options.model, language=options.language, **keyterms
        ),
    )
