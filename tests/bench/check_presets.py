"""Runs `netart check` on every preset: of a sheet on its first panel, of a film on its first frame.

Prints what each says, and exits with 1 if any fails.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from netart.files.source import preset_names, read_source, to_toml
from netart.shot.sheet import Sheet
from netart.shot.timeline import Timeline

AT_A_TIME = 4


def sources(folder: Path) -> Iterator[tuple[str, str]]:
    """Every preset's name, and what `netart check` takes for it."""
    for name in preset_names(retired=True):
        document = read_source(name).document
        if isinstance(document, Timeline):
            file = folder / f"{name}.toml"
            file.write_text(to_toml(document.frame(1)), encoding="utf-8")
            yield name, str(file)
        else:
            yield name, f"{name}#1" if isinstance(document, Sheet) else name


def check(source: tuple[str, str]) -> bool:
    """Whether the preset passes."""
    name, given = source
    command = (sys.executable, "-m", "netart", "check", given)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = "passes" if done.returncode == 0 else f"FAILS ({done.returncode})"
    print(f"{name} {verdict}\n{done.stdout}", flush=True)
    return done.returncode == 0


def main() -> int:
    """The exit status."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_A_TIME) as pool:
        passed = list(pool.map(check, sources(Path(folder))))
    print(f"{sum(passed)} of {len(passed)} presets pass")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
