# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""From facts to findings, case by case, without a socket."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from pipecat_sagemaker_deepgram.doctor import Check, CheckFailure, Facts, Failure, Problem, Status
from pipecat_sagemaker_deepgram.doctor.account_facts import (
    ClockReading,
    Container,
    EndpointFacts,
    Identity,
    Keys,
    Place,
    Region,
    Simulation,
    Variant,
)
from pipecat_sagemaker_deepgram.doctor.candidates import candidates
from pipecat_sagemaker_deepgram.doctor.diagnosis import diagnose, obstacle
from pipecat_sagemaker_deepgram.doctor.facts import (
    Attempt,
    HeardSpeech,
    Names,
    Opened,
    Said,
    Secured,
    Support,
    TcpConnected,
)
from pipecat_sagemaker_deepgram.doctor.failures import Skipped

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOVA = candidates("nova-3", "en")[0]
FLUX = candidates("flux-general-en", None)[0]
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/ears"

SOUND = Facts(
    endpoint_name="ears",
    now=NOW,
    region=Region(name="us-east-1", source="--region"),
    place=Place(host="runtime.sagemaker.us-east-1.amazonaws.com", port=8443),
    keys=Keys(source="sso", key_hint="ASIA...1234", expires_at=NOW + timedelta(minutes=90)),
    identity=Identity(arn="arn:aws:sts::123456789012:assumed-role/bot/me", account="123456789012"),
    clock=ClockReading(offset=0.3),
    endpoint=EndpointFacts(
        arn=ARN, status="InService", variants=(Variant(name="AllTraffic", instances=2),)
    ),
    neighbours=(),
    container=Container(package="arn:aws:sagemaker:us-east-1:1:model-package/deepgram-nova-3"),
    simulation=Simulation(decision="allowed"),
    names=Names(addresses=("192.0.2.1",)),
    tcp=TcpConnected(peer="192.0.2.1:8443", seconds=0.01),
    tls=Secured(version="TLSv1.3", issuer="Amazon", seconds=0.05),
    attempts=(
        Attempt(
            candidate=NOVA,
            opened=Opened(seconds=0.4, request_id="id-1", variant="AllTraffic"),
            said=Said(is_deepgram=True, model="general-nova-3"),
        ),
    ),
    capabilities={},
    speech=HeardSpeech(text="hello", is_final=True, first_words_delay=0.3, final_delay=0.6),
)


def refused(status: int, code: str, message: str = "no") -> tuple[Attempt, ...]:
    opened = Failure(kind=CheckFailure.ANSWER, message=message, status=status, code=code)
    return (Attempt(candidate=NOVA, opened=opened),)


def failed(kind: CheckFailure, message: str = "it failed") -> Failure:
    return Failure(kind=kind, message=message)


REJECTED_DATE = Failure(
    kind=CheckFailure.ANSWER, message="Signature expired", status=403, code="RequestExpired"
)


def found(check: Check, facts: Facts) -> tuple[Status, Problem | None, str]:
    finding = next(each for each in diagnose(facts) if each.check is check)
    return finding.status, finding.problem, str(finding)


def test_all_that_is_sound_is_said_to_be_so() -> None:
    findings = diagnose(SOUND)
    assert [each.check for each in findings] == list(Check)
    assert {each.status for each in findings} == {Status.OK}
    assert [str(each) for each in findings] == [
        "found by sso, key ASIA...1234, arn:aws:sts::123456789012:assumed-role/bot/me, "
        "expires in 1 h 30 min",
        "agrees with AWS's",
        "us-east-1 (from --region)",
        "InService, variants: AllTraffic x2",
        "model package deepgram-nova-3",
        "sagemaker:InvokeEndpointWithBidirectionalStream is allowed: the handshake was accepted",
        "runtime.sagemaker.us-east-1.amazonaws.com is 192.0.2.1",
        "192.0.2.1:8443 accepts connections (10 ms)",
        "TLSv1.3 and HTTP/2, certificate by Amazon (50 ms)",
        "accepted in 0.40 s, variant AllTraffic, request id id-1",
        "the container answers on v1/listen (model nova-3, language en)",
        "Deepgram Nova, general-nova-3",
        'heard "hello"',
        "first words 0.30 s after their audio was sent, first final 0.60 s after its last word",
    ]


