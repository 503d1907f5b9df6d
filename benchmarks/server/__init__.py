# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A SageMaker endpoint with a Deepgram container behind it, lean enough not to be measured.

It shares no code with the client; to verify signatures, it uses the emulator's code.
"""
