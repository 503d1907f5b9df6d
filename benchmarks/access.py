# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The address of the server, and credentials for it. Pure; used on both ends, everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass

ACCESS_KEY_ID = "AKIDBENCHMARK0000000"
SECRET_ACCESS_KEY = "benchmark-secret-of-no-account"
REGION = "us-east-1"
ENDPOINT_NAME = "bench"
INVOCATION_PATH = "v1/listen"
QUERY = (
    "model=nova-3&language=en&encoding=linear16&sample_rate=16000&channels=1"
    "&interim_results=true&punctuate=true"
)


@dataclass(frozen=True)
class Access:
    """The address of the server.

    Attributes:
        url: Its base URL.
        ca_bundle: PEM file of the authority that issued its certificate.
    """

    url: str
    ca_bundle: str

    def environment(self) -> Mapping[str, str]:
        """The environment variables of every client process."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SSL_CERT_FILE": self.ca_bundle,
        }
