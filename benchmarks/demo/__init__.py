# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""``make demo``: the command ``demo``, and a third act that breaks things.

    .venv/bin/python -m benchmarks.demo

The third act transcribes the same recording with this project's service and with Pipecat's own,
while two streams are cut, the endpoint accepts none for 3 s, and one stream stalls.
"""
