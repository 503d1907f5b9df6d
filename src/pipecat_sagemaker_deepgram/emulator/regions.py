# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""AWS's partitions and the host names of SageMaker's runtime in a region. Pure."""

from typing import NamedTuple


class Partition(NamedTuple):
    """A partition of AWS: its name in ARNs, and its DNS suffixes."""

    name: str
    suffix: str
    dual_stack_suffix: str


_AWS = Partition("aws", "amazonaws.com", "api.aws")
_OTHERS = {
    "cn-": Partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com", "api.aws"),
}


def partition_of(region: str) -> Partition:
    """The partition that a region belongs to.

    Args:
        region: The region, such as ``cn-north-1``.
    """
    return next((each for start, each in _OTHERS.items() if region.startswith(start)), _AWS)


def runtime_host_names(region: str) -> tuple[str, ...]:
    """The names under which AWS serves SageMaker's runtime: plain, FIPS, and both dual-stack.

    The service models disagree on FIPS: that of streams has ``runtime-fips.sagemaker``, that of
    ``InvokeEndpoint`` in places ``runtime.sagemaker-fips``.

    Args:
        region: The region.
    """
    partition = partition_of(region)
    return tuple(
        f"{service}.{region}.{suffix}"
        for suffix in (partition.suffix, partition.dual_stack_suffix)
        for service in ("runtime.sagemaker", "runtime-fips.sagemaker", "runtime.sagemaker-fips")
    )
