# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio, an endpoint and a display brought together."""

import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.cli.arguments import TranscribeOptions
from pipecat_sagemaker_deepgram.cli.audio_file import AudioFile
from pipecat_sagemaker_deepgram.cli.display import Display
from pipecat_sagemaker_deepgram.cli.endpoint_arguments import RemoteEndpoint
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.listen_arguments import ListenOptions
from pipecat_sagemaker_deepgram.cli.outcome import Outcome
from pipecat_sagemaker_deepgram.cli.pacing import Pace
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.stt import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.transport import (
    Credentials,
    CredentialsResolver,
    StaticCredentialsResolver,
    as_resolver,
    ca_bundle_from,
    load_shared_config,
    resolve_region,
    resolve_url,
)

type Options = TranscribeOptions | ListenOptions

_LOCAL_NAME = "local"
_CLOSE_TIMEOUT = 60.0
"""Seconds for the last words: audio that was fed ahead is still to be listened to."""

_NOVA_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT)
_FLUX_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT, min_chunk_seconds=0.08)


@dataclass(frozen=True, kw_only=True)
class _Target:
    name: str
    region: str
    variant: str | None = None
    url: str
    ca_bundle: Path | None
    credentials: CredentialsResolver


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
    async with _open_target(options) as target:
        transcription = Transcription(_service(target, options), blocks, pace=pace)
        outcome = Outcome()
        with Interrupts(transcription.stop) as interrupts, display:
            async with transcription:
                async for event in transcription:
                    outcome.add(event)
                    display.show(event)
            outcome.is_interrupted = interrupts.received
        return outcome


@asynccontextmanager
async def _open_target(options: Options) -> AsyncIterator[_Target]:
    if options.endpoint is not None:
        yield _remote_target(options.endpoint)
        return
    from pipecat_sagemaker_deepgram.cli.local_endpoint import read_faults, run_local_endpoint

    faults = read_faults(options.faults)
    async with run_local_endpoint(endpoint_name=_LOCAL_NAME, faults=faults) as emulator:
        yield _Target(
            name=_LOCAL_NAME,
            region=emulator.region,
            url=emulator.endpoint_url,
            ca_bundle=emulator.ca_bundle,
            credentials=StaticCredentialsResolver(
                Credentials(
                    access_key_id=emulator.credentials.access_key_id,
                    secret_access_key=emulator.credentials.secret_access_key,
                    session_token=emulator.credentials.session_token,
                )
            ),
        )


def _remote_target(remote: RemoteEndpoint) -> _Target:
    """Where an endpoint is that runs already, by the options, the environment and the profile."""
    shared = load_shared_config(os.environ, profile=remote.profile)
    region = resolve_region(remote.region, os.environ, shared)
    return _Target(
        name=remote.name,
        region=region,
        variant=remote.variant,
        url=resolve_url(
            remote.url,
            region,
            os.environ,
            use_fips=remote.use_fips,
            use_dualstack=remote.use_dualstack,
            config=shared,
        ),
        ca_bundle=ca_bundle_from(remote.ca_bundle, os.environ, shared),
        credentials=as_resolver(profile=remote.profile),
    )


def _service(target: _Target, options: Options) -> STTService:
    place: dict[str, Any] = {
        "endpoint_name": target.name,
        "region": target.region,
        "target_variant": target.variant,
        "endpoint_url": target.url,
        "ca_bundle": target.ca_bundle,
        "credentials": target.credentials,
    }
    keyterms: dict[str, Any] = {"keyterm": list(options.keyterms)} if options.keyterms else {}
    if options.model.startswith("flux"):
        return DeepgramFluxSageMakerSTTService(
            **place,
            client_config=_FLUX_CONFIG,
            settings=DeepgramFluxSageMakerSTTService.Settings(model=options.model, **keyterms),
        )
    return DeepgramSageMakerSTTService(
        **place,
        client_config=_NOVA_CONFIG,
        settings=DeepgramSageMakerSTTService.Settings(
            model=options.model, language=options.language, **keyterms
        ),
    )
