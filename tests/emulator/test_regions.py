# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""AWS's names, compared with what botocore knows of them."""

from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config

from pipecat_sagemaker_deepgram.emulator.regions import partition_of, runtime_host_names

REGIONS = ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1")


def host_of(region: str, *, fips: bool, dual_stack: bool) -> str | None:
    """The host that botocore would ask."""
    client = botocore.session.Session().create_client(
        "sagemaker-runtime",
        region_name=region,
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack),
    )
    hosts: list[str | None] = []

    def note(request: object, **_: object) -> object:
        hosts.append(urlsplit(getattr(request, "url", "")).hostname)
        raise InterruptedError

    client.meta.events.register("before-send", note)
    with pytest.raises(InterruptedError):
        client.invoke_endpoint(EndpointName="e", Body=b"")
    client.close()
    return hosts[0]


@pytest.mark.parametrize("region", REGIONS)
def test_botocore_asks_these_names(region: str):
    names = runtime_host_names(region)
    assert f"runtime-fips.sagemaker.{region}.{partition_of(region).dual_stack_suffix}" in names
    asked = {
        host_of(region, fips=fips, dual_stack=dual_stack)
        for fips in (False, True)
        for dual_stack in (False, True)
    }
    assert asked <= set(names)


@pytest.mark.parametrize("region", REGIONS)
def test_partitions_are_botocores(region: str):
    assert botocore.session.Session().get_partition_for_region(region) == partition_of(region).name
