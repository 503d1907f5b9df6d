# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Both services take every option of a connection, and Pipecat's own."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram import (
    ConfigurationError,
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions
from pipecat_sagemaker_deepgram.stt.options import STTServiceOptions, take_connection_options

from ..flux_pipelines import flux, flux_path
from ..local_path import local_path
from ..pipelines import nova, running

SERVICES = (DeepgramSageMakerSTTService, DeepgramFluxSageMakerSTTService)

OTHERWISE_GIVEN = {"settings", "sample_rate", "task_manager", "ttfs_p99_latency"}
"""What the services have a parameter of their own for, and what Pipecat keeps to itself."""

WITHOUT_EFFECT = {"keepalive_timeout", "keepalive_interval"}
"""Pipecat's keepalive, which its services start themselves; here the client has one."""


def test_what_says_where_and_as_whom_is_taken_apart_from_the_rest() -> None:
    given: dict[str, Any] = {"profile": "p", "name": "ears", "use_fips": None}
    assert take_connection_options(given) == {"profile": "p", "use_fips": None}
    assert given == {"name": "ears"}


def test_every_argument_of_pipecats_is_typed() -> None:
    pipecats = {
        parameter.name
        for each in STTService.__mro__
        if "__init__" in vars(each) and each is not object
        for parameter in inspect.signature(each.__init__).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    assert pipecats - OTHERWISE_GIVEN - WITHOUT_EFFECT <= STTServiceOptions.__annotations__.keys()


def _made(service: type[STTService], **options: Any) -> STTService:
    return service(endpoint_name="deepgram", region="us-east-1", **options)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("option", ["use_fips", "use_dualstack"])
def test_hosts_of_a_kind_are_taken_unless_a_url_says_another(
    service: type[STTService], option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://localhost:1")
    with pytest.raises(ConfigurationError, match=option):
        _made(service, **{option: True})


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("option", ConnectionOptions.__annotations__)
def test_a_typo_in_any_option_is_refused_with_what_was_meant(
    service: type[STTService], option: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"Did you mean {option}\?"):
        _made(service, **{f"{option}_": None})


@pytest.mark.parametrize(("make", "place"), [(nova, local_path), (flux, flux_path)])
async def test_the_variant_and_the_profile_reach_the_endpoint(
    make: Any, place: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place() as path:
        keys = path.emulator.credentials
        shared = tmp_path / "credentials"
        shared.write_text(
            f"[bots]\naws_access_key_id={keys.access_key_id}\n"
            f"aws_secret_access_key={keys.secret_access_key}\n"
            + (f"aws_session_token={keys.session_token}\n" if keys.session_token else "")
        )
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(shared))
        service = make(path, credentials=None, profile="bots", target_variant="Blue")
        async with running(service) as pipeline:
            await pipeline.until(lambda p: ("on_connected",) in p.handled)
        assert [stream.variant for stream in path.emulator.streams] == ["Blue"]
    assert pipeline.errors == []
