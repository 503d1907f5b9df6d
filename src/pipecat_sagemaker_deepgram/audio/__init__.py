# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Audio as it comes and as it goes: encodings, files, resampling."""
