"""The one error that a build shows its user: what is wrong, and what to do about it."""

import sys


class BuildFault(Exception):
    """A build can't go on. `remedy` is a sentence the reader can act on."""

    def __init__(self, stage: str, problem: str, remedy: str):
        super().__init__(f"{stage}: {problem}")
        self.remedy = remedy


def progress(stage: str, text: str) -> None:
    print(f"[{stage}] {text}", file=sys.stderr, flush=True)
