# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A voice bot that runs on one machine, with a page to talk to it and to break its stream.

``make bot`` starts it. The speech path is the real one: Pipecat, this package's service, TLS,
HTTP/2 and signed events, an emulated SageMaker endpoint, a speech recogniser behind it. Only the
language model and the voice are stand-ins.
"""
