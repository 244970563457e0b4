"""Certificates for TLS between the processes of a cluster, as docs/farm.md makes them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "farm.md"


def make_certificates(folder: Path) -> None:
    """Runs the documented commands in the folder: ca.pem, node.pem and node.key come out."""
    (block,) = re.findall(r"```sh\n(openssl .*?)```", DOCS.read_text(), re.DOTALL)
    subprocess.run(["sh", "-e"], input=block.encode(), cwd=folder, capture_output=True, check=True)
