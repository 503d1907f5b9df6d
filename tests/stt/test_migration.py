# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Moving here from Pipecat's built-in classes is one changed import; all differences are listed.

Pipecat's own can only be imported beside its extras: an AWS SDK before 0.10, and deepgram-sdk.
"""

import inspect
from dataclasses import dataclass, field, fields
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import pytest
from pipecat.services.stt_service import STTService

import pipecat_sagemaker_deepgram

OWN = "pipecat_sagemaker_deepgram"
SDK = version("aws-sdk-sagemaker-runtime-http2")

pytestmark = [
    pytest.mark.skipif(
        tuple(map(int, SDK.split(".")[:2])) >= (0, 10),
        reason=f"Pipecat's own needs an AWS SDK before 0.10, not {SDK}",
    ),
    pytest.mark.skipif(
        find_spec("deepgram") is None, reason="Pipecat's own needs deepgram-sdk, which is missing"
    ),
]


@dataclass(frozen=True)
class Move:
    """A class that takes the place of one of Pipecat's.

    Attributes:
        name: What both are called.
        module: Where Pipecat's own is.
        code: A bot's code round it, in which ``{module}`` is all that changes.
        parameters: Parameters of the constructor that differ, each with the reason.
        settings: Settings whose defaults differ, each with the reason.
        methods: Parameters of methods that differ, as ``method.parameter``, with the reason.
    """

    name: str
    module: str
    code: str
    parameters: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)

    @property
    def pipecats(self) -> Any:
        """Pipecat's class."""
        return getattr(import_module(self.module), self.name)

    @property
    def ours(self) -> Any:
        """This package's class."""
        return getattr(pipecat_sagemaker_deepgram, self.name)

    def run(self, module: str) -> Any:
        """What ``code`` makes with a module's class."""
        scope: dict[str, Any] = {}
        exec(self.code.format(module=module), scope)
        return scope["made"]


_UNSET = "None is False to Deepgram, and a container that lacks a feature refuses its name"

NOVA = Move(
    name="DeepgramSageMakerSTTService",
    module="pipecat.services.deepgram.sagemaker.stt",
    code="""
from {module} import DeepgramSageMakerSTTService

made = DeepgramSageMakerSTTService(
    endpoint_name="my-deepgram-nova-3",
    region="us-east-1",
    encoding="linear16",
    channels=1,
    multichannel=False,
    sample_rate=16000,
    mip_opt_out=True,
    settings=DeepgramSageMakerSTTService.Settings(
        model="nova-3",
        language="de",
        keyterm=["Pipecat", "Deepgram"],
        smart_format=True,
        endpointing=300,
        extra=dict(tag="bot"),
    ),
    ttfs_p99_latency=0.4,
    audio_passthrough=False,
    name="ears",
)


@made.event_handler("on_connected")
async def on_connected(service):
    pass
""",
    parameters={
        "region": "may be left out where AWS_REGION says it",
        "live_options": "deprecated in Pipecat since 0.0.105; it is refused with a sentence",
    },
    settings=dict.fromkeys(
        ("detect_entities", "diarize", "dictation", "numerals", "smart_format"), _UNSET
    ),
)

FLUX = Move(
    name="DeepgramFluxSageMakerSTTService",
    module="pipecat.services.deepgram.flux.sagemaker.stt",
    code="""
from {module} import DeepgramFluxSageMakerSTTService

made = DeepgramFluxSageMakerSTTService(
    endpoint_name="my-deepgram-flux",
    region="us-east-1",
    encoding="linear16",
    sample_rate=16000,
    mip_opt_out=True,
    tag=["bot"],
    should_interrupt=False,
    watchdog_min_timeout=0.7,
    enable_eager_end_of_turn=True,
    settings=DeepgramFluxSageMakerSTTService.Settings(
        model="flux-general-en",
        keyterm=["Pipecat", "Deepgram"],
        eot_threshold=0.8,
        eager_eot_threshold=0.5,
        eot_timeout_ms=4000,
    ),
    audio_passthrough=False,
    name="ears",
)


@made.event_handler("on_end_of_turn")
async def on_end_of_turn(service, transcript):
    pass
""",
    parameters={"region": "may be left out where AWS_REGION says it"},
)

