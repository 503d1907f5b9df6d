# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The variables that ``emulate`` exports, and the credentials that its endpoint accepts."""

from pipecat_sagemaker_deepgram.emulator import EmulatorCredentials, SageMakerEmulator
from pipecat_sagemaker_deepgram.transport import as_resolver

BOT_VARIABLES = (
    "DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME",
    "DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME",
)
"""The variables from which the example bots read the names of their endpoints."""

_NAME_VARIABLE = "SAGEMAKER_STT_ENDPOINT_NAME"
_OWN_URL_VARIABLES = "AWS_ENDPOINT_URL_SAGEMAKER"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def exports(
    emulator: SageMakerEmulator, endpoint_name: str, *, keeps_credentials: bool
) -> dict[str, str]:
    """The variables that point clients and the example bots to a running endpoint.

    Args:
        emulator: The endpoint.
        endpoint_name: Its name.
        keeps_credentials: Whether to leave everything but SageMaker as it is, so that Bedrock and
            Polly keep working: no keys, no other service's URL, and the certificates that the
            system trusts stay trusted.
    """
    variables = emulator.environment()
    if keeps_credentials:
        variables = {name: each for name, each in variables.items() if _is_sagemakers(name)}
        variables["AWS_CA_BUNDLE"] = str(emulator.trust_store)
    return variables | dict.fromkeys((_NAME_VARIABLE, *BOT_VARIABLES), endpoint_name)


async def users_credentials() -> EmulatorCredentials:
    """The credentials that clients on this machine currently find.

    Raises:
        CredentialsError: They find none.
    """
    found = await as_resolver().resolve()
    return EmulatorCredentials(found.access_key_id, found.secret_access_key, found.session_token)


def _is_sagemakers(name: str) -> bool:
    if name.startswith("AWS_ENDPOINT_URL_"):
        return name.startswith(_OWN_URL_VARIABLES)
    return name not in _KEYS