@pytest.mark.parametrize("name", [each.name for each in fields(Facts) if each.default is None])
def test_nothing_is_judged_beyond_a_missing_fact(name: str) -> None:
    partial = diagnose(replace(SOUND, **{name: None}))
    assert partial == diagnose(SOUND)[: len(partial)]


def test_with_the_time_up_at_once_every_check_has_its_line() -> None:
    missing = [each.name for each in fields(Facts) if each.default is None]
    facts = replace(SOUND, **dict.fromkeys(missing, Skipped()))
    facts = replace(facts, keys=failed(CheckFailure.CREDENTIALS))
    assert [each.check for each in diagnose(facts)] == list(Check)


# Credentials and clock


def test_missing_credentials_come_with_what_a_command_can_be_given() -> None:
    keys = replace(failed(CheckFailure.CREDENTIALS), advice="hand the service some")
    _, problem, text = found(Check.CREDENTIALS, replace(SOUND, keys=keys))
    assert problem is Problem.CREDENTIALS_MISSING
    assert "AWS_PROFILE" in text
    assert "hand the service" not in text


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_expiry_is_read_in_every_dialect(code: str) -> None:
    identity = Failure(kind=CheckFailure.ANSWER, message="old", status=403, code=code)
    status, problem, text = found(Check.CREDENTIALS, replace(SOUND, identity=identity))
    assert (status, problem) == (Status.PROBLEM, Problem.CREDENTIALS_EXPIRED)
    assert "log in again" in text


def test_a_wrong_clock_is_not_blamed_on_the_credentials() -> None:
    identity = Failure(
        kind=CheckFailure.ANSWER,
        message="Signature expired: 20201119T000000Z is now earlier than 20201119T001500Z",
        status=403,
        code="SignatureDoesNotMatch",
    )
    facts = replace(SOUND, identity=identity, clock=ClockReading(offset=-900.0))
    assert found(Check.CREDENTIALS, facts)[:2] == (Status.UNKNOWN, None)
    status, problem, text = found(Check.CLOCK, facts)
    assert (status, problem) == (Status.PROBLEM, Problem.CLOCK_WRONG)
    assert text.startswith("this machine's clock is 900 s behind AWS's. Set")


@pytest.mark.parametrize(
    ("offset", "status", "words"),
    [
        (-1.0, Status.OK, "agrees"),
        (30.0, Status.OK, "within a minute"),
        (200.0, Status.OK, "200 s ahead of AWS's, which is still accepted"),
        (301.0, Status.PROBLEM, "301 s ahead"),
    ],
)
def test_the_clock_is_judged_by_what_aws_accepts(offset: float, status: Status, words: str) -> None:
    said = found(Check.CLOCK, replace(SOUND, clock=ClockReading(offset=offset)))
    assert said[0] is status
    assert words in said[2]


def test_credentials_that_sts_cannot_be_asked_about_hold_when_the_stream_opens() -> None:
    facts = replace(SOUND, identity=failed(CheckFailure.UNREACHABLE, "no route to STS"))
    status, _, text = found(Check.CREDENTIALS, facts)
    assert status is Status.OK
    assert "their owner is unknown (no route to STS)" in text


# Region and endpoint


def test_a_region_that_botocore_does_not_know_may_be_new() -> None:
    region = Region(name="us-east-9", source="AWS_REGION", is_known=False)
    place = Place(host="vpce.example", port=8443)
    assert found(Check.REGION, replace(SOUND, region=region, place=place))[0] is Status.UNKNOWN


@pytest.mark.parametrize(
    "host",
    [
        "runtime.sagemaker.eu-west-1.amazonaws.com",
        "runtime-fips.sagemaker.us-gov-west-1.amazonaws.com",
        "vpce-1-a.runtime.sagemaker.us-west-2.vpce.amazonaws.com",
    ],
)
def test_the_region_of_aws_host_names_is_read(host: str) -> None:
    facts = replace(SOUND, place=Place(host=host, port=8443))
    assert found(Check.REGION, facts)[1] is Problem.REGION_MISMATCH


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("InService", None),
        ("Updating", None),
        ("SystemUpdating", None),
        ("RollingBack", None),
        ("Creating", Problem.ENDPOINT_NOT_READY),
        ("Failed", Problem.ENDPOINT_FAILED),
        ("UpdateRollbackFailed", Problem.ENDPOINT_FAILED),
        ("Deleting", Problem.ENDPOINT_GONE),
        ("OutOfService", Problem.ENDPOINT_GONE),
    ],
)
def test_every_endpoint_status_has_its_meaning(status: str, problem: Problem | None) -> None:
    endpoint = EndpointFacts(arn=ARN, status=status, failure_reason="a reason")
    _, said, text = found(Check.ENDPOINT, replace(SOUND, endpoint=endpoint))
    assert said is problem
    assert status in text
    assert "a reason" in text


