"""A small tree of files in a scratch folder, and what a check of tools/ says about it."""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def findings(check: str, files: dict[str, str], executable: tuple[str, ...] = ()) -> tuple[int, str]:
    """Exit code and output of tools/<check> over a tree that holds just these files."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
            if name in executable:
                path.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-B", str(ROOT / "tools" / check), "--root", str(root)],
            capture_output=True, text=True, check=False,
        )
        return done.returncode, done.stdout + done.stderr
