# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Asking Application Auto Scaling to begin and to end."""

from pipecat_sagemaker_deepgram.deploy.calls import Calls
from pipecat_sagemaker_deepgram.deploy.scaling import Scaling, place, policy_name

_SERVICE = "application-autoscaling"


def start_scaling(call: Calls, name: str, variant: str, scaling: Scaling) -> None:
    """Let a variant follow its streams.

    Args:
        call: Calls AWS.
        name: The endpoint.
        variant: Its variant.
        scaling: Between which numbers, and when.

    Raises:
        DeploymentError: AWS refuses it.
    """
    call(_SERVICE, "register_scalable_target", **scaling.target_request(name, variant))
    call(_SERVICE, "put_scaling_policy", **scaling.policy_request(name, variant))


def stop_scaling(call: Calls, name: str, variant: str) -> bool:
    """Let a variant have the instances it has; the policy's alarms go with the policy.

    Args:
        call: Calls AWS.
        name: The endpoint.
        variant: Its variant.

    Returns:
        Whether it scaled by itself.

    Raises:
        DeploymentError: AWS refuses it.
    """
    where = place(name, variant)
    call.find(_SERVICE, "delete_scaling_policy", PolicyName=policy_name(name), **where)
    return call.find(_SERVICE, "deregister_scalable_target", **where) is not None
