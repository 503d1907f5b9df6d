# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A stage for faults: an account, an endpoint and a container on loopback, each on real sockets."""

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import trustme

from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    ModelContainer,
    ScriptedBehavior,
    ScriptedRecognizer,
    marked_audio,
)
from pipecat_sagemaker_deepgram.doctor import (
    Check,
    Facts,
    Finding,
    Limits,
    Problem,
    Wanted,
    diagnose,
    gather,
)
from pipecat_sagemaker_deepgram.emulator import (
    ControlPlane,
    EmulatorCredentials,
    EmulatorSettings,
    FaultScript,
    SageMakerEmulator,
    parse_fault,
)
from pipecat_sagemaker_deepgram.transport import Credentials

ENDPOINT = "deepgram"
KEYS = EmulatorCredentials("AKIAOFTHEDOCTOR1", "secretofthedoctor")
PATIENT = Limits(
    credentials=20.0, call=20.0, name=20.0, connect=20.0, answer=20.0, reply=20.0, drain=20.0
)
"""What comes in the end is waited for, however busy the machine is."""

BEHAVIOR = ScriptedBehavior(interim_interval=0.1, final_interval=0.5, final_lag=0.0)
NOWHERE = "ws://127.0.0.1:1"


@dataclass
class Theatre:
    """What a case may change before the doctor comes."""

    stack: AsyncExitStack
    monkeypatch: pytest.MonkeyPatch
    folder: Path
    account: SageMakerEmulator
    runtime: SageMakerEmulator
    wanted: Wanted
    authorities: list[Path] = field(default_factory=list)

    def want(self, **fields: Any) -> None:
        """Change what the doctor is asked."""
        self.wanted = replace(self.wanted, **fields)

    def trust(self, *bundles: Path) -> None:
        """Trust these authorities only."""
        path = self.folder / "trusted.pem"
        path.write_text("".join(bundle.read_text() for bundle in bundles))
        self.want(ca_bundle=str(path))

    def use_port(self, port: int) -> None:
        """Lead streams to another port of this machine."""
        self.want(endpoint_url=f"https://127.0.0.1:{port}")

    def server_context(self) -> ssl.SSLContext:
        """A TLS server's context that the doctor trusts."""
        authority = trustme.CA()
        path = self.folder / "other.pem"
        authority.cert_pem.write_to_path(str(path))
        self.trust(self.account.ca_bundle, path)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context


type Change = Callable[[Theatre], Awaitable[None] | None]


@asynccontextmanager
async def theatre(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *,
    faults: tuple[str, ...] = (),
    plane: ControlPlane | None = None,
    settings: EmulatorSettings | None = None,
    flux: FluxOptions | None = None,
    container_url: str | None = None,
    runtime_region: str = "us-east-1",
    limits: Mapping[str, float] = MappingProxyType({}),
) -> AsyncIterator[Theatre]:
    """Open a stage on which everything is in order but for what is given.

    ``limits`` names what never comes, and how long the doctor waits for it.
    """
    async with AsyncExitStack() as stack:
        if container_url is None:
            container = ModelContainer(ScriptedRecognizer(BEHAVIOR), flux=flux or FluxOptions())
            await stack.enter_async_context(container)
            await container.wait_until_ready(5)
            container_url = container.url
        shared = {"endpoint_names": [ENDPOINT], "credentials": KEYS, "settings": settings}
        shared["control_plane"] = plane
        account = await stack.enter_async_context(SageMakerEmulator(NOWHERE, **shared))
        script = FaultScript([parse_fault(text) for text in faults])
        runtime = await stack.enter_async_context(
            SageMakerEmulator(container_url, faults=script, region=runtime_region, **shared)
        )
        for service in ("SAGEMAKER", "STS", "IAM"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", account.endpoint_url)
        stage = Theatre(
            stack, monkeypatch, folder, account, runtime, wanted_of(runtime.endpoint_url)
        )
        stage.trust(account.ca_bundle, runtime.ca_bundle)
        stage.want(limits=replace(PATIENT, **limits))
        yield stage


def wanted_of(url: str) -> Wanted:
    """What the doctor is asked when all is in order."""
    return Wanted(
        endpoint_name=ENDPOINT,
        region="us-east-1",
        endpoint_url=url,
        credentials=credentials(KEYS),
        audio=marked_audio(0, 12),
        limits=PATIENT,
    )


def credentials(keys: EmulatorCredentials, **fields: Any) -> Credentials:
    """Keys as the client takes them."""
    return Credentials(
        access_key_id=keys.access_key_id, secret_access_key=keys.secret_access_key, **fields
    )


async def visit(wanted: Wanted) -> Facts:
    """Let the doctor look."""
    return await gather(wanted)


def problems(facts: Facts) -> dict[Check, Problem]:
    """What the doctor finds wrong."""
    return {each.check: each.problem for each in diagnose(facts) if each.problem is not None}


def finding(facts: Facts, check: Check) -> Finding:
    """What the doctor finds about one thing."""
    return next(each for each in diagnose(facts) if each.check is check)


def full_port(stack: AsyncExitStack) -> int:
    """A port whose queue is full, so that nothing answers a further connection."""
    listener = stack.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(3):
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
    return listener.getsockname()[1]


def closed_port(stack: AsyncExitStack) -> int:
    """A port on which nothing listens."""
    reserved = stack.enter_context(socket.socket())
    reserved.bind(("127.0.0.1", 0))
    return reserved.getsockname()[1]