def test_an_instance_in_one_variant_is_enough() -> None:
    variants = (Variant(name="a", instances=0), Variant(name="b"))
    endpoint = EndpointFacts(arn=ARN, status="InService", variants=variants)
    said = found(Check.ENDPOINT, replace(SOUND, endpoint=endpoint))
    assert said == (Status.OK, None, "InService, variants: a x0, b x?")


NOT_FOUND = Failure(
    kind=CheckFailure.ANSWER,
    message='Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/ears".',
    status=400,
    code="ValidationException",
)
DENIED = Failure(
    kind=CheckFailure.ANSWER, message="not you", status=400, code="AccessDeniedException"
)


@pytest.mark.parametrize(
    ("neighbours", "advice"),
    [
        (
            ("mouth", "my-ears", "nose"),
            "Existing endpoints: my-ears, mouth, nose. Otherwise, it may be in",
        ),
        (
            ("a", "b", "c", "d", "e", "f", "g"),
            "Existing endpoints: a, b, c, d, e and 2 more. Otherwise,",
        ),
        ((), "There are no endpoints there: it may be in another region"),
        (DENIED, "Check its name; it may be in another region"),
    ],
)
def test_a_name_that_is_not_found_is_answered_with_those_there_are(
    neighbours: tuple[str, ...] | Failure, advice: str
) -> None:
    facts = replace(SOUND, endpoint=NOT_FOUND, neighbours=neighbours)
    _, problem, text = found(Check.ENDPOINT, facts)
    assert problem is Problem.ENDPOINT_NOT_FOUND
    assert advice in text


# Container

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/bots:1"


@pytest.mark.parametrize(
    ("container", "status", "text"),
    [
        (Container(package="arn:aws:sagemaker:r:1:model-package/nova"), Status.OK, "package nova"),
        (Container(image=IMAGE, label="true"), Status.OK, "is labelled for bidirectional"),
        (Container(image=IMAGE, label=""), Status.PROBLEM, "lacks the label com.amazonaws."),
        (Container(image=IMAGE, label="false"), Status.PROBLEM, "lacks the label com.amazonaws."),
        (Container(image=IMAGE, why="not you"), Status.UNKNOWN, "could not be read (not you)"),
        (DENIED, Status.UNKNOWN, "DescribeEndpointConfig or DescribeModel is not permitted with"),
        (Skipped(Check.ENDPOINT), Status.SKIPPED, "needs endpoint"),
    ],
)
def test_an_image_without_the_label_is_a_problem_and_what_may_not_be_seen_is_unknown(
    container: Container | Failure | Skipped, status: Status, text: str
) -> None:
    said = found(Check.CONTAINER, replace(SOUND, container=container))
    assert said[0] is status
    assert (said[1] is Problem.LABEL_MISSING) is (status is Status.PROBLEM)
    assert text in said[2]


# Whole sentences


@pytest.mark.parametrize(
    ("check", "facts", "end"),
    [
        (
            Check.CREDENTIALS,
            replace(SOUND, identity=REJECTED_DATE),
            "whether AWS accepts them cannot be determined until the clock is right",
        ),
        (
            Check.PORT,
            replace(SOUND, tcp=failed(CheckFailure.REFUSED)),
            "no server is there, or a firewall rejects it. Allow outgoing TCP",
        ),
        (
            Check.TLS,
            replace(SOUND, tls=failed(CheckFailure.TLS)),
            "whether there is a firewall or proxy in between.",
        ),
        (
            Check.HANDSHAKE,
            replace(SOUND, attempts=(Attempt(candidate=NOVA, opened=failed(CheckFailure.LOST)),)),
            "look for a proxy or firewall that cuts the connection.",
        ),
    ],
)
def test_no_sentence_breaks_off(check: Check, facts: Facts, end: str) -> None:
    assert end in found(check, facts)[2]


