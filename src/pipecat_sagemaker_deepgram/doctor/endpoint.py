# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of the endpoint and of the permission to use it. Pure."""

from difflib import get_close_matches

from pipecat_sagemaker_deepgram.doctor.account_facts import (
    Container,
    EndpointFacts,
    Identity,
    Region,
    Simulation,
)
from pipecat_sagemaker_deepgram.doctor.answers import Meaning, meaning_of
from pipecat_sagemaker_deepgram.doctor.facts import (
    Facts,
    Opened,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    Skipped,
)
from pipecat_sagemaker_deepgram.doctor.findings import (
    Check,
    Finding,
    Problem,
    ok,
    skipped,
    unknown,
    wrong,
)

INVOKE_ACTION = "sagemaker:InvokeEndpointWithBidirectionalStream"
"""The IAM action that permits opening a stream; ``sagemaker:InvokeEndpoint`` does not include
it."""

STREAMING_LABEL = "com.amazonaws.sagemaker.capabilities.bidirectional-streaming"
"""The image label that bidirectional streaming requires (AWS Developer Guide, "Bidirectional
streaming")."""

_MOST_SHOWN = 5
_NOT_READY = {"Creating"}
_SERVING = {"InService", "Updating", "SystemUpdating", "RollingBack"}
_GONE = {"Deleting", "OutOfService"}


# Endpoint


def judge_endpoint(facts: Facts) -> Finding | None:
    """Check that the endpoint exists, is in service and has instances.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.ENDPOINT
    match facts.endpoint:
        case None:
            return None
        case EndpointFacts():
            return _judge_description(facts.endpoint)
    if meaning_of(facts.endpoint) is Meaning.NOT_FOUND:
        return _not_found(facts)
    if facts.attempts is None:
        return None
    if meaning_of(facts.refusal()) is Meaning.NOT_FOUND:
        return _not_found(facts)
    if isinstance(facts.endpoint, Skipped):
        return skipped(check, facts.endpoint.needs)
    best = facts.best()
    seen = "it responds, but " if best and isinstance(best.opened, Opened) else ""
    return unknown(check, f"{seen}{_not_called('DescribeEndpoint', facts.endpoint)}")


def _not_found(facts: Facts) -> Finding | None:
    if facts.neighbours is None:
        return None
    where = facts.region.name if isinstance(facts.region, Region) else "this region"
    whose = f" of account {facts.identity.account}" if isinstance(facts.identity, Identity) else ""
    return wrong(
        Check.ENDPOINT,
        Problem.ENDPOINT_NOT_FOUND,
        f"there is no endpoint {facts.endpoint_name} in {where}{whose}",
        _instead(facts),
    )


def _instead(facts: Facts) -> str:
    elsewhere = "it may be in another region or account, or it was never created."
    names = facts.neighbours
    if not isinstance(names, tuple):
        return f"Check its name; {elsewhere}"
    if not names:
        return f"There are no endpoints there: {elsewhere}"
    alike = get_close_matches(facts.endpoint_name, names, n=1)
    shown = [*alike, *(each for each in names if each not in alike)][:_MOST_SHOWN]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"Existing endpoints: {', '.join(shown)}{more}. Otherwise, {elsewhere}"


def _judge_description(endpoint: EndpointFacts) -> Finding:
    check, reason = Check.ENDPOINT, endpoint.failure_reason
    because = f": {reason}" if reason else ""
    text = f"its status is {endpoint.status}{because}"
    if endpoint.status in _NOT_READY:
        advice = "Wait until it is InService; a large model takes many minutes."
        return wrong(check, Problem.ENDPOINT_NOT_READY, text, advice)
    if endpoint.status in _GONE:
        advice = "Create it again, or use another one."
        return wrong(check, Problem.ENDPOINT_GONE, text, advice)
    if endpoint.status not in _SERVING:
        advice = f"Its log group is /aws/sagemaker/Endpoints/{_name_of(endpoint)}."
        return wrong(check, Problem.ENDPOINT_FAILED, text, advice)
    variants = ", ".join(f"{each.name} x{_count(each.instances)}" for each in endpoint.variants)
    if endpoint.variants and all(each.instances == 0 for each in endpoint.variants):
        text = f"{endpoint.status}, but no instance is serving ({variants})"
        advice = "Increase the variant's instance count, or wait for automatic scaling to do it."
        return wrong(check, Problem.NO_INSTANCES, text, advice)
    return ok(check, f"{endpoint.status}, variants: {variants or 'none reported'}{because}")


def _name_of(endpoint: EndpointFacts) -> str:
    return endpoint.arn.rpartition("/")[2]


def _count(instances: int | None) -> str:
    return "?" if instances is None else str(instances)


# Container


def judge_container(facts: Facts) -> Finding | None:
    """Check that SageMaker will open a WebSocket to the container.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.CONTAINER
    match facts.container:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
        case Failure():
            return unknown(
                check, _not_called("DescribeEndpointConfig or DescribeModel", facts.container)
            )
        case Container(package=package) if package:
            return ok(check, f"model package {package.rpartition('/')[2]}")
        case Container(image=image, label=None, why=why):
            return unknown(check, f"image {image}, whose labels could not be read ({why})")
        case Container(image=image, label="true"):
            return ok(check, f"image {image} is labelled for bidirectional streaming")
    return wrong(
        check,
        Problem.LABEL_MISSING,
        f"image {facts.container.image} lacks the label {STREAMING_LABEL}=true, so SageMaker "
        "does not open a WebSocket to it",
        "Add the label to its Dockerfile, push the image, and deploy it again.",
    )


# Permission


def judge_permission(facts: Facts) -> Finding | None:
    """Check that the credentials permit opening a stream.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.PERMISSION
    if facts.attempts is None or facts.simulation is None:
        return None
    best = facts.best()
    refusal = meaning_of(facts.refusal())
    if refusal is Meaning.DENIED:
        return _not_allowed("SageMaker refuses it", facts)
    if best and (isinstance(best.opened, Opened) or refusal in _PAST_PERMISSION):
        return ok(check, f"{INVOKE_ACTION} is allowed: the handshake was accepted")
    match facts.simulation:
        case Simulation(decision="allowed"):
            return ok(check, f"{INVOKE_ACTION} is allowed, according to IAM's simulation")
        case Simulation(decision=decision):
            return _not_allowed(f"IAM's simulation returns {decision}", facts)
        case Skipped(needs=needs):
            return skipped(check, needs)
    return unknown(check, f"{INVOKE_ACTION}: {_not_called('IAM', facts.simulation)}")


_PAST_PERMISSION = {Meaning.MODEL, Meaning.THROTTLED}


def _not_allowed(who: str, facts: Facts) -> Finding:
    arn = facts.endpoint.arn if isinstance(facts.endpoint, EndpointFacts) else ""
    resource = arn or f"endpoint {facts.endpoint_name}"
    return wrong(
        Check.PERMISSION,
        Problem.NOT_ALLOWED,
        f"{INVOKE_ACTION} is not allowed: {who}",
        f"Allow this action on {resource}; sagemaker:InvokeEndpoint does not include it.",
    )


def _not_called(what: str, why: Failure) -> str:
    if meaning_of(why) is Meaning.DENIED:
        return f"{what} is not permitted with these credentials"
    if why.kind is CheckFailure.NOT_POSSIBLE:
        return why.message
    return f"{what} could not be called ({why.message})"
