# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of the streams: handshake, path, model, transcript, latency. Pure."""

from pipecat_sagemaker_deepgram.doctor.account_facts import Place
from pipecat_sagemaker_deepgram.doctor.answers import Meaning, meaning_of
from pipecat_sagemaker_deepgram.doctor.facts import (
    Attempt,
    Facts,
    HeardSpeech,
    Opened,
    Said,
)
from pipecat_sagemaker_deepgram.doctor.failures import (
    CheckFailure,
    Failure,
    Skipped,
)
from pipecat_sagemaker_deepgram.doctor.findings import (
    Check,
    Finding,
    Problem,
    Status,
    ok,
    skipped,
    unknown,
    wrong,
)

SLOW_SECONDS = 2.0
"""Longest acceptable time from sending audio to the first words in it, in seconds."""

PORT = 8443
"""The port on which SageMaker serves streams."""


# Handshake


def judge_handshake(facts: Facts) -> Finding | None:
    """Check that SageMaker accepts a stream.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.HANDSHAKE
    match facts.attempts:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
    best = facts.best()
    if best is None:
        return skipped(check, "")
    match best.opened:
        case Opened(seconds=seconds, variant=variant, request_id=request_id):
            details = (
                f"accepted in {seconds:.2f} s",
                f"variant {variant}" if variant else "",
                f"request id {request_id}" if request_id else "",
            )
            return ok(check, ", ".join(each for each in details if each))
    return _judge_refusal(best.opened, facts)


def _judge_refusal(failure: Failure, facts: Facts) -> Finding:
    check, meaning = Check.HANDSHAKE, meaning_of(failure)
    if meaning is Meaning.MODEL:
        return ok(check, "SageMaker passed it on to the container, which refused it (HTTP 424)")
    if meaning is not None and meaning in _EXPLAINED_BY:
        return skipped(check, _EXPLAINED_BY[meaning], failure.message)
    if meaning is not None and meaning in _REFUSALS:
        problem, advice = _REFUSALS[meaning]
        of_status = failure.advice if meaning is Meaning.OTHER else ""
        return wrong(check, problem, failure.message, of_status or advice)
    if failure.kind is CheckFailure.TIMEOUT:
        return _judge_silence(failure, facts)
    advice = (
        "Run the doctor again; if it fails again, look for a proxy or firewall that cuts the "
        "connection."
    )
    return wrong(check, Problem.CONNECTION_LOST, failure.message, failure.advice or advice)


_EXPLAINED_BY = {
    Meaning.EXPIRED: Check.CREDENTIALS,
    Meaning.UNKNOWN_KEY: Check.CREDENTIALS,
    Meaning.WRONG_SECRET: Check.CREDENTIALS,
    Meaning.WRONG_CLOCK: Check.CLOCK,
    Meaning.DENIED: Check.PERMISSION,
    Meaning.NOT_FOUND: Check.ENDPOINT,
}
"""The check that explains a refusal."""

_REFUSALS = {
    Meaning.WRONG_SCOPE: (
        Problem.REGION_MISMATCH,
        "The requests are signed for another region than that of the endpoint URL: make --region "
        "and the URL name the same region.",
    ),
    Meaning.THROTTLED: (
        Problem.THROTTLED,
        "The account or the endpoint is being throttled; wait a little and run the doctor again.",
    ),
    Meaning.SERVER: (
        Problem.SERVICE_FAILED,
        "The fault lies with SageMaker; run the doctor again, and keep the request id for AWS "
        "support.",
    ),
    Meaning.OTHER: (Problem.REQUEST_REFUSED, "Check the endpoint's name and the endpoint URL."),
}


def _judge_silence(failure: Failure, facts: Facts) -> Finding:
    port = facts.place.port if isinstance(facts.place, Place) else PORT
    if port == 443:
        advice = "SageMaker serves streams on port 8443 only: remove :443 from the endpoint URL."
        return wrong(Check.HANDSHAKE, Problem.WRONG_PORT, failure.message, advice)
    advice = (
        "The endpoint may be overloaded or starting up; run the doctor again, and look at its "
        f"CloudWatch log group /aws/sagemaker/Endpoints/{facts.endpoint_name}."
    )
    return wrong(Check.HANDSHAKE, Problem.NO_ANSWER, failure.message, advice)


# Path and model


def judge_path(facts: Facts) -> Finding | None:
    """Find the Deepgram path on which the container answers.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check, handshake = Check.PATH, judge_handshake(facts)
    if handshake is None:
        return None
    best = facts.best()
    if handshake.status is not Status.OK or best is None:
        return skipped(check, Check.HANDSHAKE)
    if isinstance(best.opened, Failure):
        return _judge_model_refusal(facts)
    match best.said:
        case Said():
            return ok(check, f"the container answers on {best.candidate}")
        case Failure(kind=kind, message=message):
            is_silent = kind is CheckFailure.SILENT
            problem = Problem.CONTAINER_SILENT if is_silent else Problem.CONTAINER_FAILED
            return wrong(check, problem, f"{best.candidate}: {message}", _look_at(facts))
    return skipped(check, "")


