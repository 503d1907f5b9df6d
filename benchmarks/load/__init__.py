# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The client process: feeds streams in real time and measures the cost.

It imports only the standard library and one driver, because it runs in every environment.
"""
