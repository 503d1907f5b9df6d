#!/bin/sh
# The two libraries read one event as different Python types, and only one of them takes payloads
# over 16 MiB.
#
# Seen: 2026-11-28
# Guess: two libraries of AWS for one format give the same Python types and take the same sizes.
#
# A payload over 16 MiB is read by botocore, up to 24 MiB, and refused by smithy, which also refuses
# to write it.
. "$(dirname "$0")/lib.sh"
packages smithy-aws-event-stream==0.3.0 botocore==1.43.117
python_program <<'EOF'
import io
import struct
from binascii import crc32
from datetime import UTC, datetime
from uuid import UUID

from botocore.eventstream import EventStreamBuffer
from smithy_aws_event_stream.events import Event, EventMessage


def by_botocore(data):
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return next(buffer)


def by_smithy(data):
    return Event.decode(io.BytesIO(data)).message


def frame(payload):
    """An event without headers, as the format describes it."""
    prelude = struct.pack("!II", len(payload) + 16, 0)
    message = prelude + struct.pack("!I", crc32(prelude)) + payload
    return message + struct.pack("!I", crc32(message))


headers = {"at": datetime(2026, 11, 28, tzinfo=UTC), "id": UUID(int=7)}
data = EventMessage(headers=headers, payload=b"").encode()
for name, decode in (("smithy", by_smithy), ("botocore", by_botocore)):
    print(f"{name}: {decode(data).headers}")
for megabytes in (16, 17, 24):
    data = frame(bytes(megabytes << 20))
    for name, decode in (("smithy", by_smithy), ("botocore", by_botocore)):
        try:
            outcome = f"read, {len(decode(data).payload) >> 20} MiB"
        except Exception as error:
            outcome = type(error).__name__
        print(f"{name}, {megabytes} MiB: {outcome}")
EOF
expect <<'EOF'
smithy: {'at': datetime.datetime(2026, 11, 28, 0, 0, tzinfo=datetime.timezone.utc), 'id': UUID('00000000-0000-0000-0000-000000000007')}
botocore: {'at': 1795824000000, 'id': b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07'}
smithy, 16 MiB: read, 16 MiB
botocore, 16 MiB: read, 16 MiB
smithy, 17 MiB: InvalidPayloadLength
botocore, 17 MiB: read, 17 MiB
smithy, 24 MiB: InvalidPayloadLength
botocore, 24 MiB: read, 24 MiB
EOF
