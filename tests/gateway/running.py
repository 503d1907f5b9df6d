# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A gateway in front of the whole path on this machine: emulated endpoint, container."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.container import ScriptedBehavior, ScriptedTurns
from pipecat_sagemaker_deepgram.emulator import SageMakerEmulator
from pipecat_sagemaker_deepgram.gateway import Endpoint, Gateway, GatewayOptions

from ..local_path import credentials_of, local_path

BEHAVIOR = ScriptedBehavior(interim_interval=0.25, final_interval=1.0, turns=ScriptedTurns(lag=0.1))
NAME = "deepgram-nova-3"


@dataclass(frozen=True)
class RunningGateway:
    """A gateway, and the endpoint behind it."""

    gateway: Gateway
    emulator: SageMakerEmulator

    @property
    def url(self) -> str:
        """Where WebSockets are opened."""
        return self.gateway.url.replace("http", "ws", 1)


def options_for(emulator: SageMakerEmulator, **changes: Any) -> GatewayOptions:
    """Options that lead to an emulator."""
    endpoint = Endpoint(target=Target(endpoint_name=NAME, region=emulator.region))
    options = GatewayOptions(
        endpoints=(endpoint,),
        connection={
            "endpoint_url": emulator.endpoint_url,
            "ca_bundle": emulator.ca_bundle,
            "credentials": credentials_of(emulator),
        },
    )
    return replace(options, **changes)


@asynccontextmanager
async def running_gateway(
    *faults: str,
    behavior: ScriptedBehavior = BEHAVIOR,
    options: Any = None,
    path: Any = None,
) -> AsyncIterator[RunningGateway]:
    """Run a gateway, with these faults at its endpoint."""
    async with local_path(*faults, behavior=behavior, **(path or {})) as local:
        async with Gateway(options_for(local.emulator, **(options or {}))) as gateway:
            yield RunningGateway(gateway, local.emulator)
