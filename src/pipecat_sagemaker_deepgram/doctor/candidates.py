# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The streams to try, to find out what the endpoint runs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.query import QueryValue, build_query

NOVA_PATH = "v1/listen"
FLUX_PATH = "v2/listen"
SAMPLE_RATE = 16_000
"""Sample rate of all audio that is sent, mono linear16."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A path and the parameters to try there.

    Attributes:
        path: Invocation path.
        model: Deepgram's model.
        language: The language, for Deepgram Nova.
    """

    path: str
    model: str
    language: str = ""

    @property
    def is_flux(self) -> bool:
        """Whether it is Deepgram Flux."""
        return self.path == FLUX_PATH

    @property
    def product(self) -> str:
        """Deepgram's product."""
        return "Deepgram Flux" if self.is_flux else "Deepgram Nova"

    def query(self, **more: QueryValue) -> str:
        """The query string.

        Args:
            more: Further parameters.
        """
        parameters: dict[str, QueryValue] = {"model": self.model}
        if not self.is_flux:
            parameters |= {"language": self.language, "interim_results": True}
        parameters |= {"encoding": "linear16", "sample_rate": SAMPLE_RATE}
        return build_query(parameters | more)

    def __str__(self) -> str:
        """Path, model and language."""
        language = f", language {self.language}" if self.language else ""
        return f"{self.path} (model {self.model}{language})"


def candidates(model: str | None, language: str | None) -> tuple[Candidate, ...]:
    """List the candidates, the likeliest first.

    A bundle accepts its own model only, and the multilingual Deepgram Nova only ``multi``
    (Deepgram docs, "Supported products on Amazon SageMaker").

    Args:
        model: The model to ask for; ``None`` tries all of them.
        language: The language to ask for; ``None`` tries ``en`` and ``multi``.
    """
    if model is not None and model.startswith("flux"):
        return (Candidate(path=FLUX_PATH, model=model),)
    languages = ("en", "multi") if language is None else (language,)
    nova = tuple(
        Candidate(path=NOVA_PATH, model=model or "nova-3", language=each) for each in languages
    )
    if model is not None:
        return nova
    flux = tuple(
        Candidate(path=FLUX_PATH, model=each) for each in ("flux-general-en", "flux-general-multi")
    )
    return (nova[0], flux[0], *nova[1:], *flux[1:])


def untried(all_of_them: Sequence[Candidate], refused: int) -> Candidate | None:
    """Choose the next candidate to try.

    Args:
        all_of_them: The candidates.
        refused: Number of candidates that were refused.
    """
    return all_of_them[refused] if refused < len(all_of_them) else None
