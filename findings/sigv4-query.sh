#!/bin/sh
# The signer of AWS's new SDK and botocore sign one URL differently when its query holds an
# unescaped `:` or `+`.
#
# Seen: 2026-11-28
# Guess: one request, one key and one time give one signature.
#
# The signer decodes and encodes the query again, botocore takes it as it stands. The service sees
# one of the two: escape everything, and a space as `%20`, before signing. So do paths differ that
# end in a dot segment.
. "$(dirname "$0")/lib.sh"
packages aws-sdk-signers==0.4.0 botocore==1.43.117
python_program <<'EOF'
from aws_sdk_signers import URI, AWSCredentialIdentity, AWSRequest, Fields, SigV4Signer
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest as BotocoreRequest
from botocore.credentials import Credentials

HOST, DATE = "runtime.sagemaker.us-east-1.amazonaws.com", "20261128T120000Z"


def line(canonical_request, number):
    return canonical_request.split("\n")[number]


def new(path, query):
    request = AWSRequest(
        method="GET",
        destination=URI(scheme="https", host=HOST, path=path, query=query),
        fields=Fields([]),
        body=None,
    )
    properties = {"region": "us-east-1", "service": "sagemaker", "date": DATE}
    identity = AWSCredentialIdentity(access_key_id="AKID", secret_access_key="secret")
    signed = SigV4Signer().sign(request=request, identity=identity, properties=properties)
    return SigV4Signer().canonical_request(signing_properties=properties, request=signed)


def old(path, query):
    request = BotocoreRequest(method="GET", url=f"https://{HOST}{path}?{query}")
    request.context["timestamp"] = DATE
    return SigV4Auth(Credentials("AKID", "secret"), "sagemaker", "us-east-1").canonical_request(
        request
    )


for path, query in (
    ("/a", "keyterm=a%20b&keyterm=c%3Ad"),
    ("/a", "keyterm=a+b"),
    ("/a", "replace=a:b"),
    ("/a/b/..", ""),
):
    number = 2 if query else 1
    signed = [line(canonical(path, query), number) for canonical in (new, old)]
    verdict = "the same" if signed[0] == signed[1] else " and ".join(signed)
    print(f"{query or path}: {verdict}")
EOF
expect <<'EOF'
keyterm=a%20b&keyterm=c%3Ad: the same
keyterm=a+b: keyterm=a%20b and keyterm=a+b
replace=a:b: replace=a%3Ab and replace=a:b
/a/b/..: /a/ and /a
EOF
