# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A keyword that nobody takes is refused, and so is a value of another kind; Pipecat's own pass."""

from typing import Any

import pytest

from pipecat_sagemaker_deepgram import (
    ConfigurationError,
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
    Target,
)
from pipecat_sagemaker_deepgram.stt.arguments import refuse_unknown_arguments


def _service(**options: Any) -> DeepgramSageMakerSTTService:
    return DeepgramSageMakerSTTService(endpoint_name="deepgram", region="us-east-1", **options)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("close_timout", "close_timeout"),
        ("endpointurl", "endpoint_url"),
        ("samplerate", "sample_rate"),
        ("audio_pass_through", "audio_passthrough"),
        ("multi_channel", "multichannel"),
    ],
)
def test_a_typo_is_refused_with_what_was_meant(given: str, meant: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"takes no {given}\. Did you mean {meant}\?"):
        _service(**{given: 1})


def test_what_is_near_nothing_is_refused_without_a_guess() -> None:
    with pytest.raises(ConfigurationError, match=r"takes no xyzzy\. See"):
        _service(xyzzy=1)


@pytest.mark.parametrize(
    "options",
    [
        {"name": "ears"},
        {"audio_passthrough": False},
        {"stt_ttfb_timeout": 3.0},
        {"keepalive_timeout": 5.0, "keepalive_interval": 2.0},
        {"enable_direct_mode": False},
        {"task_manager": None},
    ],
    ids=str,
)
def test_what_pipecats_bases_take_passes(options: dict[str, Any]) -> None:
    _service(**options)


def test_a_subclass_has_its_own_keywords() -> None:
    class Derived(DeepgramSageMakerSTTService):
        def __init__(self, *, own: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)

    refuse_unknown_arguments(Derived, ["own", "close_timeout", "name"])
    with pytest.raises(ConfigurationError, match="Derived takes no owm"):
        refuse_unknown_arguments(Derived, ["owm"])


FLUX = DeepgramFluxSageMakerSTTService
NOVA = DeepgramSageMakerSTTService


@pytest.mark.parametrize(
    ("service", "name"),
    [
        (NOVA, "finalize_timeout"),
        (NOVA, "ttfs_p99_latency"),
        (NOVA, "stt_ttfb_timeout"),
        (FLUX, "watchdog_min_timeout"),
        (FLUX, "ttfs_p99_latency"),
    ],
)
def test_a_time_below_0_is_refused(service: Any, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is -1; it must be 0 or more"):
        service(endpoint_name="deepgram", region="us-east-1", **{name: -1})


@pytest.mark.parametrize("service", [NOVA, FLUX])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"client_config": {"stall_timeout": 3}}, "client_config is of type dict. It takes"),
        ({"client_config": {}}, "client_config is of type dict. It takes"),
        ({"retry_policy": 3}, "retry_policy is of type int. It takes RetryPolicy"),
        ({"targets": Target(endpoint_name="spare")}, "targets is of type Target. It takes a list."),
        ({"targets": ["spare"]}, "targets contains 'spare'. It takes a list of Target."),
        ({"targets": None}, "targets is None. It takes a list."),
    ],
)
def test_an_object_of_another_class_is_refused_by_name(
    service: Any, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        service(endpoint_name="deepgram", region="us-east-1", **options)


@pytest.mark.parametrize("service", [NOVA, FLUX])
@pytest.mark.parametrize(
    ("extra", "told"),
    [("numerals=true", "extra is of type str. It takes a dictionary"), ({1: 2}, "the key 1")],
)
def test_what_is_no_dictionary_of_names_is_refused_as_extra(
    service: Any, extra: Any, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        service(
            endpoint_name="deepgram", region="us-east-1", settings=service.Settings(extra=extra)
        )