# Permission


def test_the_handshake_knows_better_than_the_simulation() -> None:
    facts = replace(SOUND, simulation=Simulation(decision="implicitDeny"))
    assert found(Check.PERMISSION, facts)[0] is Status.OK
    facts = replace(SOUND, attempts=refused(403, "AccessDeniedException"))
    status, problem, text = found(Check.PERMISSION, facts)
    assert (status, problem) == (Status.PROBLEM, Problem.NOT_ALLOWED)
    assert f"Allow this action on {ARN}" in text
    assert found(Check.HANDSHAKE, facts)[0] is Status.SKIPPED


@pytest.mark.parametrize("status", [424, 429])
def test_who_is_refused_later_was_allowed(status: int) -> None:
    facts = replace(SOUND, attempts=refused(status, ""), simulation=Skipped("time"))
    assert found(Check.PERMISSION, facts)[0] is Status.OK


def test_where_nobody_can_tell_the_permission_is_unknown() -> None:
    denied = Failure(kind=CheckFailure.ANSWER, message="no", status=403, code="AccessDenied")
    facts = replace(SOUND, simulation=denied, attempts=Skipped("port"))
    assert found(Check.PERMISSION, facts)[0] is Status.UNKNOWN


# The way there


def test_port_443_is_reported_as_the_wrong_one() -> None:
    """On 443 SageMaker's host accepts a connection and never answers."""
    attempts = (Attempt(candidate=NOVA, opened=failed(CheckFailure.TIMEOUT, "no answer")),)
    host = "runtime.sagemaker.us-east-1.amazonaws.com"
    facts = replace(SOUND, attempts=attempts, place=Place(host=host, port=443))
    assert found(Check.HANDSHAKE, facts)[1] is Problem.WRONG_PORT
    facts = replace(facts, place=Place(host=host, port=8443))
    assert found(Check.HANDSHAKE, facts)[1] is Problem.NO_ANSWER


def test_a_blocked_port_is_named_with_what_to_open() -> None:
    facts = replace(SOUND, tcp=failed(CheckFailure.TIMEOUT, "no answer within 5 s"))
    _, problem, text = found(Check.PORT, facts)
    assert problem is Problem.PORT_BLOCKED
    assert "runtime.sagemaker.us-east-1.amazonaws.com:8443 is blocked" in text
    assert "Allow outgoing TCP" in text


def test_a_proxy_on_the_way_is_what_is_looked_at() -> None:
    place = Place(host="runtime.example", port=8443, proxy="proxy.example:3128")
    facts = replace(SOUND, place=place, tcp=failed(CheckFailure.REFUSED))
    assert found(Check.NAME, facts)[2] == "proxy proxy.example is 192.0.2.1"
    assert found(Check.PORT, facts)[2].startswith("proxy proxy.example:3128 refuses")


def test_an_address_is_not_said_to_mean_itself() -> None:
    facts = replace(
        SOUND, place=Place(host="::1", port=8443), names=Names(addresses=("::1", "::1"))
    )
    assert found(Check.NAME, facts)[:2] == (Status.OK, None)
    assert found(Check.NAME, facts)[2] == "::1 is an IP address"


def test_no_route_is_told_apart_from_a_firewall() -> None:
    facts = replace(SOUND, tcp=failed(CheckFailure.UNREACHABLE, "Network is unreachable"))
    assert found(Check.PORT, facts)[1] is Problem.PORT_UNREACHABLE


# Streams


@pytest.mark.parametrize(
    ("status", "code", "message", "check", "problem"),
    [
        (400, "ThrottlingException", "Rate", Check.HANDSHAKE, Problem.THROTTLED),
        (500, "InternalServerError", "Sorry", Check.HANDSHAKE, Problem.SERVICE_FAILED),
        (400, "InputValidationError", "no such", Check.HANDSHAKE, Problem.REQUEST_REFUSED),
        (404, "UnknownOperationException", "?", Check.HANDSHAKE, Problem.REQUEST_REFUSED),
        (424, "ModelError", "WebSocket", Check.PATH, Problem.MODEL_REFUSED),
        (
            400,
            "ValidationException",
            "Endpoint ears of account 1 not found.",
            Check.HANDSHAKE,
            None,
        ),
    ],
)
def test_each_refusal_has_its_place(
    status: int, code: str, message: str, check: Check, problem: Problem | None
) -> None:
    assert found(check, replace(SOUND, attempts=refused(status, code, message)))[1] is problem


