"""Starts the sandbox and connectd on free ports over a scratch folder, for tools/run, bench/callback and tests/contract.

Everything lives in one folder that is removed at the end; the processes end with the object that started them.
"""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARIES = ROOT / "build" / "release"
CONNECTD = BINARIES / "server" / "connectd"
SANDBOX = BINARIES / "tools" / "sandbox" / "connectd-sandbox"
START_SECONDS = 30


class StartFailure(Exception):
    """A program that did not come up; the text holds what it said."""


class LocalServers:
    """Use it as a context: on leaving, the processes are ended in reverse order and the folder is removed."""

    def __init__(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="connectd."))
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> "LocalServers":
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name: str, command: list[str], announced: str) -> tuple[subprocess.Popen, re.Match]:
        """Starts a program and waits until what it prints matches `announced`. Its output goes to <folder>/<name>.log. It
        has a process group of its own, so that Ctrl-C in the terminal reaches only us."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        self.processes.append(process)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            said = log.read_text(encoding="utf-8", errors="replace")
            if found := re.search(announced, said):
                return process, found
            if process.poll() is not None:
                raise StartFailure(f"{name} ended with exit code {process.returncode}:\n{said}")
            time.sleep(0.02)
        raise StartFailure(f"{name} did not say that it is ready within {START_SECONDS} seconds:\n{said}")


def stop(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def call(method: str, url: str, body: dict | None = None, key: str = "") -> dict:
    """One JSON request by curl, for what is not shown to anybody."""
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "-X", method, url]
    if key:
        command += ["-H", f"Authorization: Bearer {key}"]
    if body is not None:
        command += ["-H", "Content-Type: application/json", "--data", json.dumps(body)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StartFailure(f"{method} {url}: {done.stdout or done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else {}
