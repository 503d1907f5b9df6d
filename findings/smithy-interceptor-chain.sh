#!/bin/sh
# Of several interceptors of AWS's new SDK that return something new, only the last one's counts, and
# `modify_before_completion` is never called.
#
# Seen: 2026-11-29
# Guess: each `modify_` hook is given what the one before it returned, as the hooks' documentation says,
# and every hook that an interceptor may have is called.
#
# Every interceptor is given the same context, and what all but the last return is discarded. Whoever needs
# two changes makes them in one interceptor, or changes the request in place. At the end of a call,
# `modify_before_attempt_completion` is called once more instead of `modify_before_completion`.
. "$(dirname "$0")/lib.sh"
packages smithy-core==0.9.0
python_program <<'EOF'
from smithy_core.interceptors import (
    InputContext, Interceptor, InterceptorChain, OutputContext, RequestContext, ResponseContext,
)
from smithy_core.types import TypedProperties

FIELDS = {
    "modify_before_serialization": "request",
    "modify_before_retry_loop": "transport_request",
    "modify_before_signing": "transport_request",
    "modify_before_transmit": "transport_request",
    "modify_before_deserialization": "transport_response",
    "modify_before_attempt_completion": "response",
    "modify_before_completion": "response",
}


def adding(name):
    """An interceptor whose every hook returns what it is given, with a note of itself added."""

    def hook(which, field):
        return lambda self, context: (*getattr(context, field), f"{name}'s {which}")

    return type(name, (Interceptor,), {each: hook(each, field) for each, field in FIELDS.items()})()


def context(field):
    start, properties = ("start",), TypedProperties()
    match field:
        case "request":
            return InputContext(request=start, properties=properties)
        case "transport_request":
            return RequestContext(request=(), transport_request=start, properties=properties)
        case "transport_response":
            return ResponseContext(
                request=(), transport_request=(), transport_response=start, properties=properties
            )
        case "response":
            return OutputContext(
                request=(), response=start, transport_request=(), transport_response=(),
                properties=properties,
            )


chain = InterceptorChain([adding("first"), adding("second")])
for name, field in FIELDS.items():
    print(f"{name}: {' + '.join(getattr(chain, name)(context(field)))}")
EOF
expect <<'EOF'
modify_before_serialization: start + second's modify_before_serialization
modify_before_retry_loop: start + second's modify_before_retry_loop
modify_before_signing: start + second's modify_before_signing
modify_before_transmit: start + second's modify_before_transmit
modify_before_deserialization: start + second's modify_before_deserialization
modify_before_attempt_completion: start + second's modify_before_attempt_completion
modify_before_completion: start + second's modify_before_attempt_completion
EOF