def test_a_url_of_another_region_is_not_blamed_on_the_clock() -> None:
    """The transport's advice for every signature that is refused fits a service, not this cause."""
    opened = Failure(
        kind=CheckFailure.ANSWER,
        message="Credential should be scoped to a valid region.",
        advice="Check this machine's clock and the secret access key.",
        status=403,
        code="InvalidSignatureException",
    )
    attempts = (Attempt(candidate=NOVA, opened=opened),)
    _, problem, text = found(Check.HANDSHAKE, replace(SOUND, attempts=attempts))
    assert problem is Problem.REGION_MISMATCH
    assert "make --region and the URL name the same region" in text
    assert "clock" not in text


def test_a_refusal_that_means_nothing_known_keeps_the_advice_of_its_status() -> None:
    opened = replace(failed(CheckFailure.ANSWER), status=400, code="Odd", advice="Look there.")
    attempts = (Attempt(candidate=NOVA, opened=opened),)
    assert found(Check.HANDSHAKE, replace(SOUND, attempts=attempts))[2] == "it failed. Look there."


def test_the_attempt_that_came_farthest_counts() -> None:
    attempts = (*refused(424, "ModelError"), *(SOUND.attempts or ()))  # type: ignore[misc]
    assert diagnose(replace(SOUND, attempts=attempts)) == diagnose(SOUND)


def test_deepgrams_own_error_is_repeated() -> None:
    said = Said(is_deepgram=True, error="DATA-0000: bad audio")
    attempts = (Attempt(candidate=NOVA, opened=Opened(seconds=0.1), said=said),)
    _, problem, text = found(Check.MODEL, replace(SOUND, attempts=attempts))
    assert problem is Problem.CONTAINER_FAILED
    assert "DATA-0000: bad audio" in text


def test_what_a_bundle_can_do_is_listed() -> None:
    said = Said(is_deepgram=True)
    attempts = (Attempt(candidate=FLUX, opened=Opened(seconds=0.1), said=said),)
    capabilities = {"Configure": Support.YES, "numerals": Support.UNKNOWN}
    facts = replace(SOUND, attempts=attempts, capabilities=capabilities)
    assert "(Configure: yes, numerals: unknown)" in found(Check.MODEL, facts)[2]


def test_without_a_recording_speech_is_unknown() -> None:
    none = Failure(kind=CheckFailure.NOT_POSSIBLE, message="no recording", advice="Pass --audio.")
    facts = replace(SOUND, speech=none)
    assert found(Check.TRANSCRIPT, facts) == (
        Status.UNKNOWN,
        None,
        "no recording. Pass --audio.",
    )
    assert found(Check.LATENCY, facts)[0] is Status.SKIPPED


def test_words_without_a_final_are_said_to_be_so() -> None:
    facts = replace(SOUND, speech=HeardSpeech(text="hel", first_words_delay=0.2))
    assert found(Check.TRANSCRIPT, facts)[2] == 'heard "hel", but no final arrived'
    assert found(Check.LATENCY, facts)[2] == "first words 0.20 s after their audio was sent"


def test_slow_words_are_a_problem() -> None:
    speech = HeardSpeech(text="hello", is_final=True, first_words_delay=2.5, final_delay=3.0)
    assert found(Check.LATENCY, replace(SOUND, speech=speech))[1] is Problem.SLOW


# What stands in the way


def test_an_obstacle_is_what_is_known_not_to_hold() -> None:
    assert obstacle(SOUND, tuple(Check)) is None
    facts = replace(SOUND, tcp=failed(CheckFailure.REFUSED), tls=Skipped(Check.PORT))
    assert obstacle(facts, (Check.CREDENTIALS, Check.TLS, Check.PORT)) is Check.TLS


def test_what_is_unknown_or_not_gathered_yet_is_no_obstacle() -> None:
    facts = replace(SOUND, endpoint=failed(CheckFailure.UNREACHABLE), attempts=None, clock=None)
    assert obstacle(facts, (Check.CLOCK, Check.ENDPOINT)) is None
