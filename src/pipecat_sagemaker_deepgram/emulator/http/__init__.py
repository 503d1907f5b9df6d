# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause

"""The protocols of the endpoint: TLS, HTTP/1.1, HTTP/2 and signatures."""
