"""The line protocol between compare.py and one side of a comparison.

compare.py writes `go K`; the side runs its next K training steps and answers with one JSON line
{"seconds": [one per step], "samples": [...], "tokens": [...], "rss": peak resident bytes}. `tokens` counts real tokens,
padding excluded. End of input ends the side. Whatever libraries print goes to standard error.
"""

import json
import os
import resource
import sys


def claim_stdout():
    """Keeps the real standard output for answers and sends everything else that is printed to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def next_chunk():
    """Waits for the next `go K`; None at the end of input."""
    for line in sys.stdin:
        words = line.split()
        if len(words) == 2 and words[0] == "go":
            return int(words[1])
        if words:
            raise SystemExit(f"unknown request: {line.strip()!r}, expected: go K")
    return None


def answer(stream, seconds, samples, tokens):
    reply = dict(seconds=seconds, samples=samples, tokens=tokens, rss=peak_rss_bytes())
    stream.write(json.dumps(reply) + "\n")
    stream.flush()


def peak_rss_bytes():
    """ru_maxrss is in KiB on Linux and in bytes on macOS."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
