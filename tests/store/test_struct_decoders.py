"""Threads that decode a type for the first time at once: the process goes on, whichever of them is first."""

import re
import subprocess
import sys
from pathlib import Path

import sopctl

FIRST_DECODE = """
import sys
import threading
import time

from sopctl.errors import DamagedError
from sopctl.store import case_json

CASE = b'{"schema": 1, "id": "a-1", "revision": 1, "sop": "a", "version": "x", "events": [{"kind": "started"}]}'
told = []


def let_others_go_on(frame, event, arg):
    if frame.f_globals.get("__name__") == "msgspec._utils":
        time.sleep(0.0005)


def decode(after):
    time.sleep(after)
    try:
        case_json.decode(CASE, "a-1.json", "a-1")
    except DamagedError:
        told.append(True)


threading.settrace(let_others_go_on)
threads = [threading.Thread(target=decode, args=(milliseconds / 1000,)) for milliseconds in range(20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(len(told) != 20)
"""
DECODES = re.compile(
    r"msgspec\.(convert|(json|msgpack|yaml|toml)\.(decode|Decoder))\(|from msgspec.* import .*(decode|Decoder|convert)"
)


def test_threads_that_decode_a_type_for_the_first_time_at_once_do_not_crash() -> None:
    assert subprocess.run([sys.executable, "-c", FIRST_DECODE], check=False).returncode == 0


def test_nothing_decodes_into_a_type_but_by_decoders_that_one_thread_at_a_time_makes() -> None:
    root = Path(sopctl.__file__).parent
    found = [path.name for path in root.rglob("*.py") if DECODES.search(path.read_text(encoding="utf-8"))]
    assert found == ["struct_decoders.py"]
