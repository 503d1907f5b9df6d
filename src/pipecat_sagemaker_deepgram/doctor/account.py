# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Judging the account: credentials, clock, region. Pure."""

import re
from datetime import datetime, timedelta

from pipecat_sagemaker_deepgram.doctor.account_facts import (
    ClockReading,
    Identity,
    Keys,
    Place,
    Region,
)
from pipecat_sagemaker_deepgram.doctor.answers import Meaning, meaning_of
from pipecat_sagemaker_deepgram.doctor.facts import (
    Facts,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    Failure,
    Skipped,
)
from pipecat_sagemaker_deepgram.doctor.findings import (
    Check,
    Finding,
    Problem,
    ok,
    unknown,
    wrong,
)

MAX_CLOCK_OFFSET = 300.0
"""Seconds by which a signature's date may be off (AWS, "Troubleshoot signed requests")."""

NOTABLE_CLOCK_OFFSET = 60.0
"""Seconds from which an offset is mentioned although it is still harmless."""

_CONFIGURE = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or set AWS_PROFILE to a working profile "
    "(for SSO, log in), or run where a container or instance role provides them."
)
_RENEW = "Renew the credentials; for SSO, log in again."
_HOST_REGION = re.compile(r"(?:^|\.)sagemaker\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.")


# Credentials


def judge_credentials(facts: Facts) -> Finding | None:
    """Check that AWS accepts the credentials, and report whose they are and when they expire.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.CREDENTIALS
    match facts.keys:
        case None:
            return None
        case Failure(message=message):
            return wrong(check, Problem.CREDENTIALS_MISSING, message, _CONFIGURE)
    keys = facts.keys
    if keys.expires_at is not None and keys.expires_at <= facts.now:
        text = f"{_named(keys)} expired at {_moment(keys.expires_at)}"
        return wrong(check, Problem.CREDENTIALS_EXPIRED, text, _RENEW)
    match facts.identity:
        case None:
            return None
        case Identity(arn=arn):
            return ok(check, f"{_named(keys)}, {arn}, {_expiry(keys, facts.now)}")
    return _judge_unnamed(facts, keys, facts.identity)


def _judge_unnamed(facts: Facts, keys: Keys, why: Failure | Skipped) -> Finding | None:
    evidence = meaning_of(why)
    if evidence not in _CREDENTIAL_PROBLEMS and evidence is not Meaning.WRONG_CLOCK:
        if facts.attempts is None:
            return None
        evidence = meaning_of(facts.refusal())
    if evidence is not None and evidence in _CREDENTIAL_PROBLEMS:
        problem, text, advice = _CREDENTIAL_PROBLEMS[evidence]
        return wrong(Check.CREDENTIALS, problem, f"{_named(keys)}: {text}", advice)
    if evidence is Meaning.WRONG_CLOCK:
        text = (
            f"{_named(keys)}; whether AWS accepts them cannot be determined until the clock is "
            "right"
        )
        return unknown(Check.CREDENTIALS, text)
    reason = why.message if isinstance(why, Failure) else "STS was not asked"
    text = f"{_named(keys)}, {_expiry(keys, facts.now)}; their owner is unknown ({reason})"
    return ok(Check.CREDENTIALS, text)


_CREDENTIAL_PROBLEMS = {
    Meaning.EXPIRED: (Problem.CREDENTIALS_EXPIRED, "AWS reports that they have expired", _RENEW),
    Meaning.UNKNOWN_KEY: (
        Problem.CREDENTIALS_INVALID,
        "AWS does not know this key, or not with this session token",
        "Check their account and partition, and that AWS_SESSION_TOKEN belongs to them.",
    ),
    Meaning.WRONG_SECRET: (
        Problem.SECRET_WRONG,
        "the secret access key does not match the access key",
        "Set both again, without spaces or line breaks around them.",
    ),
}


def _named(keys: Keys) -> str:
    return f"found by {keys.source}, key {keys.key_hint}"


def _expiry(keys: Keys, now: datetime) -> str:
    if keys.expires_at is None:
        return "expiry unknown"
    return f"expires in {_duration(keys.expires_at - now)}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _duration(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


# Clock


def judge_clock(facts: Facts) -> Finding | None:
    """Compare this machine's clock with AWS's.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.CLOCK
    match facts.clock:
        case None:
            return None
        case ClockReading(offset=offset):
            return _judge_offset(offset)
    if facts.attempts is None:
        return None
    if meaning_of(facts.refusal()) is Meaning.WRONG_CLOCK:
        return wrong(
            check, Problem.CLOCK_WRONG, "AWS rejected the date of the signature", _SET_CLOCK
        )
    reason = facts.clock.message if isinstance(facts.clock, Failure) else "no service was called"
    return unknown(check, f"AWS's time could not be read ({reason})")


_SET_CLOCK = (
    "Set this machine's clock, for instance by NTP; AWS rejects an offset of more than 5 minutes."
)


def _judge_offset(offset: float) -> Finding:
    size = abs(offset)
    side = "ahead of" if offset > 0 else "behind"
    if size > MAX_CLOCK_OFFSET:
        text = f"this machine's clock is {size:.0f} s {side} AWS's"
        return wrong(Check.CLOCK, Problem.CLOCK_WRONG, text, _SET_CLOCK)
    if size > NOTABLE_CLOCK_OFFSET:
        return ok(Check.CLOCK, f"{size:.0f} s {side} AWS's, which is still accepted", _SET_CLOCK)
    return ok(Check.CLOCK, "within a minute of AWS's" if size > 2 else "agrees with AWS's")


# Region


def judge_region(facts: Facts) -> Finding:
    """Check that a region is given and matches the endpoint URL.

    Args:
        facts: The facts gathered so far.
    """
    check = Check.REGION
    match facts.region:
        case Failure(message=message, advice=advice):
            return wrong(check, Problem.REGION_MISSING, message, advice or "Pass --region.")
        case Region(name=name, source=source, is_known=is_known):
            pass
    of_host = _HOST_REGION.search(facts.place.host) if isinstance(facts.place, Place) else None
    if of_host is not None and of_host[1] != name:
        return wrong(
            check,
            Problem.REGION_MISMATCH,
            f"{name} (from {source}), but the endpoint URL belongs to {of_host[1]}",
            "Make both name the same region, or omit the URL.",
        )
    if not is_known:
        return unknown(
            check,
            f"{name} (from {source}): botocore does not know SageMaker in this region",
            "Check the spelling; the region may also be newer than the installed botocore.",
        )
    return ok(check, f"{name} (from {source})")
