# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""Answers calls of SageMaker's control plane. Pure.

Members are those of the service model (SageMaker 2017-07-24).
"""

import json
from collections.abc import Mapping
from typing import Any

from pipecat_sagemaker_deepgram.emulator.api.control_plane import EndpointVariant, sagemaker_arn
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.regions import partition_of

_LONGEST_PAGE = 100
_CONFIG = "-config"
_MODEL = "-model"


def describe_endpoint(parameters: Mapping[str, str], endpoint: EmulatedEndpoint) -> str:
    """``DescribeEndpoint``.

    Args:
        parameters: The members of the request.
        endpoint: The emulated endpoint.

    Raises:
        ErrorAnswer: The endpoint does not exist.
    """
    name = parameters.get("EndpointName", "")
    if not _exists(name, endpoint):
        raise _not_found(f'Could not find endpoint "{_arn("endpoint", name, endpoint)}".')
    plane = endpoint.control_plane
    reason = {"FailureReason": plane.failure_reason} if plane.failure_reason else {}
    return json.dumps(
        {
            **_summary(name, endpoint),
            "EndpointConfigName": f"{name}{_CONFIG}",
            "ProductionVariants": [_running(each) for each in plane.variants],
            **reason,
        }
    )


def describe_endpoint_config(parameters: Mapping[str, str], endpoint: EmulatedEndpoint) -> str:
    """``DescribeEndpointConfig``: an endpoint's configuration is its name with ``-config``.

    Args:
        parameters: The members of the request.
        endpoint: The emulated endpoint.

    Raises:
        ErrorAnswer: The configuration does not exist.
    """
    config = parameters.get("EndpointConfigName", "")
    arn = _arn("endpoint-config", config, endpoint)
    name = config.removesuffix(_CONFIG)
    if name == config or not _exists(name, endpoint):
        raise _not_found(f'Could not find endpoint configuration "{arn}".')
    variants = endpoint.control_plane.variants
    return json.dumps(
        {
            "EndpointConfigName": config,
            "EndpointConfigArn": arn,
            "CreationTime": _created(endpoint),
            "EnableNetworkIsolation": True,
            "ProductionVariants": [_configured(each, name) for each in variants],
        }
    )


def describe_model(parameters: Mapping[str, str], endpoint: EmulatedEndpoint) -> str:
    """``DescribeModel``: an endpoint's model is its name with ``-model``.

    Args:
        parameters: The members of the request.
        endpoint: The emulated endpoint.

    Raises:
        ErrorAnswer: The model does not exist.
    """
    model = parameters.get("ModelName", "")
    arn = _arn("model", model, endpoint)
    name = model.removesuffix(_MODEL)
    if name == model or not _exists(name, endpoint):
        raise _not_found(f'Could not find model "{arn}".')
    partition, account = partition_of(endpoint.region).name, endpoint.settings.account
    return json.dumps(
        {
            "ModelName": model,
            "ModelArn": arn,
            "PrimaryContainer": {"ModelPackageName": _arn("model-package", name, endpoint)},
            "ExecutionRoleArn": f"arn:{partition}:iam::{account}:role/emulator",
            "EnableNetworkIsolation": True,
            "CreationTime": _created(endpoint),
        }
    )


def list_endpoints(parameters: Mapping[str, str], endpoint: EmulatedEndpoint) -> str:
    """``ListEndpoints``: the known endpoints; none if every name exists.

    Args:
        parameters: The members of the request.
        endpoint: The emulated endpoint.

    Raises:
        ErrorAnswer: A member cannot be read.
    """
    part = parameters.get("NameContains", "")
    names = [name for name in sorted(endpoint.endpoint_names or ()) if part in name]
    if not _is_wanted(parameters, endpoint):
        names = []
    if parameters.get("SortOrder", "Descending") == "Descending":
        names.reverse()
    start = _number(parameters, "NextToken", 0)
    stop = start + min(_number(parameters, "MaxResults", 10), _LONGEST_PAGE)
    further = {"NextToken": str(stop)} if stop < len(names) else {}
    page = [_summary(name, endpoint) for name in names[start:stop]]
    return json.dumps({"Endpoints": page, **further})


def _exists(name: str, endpoint: EmulatedEndpoint) -> bool:
    return endpoint.endpoint_names is None or name in endpoint.endpoint_names


def _not_found(message: str) -> ErrorAnswer:
    return ErrorAnswer(400, "ValidationException", message)


def _arn(kind: str, name: str, endpoint: EmulatedEndpoint) -> str:
    return sagemaker_arn(kind, name, region=endpoint.region, account=endpoint.settings.account)


def _created(endpoint: EmulatedEndpoint) -> float:
    return endpoint.control_plane.created.timestamp()


def _summary(name: str, endpoint: EmulatedEndpoint) -> dict[str, Any]:
    return {
        "EndpointName": name,
        "EndpointArn": _arn("endpoint", name, endpoint),
        "EndpointStatus": endpoint.control_plane.status,
        "CreationTime": _created(endpoint),
        "LastModifiedTime": _created(endpoint),
    }


def _running(variant: EndpointVariant) -> dict[str, Any]:
    desired = variant.desired_instance_count
    return {
        "VariantName": variant.name,
        "CurrentWeight": 1.0,
        "DesiredWeight": 1.0,
        "CurrentInstanceCount": variant.instance_count,
        "DesiredInstanceCount": variant.instance_count if desired is None else desired,
    }


def _configured(variant: EndpointVariant, name: str) -> dict[str, Any]:
    return {
        "VariantName": variant.name,
        "ModelName": f"{name}{_MODEL}",
        "InitialInstanceCount": variant.instance_count,
        "InstanceType": variant.instance_type,
        "InitialVariantWeight": 1.0,
    }


def _is_wanted(parameters: Mapping[str, str], endpoint: EmulatedEndpoint) -> bool:
    """Whether status and times, which all endpoints share, pass the filters."""
    status = parameters.get("StatusEquals", endpoint.control_plane.status)
    created = _created(endpoint)
    return status == endpoint.control_plane.status and all(
        _time(parameters, f"{kind}After", created) <= created
        and created <= _time(parameters, f"{kind}Before", created)
        for kind in ("CreationTime", "LastModifiedTime")
    )


def _time(parameters: Mapping[str, str], member: str, default: float) -> float:
    try:
        return float(parameters.get(member, default))
    except ValueError as error:
        raise _not_found(f"{member} is not a time.") from error


def _number(parameters: Mapping[str, str], member: str, default: int) -> int:
    try:
        return int(parameters.get(member, default))
    except ValueError as error:
        raise _not_found(f"{member} is not a number.") from error
