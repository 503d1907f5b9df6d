# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Switching Application Auto Scaling on and off."""

from pipecat_sagemaker_deepgram.deploy.calls import Calls
from pipecat_sagemaker_deepgram.deploy.scaling import Scaling, place, policy_name

_SERVICE = "application-autoscaling"


def start_scaling(call: Calls, name: str, variant: str, scaling: Scaling) -> None:
    """Scale a variant with the number of its streams.

    Args:
        call: Calls AWS.
        name: The endpoint.
        variant: Its variant.
        scaling: The limits and the target.

    Raises:
        DeploymentError: AWS refused the call.
    """
    call(_SERVICE, "register_scalable_target", **scaling.target_request(name, variant))
    call(_SERVICE, "put_scaling_policy", **scaling.policy_request(name, variant))


def stop_scaling(call: Calls, name: str, variant: str) -> bool:
    """Stop scaling a variant; the alarms of the policy are deleted with it.

    Args:
        call: Calls AWS.
        name: The endpoint.
        variant: Its variant.

    Returns:
        Whether it had been scaling automatically.

    Raises:
        DeploymentError: AWS refused the call.
    """
    where = place(name, variant)
    call.find(_SERVICE, "delete_scaling_policy", PolicyName=policy_name(name), **where)
    return call.find(_SERVICE, "deregister_scalable_target", **where) is not None
