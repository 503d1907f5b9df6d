# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The calls of AWS's control plane that the emulator answers; it verifies their signatures.

| call | protocol |
|---|---|
| SageMaker ``DescribeEndpoint`` | AWS JSON 1.1: ``X-Amz-Target: SageMaker.DescribeEndpoint`` |
| SageMaker ``DescribeEndpointConfig``, ``DescribeModel``, ``ListEndpoints`` | likewise |
| STS ``GetCallerIdentity`` | AWS query: a form in, XML out |
| IAM ``SimulatePrincipalPolicy`` | AWS query |

Members are those of the service models (STS 2011-06-15, IAM 2010-05-08); ``sagemaker_calls`` has
those of SageMaker.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from pipecat_sagemaker_deepgram.emulator.api import sagemaker_calls
from pipecat_sagemaker_deepgram.emulator.endpoint import EmulatedEndpoint
from pipecat_sagemaker_deepgram.emulator.errors import ErrorAnswer
from pipecat_sagemaker_deepgram.emulator.http.sigv4 import SignedRequest, body_hash, verify_request

_JSON = "application/x-amz-json-1.1"
_XML = "text/xml"
_IAM_REGION = "us-east-1"
_STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
_QUERY_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "UnrecognizedClientException": "InvalidClientTokenId",
}
"""Codes of the query protocol where they differ from those of JSON services."""


class CallAnswer(NamedTuple):
    """The response to a call."""

    status: int
    content_type: str
    body: str


type Parameters = Mapping[str, str]
type Perform = Callable[[Parameters, EmulatedEndpoint], str]


@dataclass(frozen=True)
class _Call:
    service: str
    action: str
    perform: Perform
    is_open_to_all: bool = False


def answer_call(
    request: SignedRequest, body: bytes, endpoint: EmulatedEndpoint, now: datetime
) -> CallAnswer:
    """Answers a call of the control plane.

    Args:
        request: The request.
        body: The whole body.
        endpoint: The emulated endpoint.
        now: The time of day, aware.
    """
    is_json = request.value("x-amz-target") is not None
    try:
        name, parameters = _read(request, body)
        if (call := _CALLS.get(name)) is None:
            raise ErrorAnswer(404, "UnknownOperationException", f"There is no {name} here.")
        _admit(call, request, body, endpoint, now)
        result = call.perform(parameters, endpoint)
    except ErrorAnswer as error:
        return _json_error(error) if is_json else _xml_error(error)
    return CallAnswer(200, _JSON if is_json else _XML, result)


def _read(request: SignedRequest, body: bytes) -> tuple[str, Parameters]:
    try:
        if (target := request.value("x-amz-target")) is not None:
            members = json.loads(body or b"{}")
            return target, {str(key): str(value) for key, value in members.items()}
        form = dict(parse_qsl(body.decode(), strict_parsing=True))
    except (ValueError, AttributeError) as error:
        raise ErrorAnswer(400, "SerializationException", "The body cannot be read.") from error
    return form.get("Action", "an action without a name"), form


def _admit(
    call: _Call, request: SignedRequest, body: bytes, endpoint: EmulatedEndpoint, now: datetime
) -> None:
    verify_request(
        request,
        credentials=endpoint.credentials,
        region=_IAM_REGION if call.service == "iam" else endpoint.region,
        now=now,
        max_skew=endpoint.settings.max_clock_skew,
        service=call.service,
        payload=body_hash(body),
    )
    if call.action in endpoint.control_plane.denied and not call.is_open_to_all:
        arn = endpoint.principal_arn
        message = f"User: {arn} is not authorized to perform: {call.action}"
        raise ErrorAnswer(403, "AccessDeniedException", message)


# One function per call


def _get_caller_identity(parameters: Parameters, endpoint: EmulatedEndpoint) -> str:
    account = endpoint.settings.account
    arn = endpoint.principal_arn
    result = f"<Arn>{escape(arn)}</Arn><UserId>AIDAEMULATED</UserId><Account>{account}</Account>"
    return _xml("GetCallerIdentity", result, _STS_NAMESPACE)


def _simulate_principal_policy(parameters: Parameters, endpoint: EmulatedEndpoint) -> str:
    action = parameters.get("ActionNames.member.1", "")
    resource = parameters.get("ResourceArns.member.1", "*")
    decision = "implicitDeny" if action in endpoint.control_plane.denied else "allowed"
    result = (
        "<IsTruncated>false</IsTruncated><EvaluationResults><member>"
        f"<EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{decision}</EvalDecision>"
        "</member></EvaluationResults>"
    )
    return _xml("SimulatePrincipalPolicy", result, _IAM_NAMESPACE)


_CALLS = {
    **{
        f"SageMaker.{name}": _Call("sagemaker", f"sagemaker:{name}", perform)
        for name, perform in {
            "DescribeEndpoint": sagemaker_calls.describe_endpoint,
            "DescribeEndpointConfig": sagemaker_calls.describe_endpoint_config,
            "DescribeModel": sagemaker_calls.describe_model,
            "ListEndpoints": sagemaker_calls.list_endpoints,
        }.items()
    },
    # AWS STS API reference, GetCallerIdentity: no permissions are required.
    "GetCallerIdentity": _Call(
        "sts", "sts:GetCallerIdentity", _get_caller_identity, is_open_to_all=True
    ),
    "SimulatePrincipalPolicy": _Call(
        "iam", "iam:SimulatePrincipalPolicy", _simulate_principal_policy
    ),
}


# The two protocols


def _xml(operation: str, result: str, namespace: str) -> str:
    return (
        f'<{operation}Response xmlns="{namespace}"><{operation}Result>{result}'
        f"</{operation}Result></{operation}Response>"
    )


def _json_error(error: ErrorAnswer) -> CallAnswer:
    # A JSON service answers 400 to what REST services answer 403 to.
    status = 400 if error.status == 403 else error.status
    body = json.dumps({"__type": error.code, "message": error.message})
    return CallAnswer(status, _JSON, body)


def _xml_error(error: ErrorAnswer) -> CallAnswer:
    code = _QUERY_CODES.get(error.code, error.code)
    body = (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{escape(code)}</Code><Message>{escape(error.message)}</Message>"
        "</Error></ErrorResponse>"
    )
    return CallAnswer(error.status, _XML, body)
