#!/usr/bin/env python3
"""Goal: a client generated from openapi.yaml is of use. Method: generate a TypeScript client, compile the quick start against its types
with all of the compiler's strictness, and run it against the real server with the sandbox behind it.

usage: client_test.py OPENAPI.json NODE_MODULES CONNECTD SANDBOX
"""

import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))

from local_servers import LocalServers, StartFailure  # noqa: E402

STRICT = {
    "target": "es2022",
    "module": "nodenext",
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "skipLibCheck": True,
    "outDir": "built",
}


def run(step: str, *command: object) -> str:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{step} failed (exit code {done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def compile_client(folder: pathlib.Path, document: str, modules: pathlib.Path) -> pathlib.Path:
    """The quick start as JavaScript, in a folder where it finds its modules."""
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT}), encoding="utf-8")
    shutil.copy(HERE / "client" / "quick_start.ts", folder)
    run("the generation", "node", modules / "openapi-typescript" / "bin" / "cli.js", document, "-o", folder / "schema.ts")
    run("the compilation", "node", modules / "typescript" / "bin" / "tsc", "--project", folder)
    return folder / "built" / "quick_start.js"


def main() -> int:
    document, modules, connectd, sandbox = sys.argv[1:]
    with LocalServers() as servers:
        folder = servers.folder / "client"
        folder.mkdir()
        program = compile_client(folder, document, pathlib.Path(modules))
        config = servers.folder / "connectd.toml"
        _, control = servers.start("sandbox", [sandbox, "--config-out", str(config)], r"control API\s+(http://\S+)\n")
        data = servers.folder / "data"
        command = [connectd, "serve", "--config", str(config), "--data-dir", str(data), "--listen", "127.0.0.1:0"]
        _, ready = servers.start("connectd", command, r"ready at (http://\S+)")
        root_key = (data / "root.key").read_text(encoding="utf-8").strip()
        print(run("the quick start", "node", program, ready.group(1), root_key, control.group(1), "bakery-app", "bakery-secret"), end="")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StartFailure as failure:
        sys.exit(str(failure))