SERVICES = [NOVA, FLUX]

CLIENT = Move(
    name="SageMakerBidiClient",
    module="pipecat.services.aws.sagemaker.bidi_client",
    code="""
from {module} import SageMakerBidiClient

made = SageMakerBidiClient(
    endpoint_name="my-deepgram-nova-3",
    region="us-east-1",
    model_invocation_path="v1/listen",
    model_query_string="model=nova-3&language=en",
)
""",
    parameters={
        "region": "may be left out where AWS_REGION says it",
        "max_connect_attempts": "retry_policy=RetryPolicy(max_retries=...) holds while it runs too",
    },
    methods={"send_data.data_type": "the default is named, BINARY, not None"},
)

MOVES = [*SERVICES, CLIENT]
each_move = pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
each_service = pytest.mark.parametrize("move", SERVICES, ids=lambda move: move.name)


def _parameters(function: Any) -> dict[str, tuple[Any, Any]]:
    found = inspect.signature(function).parameters.items()
    return {name: (each.default, each.kind) for name, each in found if name != "self"}


def _public(cls: type) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


@each_move
def test_one_changed_import_is_enough(move: Move) -> None:
    before, after = move.run(move.module), move.run(OWN)
    assert type(before) is move.pipecats
    assert type(after) is move.ours


@each_move
def test_the_constructor_differs_only_as_listed(move: Move) -> None:
    pipecats, ours = _parameters(move.pipecats.__init__), _parameters(move.ours.__init__)
    differ = {name for name, parameter in pipecats.items() if ours.get(name) != parameter}
    assert differ - {"kwargs"} == set(move.parameters) & set(pipecats)


@each_move
def test_the_code_uses_every_parameter_that_is_the_same(move: Move) -> None:
    same = set(_parameters(move.pipecats.__init__)) - set(move.parameters) - {"kwargs"}
    assert {name for name in same if f" {name}=" not in move.code} == set()


@each_move
def test_every_public_method_is_there(move: Move) -> None:
    assert _public(move.pipecats) - _public(move.ours) == set()


@each_move
def test_methods_take_what_pipecats_take(move: Move) -> None:
    differ = set()
    for name in sorted(set(vars(move.pipecats)) & _public(move.pipecats)):
        if not inspect.isfunction(method := getattr(move.pipecats, name)):
            continue
        ours = _parameters(getattr(move.ours, name))
        differ |= {
            f"{name}.{parameter}"
            for parameter, kind in _parameters(method).items()
            if ours.get(parameter) != kind
        }
    assert differ == set(move.methods)


@each_service
def test_settings_are_the_same_and_their_defaults_differ_only_as_listed(move: Move) -> None:
    before = move.pipecats(endpoint_name="d", region="us-east-1")._settings
    after = move.ours(endpoint_name="d", region="us-east-1")._settings
    missing = object()
    differ = {
        each.name
        for each in fields(before)
        if getattr(before, each.name) != getattr(after, each.name, missing)
    }
    assert differ == set(move.settings)
    assert {name for name in move.settings if getattr(after, name) is not None} == set()


@each_service
def test_what_the_code_sets_is_what_both_use(move: Move) -> None:
    before, after = move.run(move.module), move.run(OWN)
    same = [each.name for each in fields(before._settings) if each.name not in move.settings]
    assert {name: getattr(after._settings, name) for name in same} == {
        name: getattr(before._settings, name) for name in same
    }
    assert str(after) == str(before) == "ears"
    assert after._ttfs_p99_latency == before._ttfs_p99_latency
    assert after.can_generate_metrics() == before.can_generate_metrics()


@each_service
def test_every_event_handler_is_there(move: Move) -> None:
    before, after = move.run(move.module), move.run(OWN)
    assert set(before._event_handlers) - set(after._event_handlers) == set()


@each_service
def test_it_is_a_service_as_pipecats_is(move: Move) -> None:
    assert issubclass(move.ours, STTService)
    assert issubclass(move.pipecats, STTService)
