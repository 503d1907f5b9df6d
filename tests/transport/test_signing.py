# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Signatures of events, against what the AWS SDK signed."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipecat_sagemaker_deepgram.transport.eventstream import EventStreamDecoder
from pipecat_sagemaker_deepgram.transport.parts import encode_part
from pipecat_sagemaker_deepgram.transport.signing import SIGNED_OVERHEAD, EventSigner

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "signed_events.json").read_text()
)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def signer(seed: str = VECTORS["requests"][0]["signature"]) -> EventSigner:
    return EventSigner(
        secret_access_key=VECTORS["credentials"]["secret_access_key"],
        region=VECTORS["region"],
        service=VECTORS["service"],
        seed_signature=seed,
    )


def test_a_stream_signs_as_the_sdk_does_across_midnight() -> None:
    """The vectors' first event is dated before midnight, the others after it; the last is empty."""
    signing = signer()
    dates = {event["date"][:10] for event in VECTORS["events"]}
    assert len(dates) == 2
    for event in VECTORS["events"]:
        inner = bytes.fromhex(event["inner"])
        signed = signing.sign(inner, now=milliseconds(datetime.fromisoformat(event["date"])))
        assert signed.hex() == event["encoded"]
    assert VECTORS["events"][-1]["inner"] == ""


def test_parts_are_encoded_as_the_sdk_does() -> None:
    """Those of the vectors that say no more than bytes and data type; empty ones keep a type."""
    plain = [
        event
        for event in VECTORS["events"]
        if event["inner"] and event["data_type"] and event["payload"]
        if event["completion_state"] is None and event["p"] is None
    ]
    assert {event["data_type"] for event in plain} == {"BINARY", "UTF8"}
    for event in plain:
        encoded = encode_part(bytes.fromhex(event["payload"]), event["data_type"])
        assert encoded.hex() == event["inner"]


def reference_signature(
    secret: str, scope: str, prior: str, moment: int, timestamp: str, payload: bytes
) -> str:
    """The formula of the AWS General Reference, written out once more."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    date_header = b"\x05:date\x08" + moment.to_bytes(8, "big")
    text = "\n".join(
        (
            "AWS4-HMAC-SHA256-PAYLOAD",
            timestamp,
            scope,
            prior,
            hashlib.sha256(date_header).hexdigest(),
            hashlib.sha256(payload).hexdigest(),
        )
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def test_midnight_changes_the_key_and_the_scope_within_a_chain() -> None:
    signing = EventSigner(secret_access_key="s", region="eu-west-1", seed_signature="00" * 32)
    prior = "00" * 32
    start = datetime(2026, 2, 28, 23, 59, 58, 999_000, tzinfo=UTC)
    for seconds in (0, 1, 2, 86_400):
        now = start + timedelta(seconds=seconds)
        (event,) = EventStreamDecoder().feed(signing.sign(b"x", now=milliseconds(now)))
        expected = reference_signature(
            "s",
            f"{now:%Y%m%d}/eu-west-1/sagemaker/aws4_request",
            prior,
            milliseconds(now),
            f"{now:%Y%m%dT%H%M%SZ}",
            b"x",
        )
        prior = bytes(event.headers[":chunk-signature"]).hex()  # type: ignore[arg-type]
        assert prior == expected


def test_each_signature_depends_on_the_one_before() -> None:
    now = milliseconds(datetime(2026, 1, 1, tzinfo=UTC))
    one = signer()
    first, second = one.sign(b"x", now=now), one.sign(b"x", now=now)
    assert first != second
    assert signer("11" * 32).sign(b"x", now=now) != first


def test_signing_adds_what_it_says_it_adds() -> None:
    for event in (b"", b"event" * 100):
        signed = signer().sign(event, now=0)
        assert len(signed) == len(event) + SIGNED_OVERHEAD
