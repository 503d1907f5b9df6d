# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The ports of an emulator, and clients that ask AWS's own names."""

import asyncio
import socket
from typing import Any

import boto3
import pytest
from botocore.config import Config

from pipecat_sagemaker_deepgram.emulator import (
    AddressInUseError,
    SageMakerEmulator,
    runtime_host_names,
)
from pipecat_sagemaker_deepgram.emulator.http.listeners import Listeners

from ..api.model_container import model_container


def test_a_port_that_must_be_there_and_one_that_may_be():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUseError, match=f"Port {port} on 127.0.0.1 is in use"):
            Listeners("127.0.0.1", port, ())
        listeners = Listeners("127.0.0.1", 0, (port, 0))
    assert listeners.missing == {port: "Address already in use"}
    assert len(set(listeners.ports)) == 2
    assert listeners.address == ("127.0.0.1", listeners.ports[0])
    listeners.close()


async def test_boto3_with_awss_own_url_reaches_every_port(monkeypatch: pytest.MonkeyPatch):
    """What lines in /etc/hosts do is done here to this process alone."""
    host = "runtime.sagemaker.us-east-1.amazonaws.com"
    real = socket.getaddrinfo

    def resolve(name: Any, *arguments: Any, **options: Any) -> Any:
        return real("127.0.0.1" if name == host else name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    names = runtime_host_names("us-east-1")
    async with (
        model_container() as url,
        SageMakerEmulator(url, host_names=names, optional_ports=(0,)) as emulator,
    ):
        for port in emulator.ports:
            answer = await asyncio.to_thread(invoke, emulator, f"https://{host}:{port}")
            assert answer == b'{"bytes": 3}'
        assert len(emulator.ports) == 2


def invoke(emulator: SageMakerEmulator, url: str) -> bytes:
    client = boto3.client(
        "sagemaker-runtime",
        region_name="us-east-1",
        endpoint_url=url,
        verify=str(emulator.ca_bundle),
        aws_access_key_id=emulator.credentials.access_key_id,
        aws_secret_access_key=emulator.credentials.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
    )
    try:
        return client.invoke_endpoint(EndpointName="e", Body=b"abc")["Body"].read()
    finally:
        client.close()
