"""Keeps the libraries we build on from calling other hosts."""

import os
from collections.abc import Mapping
from types import MappingProxyType

QUIET: Mapping[str, str] = MappingProxyType(
    {
        # A model is always a local folder. Without these a mistyped folder is taken for the name
        # of a model on a hub, and the start hangs for more than a minute of retries.
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        # `Blocks(analytics_enabled=False)` alone does not stop gradio's calls home.
        "GRADIO_ANALYTICS_ENABLED": "False",
        # chromadb's usage reports, and langchain's traces of every run.
        "ANONYMIZED_TELEMETRY": "False",
        "LANGSMITH_TRACING": "false",
        # The tokenizer's own threads dead-lock after a fork and say so on every run.
        "TOKENIZERS_PARALLELISM": "false",
    }
)
"""Environment variables and the value each has unless the person has set another."""


def stay_offline() -> None:
    """Sets each variable of `QUIET` that is not set; call it before the libraries are imported.

    >>> stay_offline(); os.environ["HF_HUB_OFFLINE"] in ("0", "1")
    True
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
