# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Why AWS refused a deployment, and what to do. Pure.

The phrases are AWS's own: its services give no distinct codes for these cases.
"""

import re
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError


class DeploymentError(SageMakerDeepgramError):
    """A deployment could not be created, changed or deleted.

    Attributes:
        operation: The AWS operation that failed; empty if none was refused.
        code: AWS's error code; empty if none was given.
    """

    def __init__(
        self, message: str, *, advice: str = "", operation: str = "", code: str = ""
    ) -> None:
        super().__init__(message, advice=advice)
        self.operation = operation
        self.code = code


@dataclass(frozen=True)
class _Meaning:
    pattern: re.Pattern[str]
    advice: str


def _meaning(words: str, advice: str) -> _Meaning:
    return _Meaning(re.compile(words, re.IGNORECASE), advice)


_REFUSALS = (
    _meaning(
        r"account-level service limit|ResourceLimitExceeded",
        "Ask for more in Service Quotas, under Amazon SageMaker, by the name in quotes, or "
        "choose another --instance-type for which there is a quota.",
    ),
    _meaning(
        r"could not assume role",
        "Check the role's ARN, and that its trust policy lets sagemaker.amazonaws.com assume it.",
    ),
    _meaning(
        r"iam:PassRole",
        "The deploying credentials need iam:PassRole on the execution role, for "
        "sagemaker.amazonaws.com.",
    ),
    _meaning(
        r"cannot create already existing",
        "Choose another name, or delete the existing one with: pipecat-sagemaker-deepgram deploy "
        "delete NAME",
    ),
    _meaning(
        r"unsupported manifest media type",
        "Build the image with --provenance=false and for linux/amd64, as deployment/build-and-push "
        "does, and push it again.",
    ),
    _meaning(
        r"requested image .* not found|using non-ecr image",
        "Push the image to ECR in this region first, and give its full URI with the tag.",
    ),
    _meaning(
        r"not subscribed",
        "Subscribe this account to the product in AWS Marketplace, then try again.",
    ),
    _meaning(
        r"environment variable map cannot be specified",
        "This listing does not accept environment variables: omit --env.",
    ),
    _meaning(
        r"model.?package",
        "A model package ARN is valid in one region only: copy the one that Marketplace shows "
        "for yours.",
    ),
    _meaning(
        r"not authorized to perform|AccessDenied",
        "Allow the action that it names for the deploying credentials.",
    ),
    _meaning(r"throttl|rate exceeded", "Wait a minute and try again."),
    _meaning(
        r"ExpiredToken|security token included in the request",
        "Renew the credentials; for SSO, log in again.",
    ),
)

_FAILURES = (
    _meaning(
        r"insufficientinstancecapacity|insufficient capacity|unable to provision",
        "AWS has no such instance available: try again later, or try another --instance-type or "
        "region.",
    ),
    _meaning(
        r"ping health check|did not pass the ping",
        "The container started, but did not answer GET /ping on port 8080 with 200 in time.",
    ),
    _meaning(
        r"cannotstartcontainer|starts correctly when invoked",
        "SageMaker runs the image as 'docker run IMAGE serve', for linux/amd64: try that command.",
    ),
    *_REFUSALS,
)


def refusal(operation: str, code: str, message: str) -> DeploymentError:
    """Interpret a refused call.

    Args:
        operation: The operation.
        code: AWS's error code.
        message: AWS's message.
    """
    return DeploymentError(
        f"{operation} was refused: {message.strip().rstrip('.')} ({code})",
        advice=_advice(_REFUSALS, f"{code} {message}"),
        operation=operation,
        code=code,
    )


def failed_endpoint(name: str, status: str, reason: str) -> DeploymentError:
    """Interpret an endpoint's final state other than InService.

    Args:
        name: The endpoint.
        status: Its ``EndpointStatus``.
        reason: Its ``FailureReason``; may be empty.
    """
    because = f": {reason.strip().rstrip('.')}" if reason else ""
    hint = _advice(_FAILURES, reason)
    log = f"Its log group is /aws/sagemaker/Endpoints/{name}."
    remove = f"Delete it with: pipecat-sagemaker-deepgram deploy delete {name}"
    return DeploymentError(
        f"endpoint {name} is {status}{because}",
        advice=" ".join(each for each in (hint, log, remove) if each),
    )


def is_missing(code: str, message: str) -> bool:
    """Whether an error means that the object does not exist."""
    words = ("could not find", "does not exist", "no scaling policy", "no scalable target")
    return "NotFound" in code or any(each in message.lower() for each in words)


def is_in_progress(message: str) -> bool:
    """Whether an error means that an endpoint is still being created or updated."""
    return "cannot update in-progress endpoint" in message.lower()


def _advice(meanings: tuple[_Meaning, ...], text: str) -> str:
    return next((each.advice for each in meanings if each.pattern.search(text)), "")
