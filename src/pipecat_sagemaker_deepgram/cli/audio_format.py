# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The audio format that the commands send through a pipeline: mono linear16."""

SAMPLE_RATE = 16_000
BYTES_PER_SECOND = SAMPLE_RATE * 2