def _judge_model_refusal(facts: Facts) -> Finding:
    assert isinstance(facts.attempts, tuple)
    tried = " and ".join(str(each.candidate) for each in facts.attempts)
    return wrong(
        Check.PATH,
        Problem.MODEL_REFUSED,
        f"the container refuses {tried}",
        "Either it is at capacity, or it serves another path, model or language: set --model and "
        f"--language to those of the Marketplace listing. {_look_at(facts)}",
    )


def _look_at(facts: Facts) -> str:
    group = f"/aws/sagemaker/Endpoints/{facts.endpoint_name}"
    return f"The container's own reason is in the CloudWatch log group {group}."


def judge_model(facts: Facts) -> Finding | None:
    """Find out which Deepgram product the container runs, and what its bundle supports.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check, best = Check.MODEL, facts.best()
    if facts.attempts is None:
        return None
    if best is None or not isinstance(best.said, Said):
        return skipped(check, Check.PATH)
    if best.said.error:
        text = f"Deepgram answers with an error: {best.said.error}"
        return wrong(check, Problem.CONTAINER_FAILED, text, _look_at(facts))
    if not best.said.is_deepgram:
        text = f"the container does not speak Deepgram's protocol on {best.candidate.path}"
        return wrong(
            check, Problem.NOT_DEEPGRAM, text, "Deploy a model from one of Deepgram's listings."
        )
    if not best.candidate.is_flux:
        return ok(check, f"{best.candidate.product}, {best.said.model or best.candidate.model}")
    return _judge_bundle(facts, best)


def _judge_bundle(facts: Facts, best: Attempt) -> Finding | None:
    match facts.capabilities:
        case None:
            return None
        case Skipped():
            abilities = "the features of its bundle were not tried"
        case known:
            abilities = ", ".join(f"{name}: {answer}" for name, answer in known.items())
    return ok(Check.MODEL, f"{best.candidate.product}, {best.candidate.model} ({abilities})")


# Speech


def judge_transcript(facts: Facts) -> Finding | None:
    """Check that a recording of speech is transcribed.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check = Check.TRANSCRIPT
    match facts.speech:
        case None:
            return None
        case Skipped(needs=needs):
            return skipped(check, needs)
        case Failure(kind=CheckFailure.NOT_POSSIBLE, message=message, advice=advice):
            return unknown(check, message, advice)
        case Failure(message=message):
            return wrong(check, Problem.TRANSCRIPT_FAILED, message, _look_at(facts))
        case HeardSpeech(text=text, is_final=is_final) if text:
            return ok(check, f'heard "{text}"{"" if is_final else ", but no final arrived"}')
    return wrong(
        check,
        Problem.NO_TRANSCRIPT,
        "speech was sent, but no words came back",
        "Check that the recording is speech in the language asked for; the multilingual Deepgram "
        f"Nova needs --language multi. {_look_at(facts)}",
    )


def judge_latency(facts: Facts) -> Finding | None:
    """Measure how fast words come back.

    Args:
        facts: The facts gathered so far.

    Returns:
        The finding; ``None`` while a fact it needs is missing.
    """
    check, speech = Check.LATENCY, facts.speech
    if speech is None:
        return None
    if not isinstance(speech, HeardSpeech) or speech.first_words_delay is None:
        return skipped(check, Check.TRANSCRIPT)
    text = f"first words {speech.first_words_delay:.2f} s after their audio was sent"
    if speech.final_delay is not None:
        text += f", first final {speech.final_delay:.2f} s after its last word"
    if speech.first_words_delay > SLOW_SECONDS:
        advice = "Use a nearby region, and check the endpoint's load and the network in between."
        return wrong(check, Problem.SLOW, text, advice)
    return ok(check, text)
