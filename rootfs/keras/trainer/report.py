"""JSON lines to the supervisor, within the limits it sets: 16 KiB a line, 1 MiB in all, depth 6."""

import json
import math
import os
import threading

LINE_LIMIT = 16 * 1024
TOTAL_LIMIT = 1024 * 1024
_RESERVED = 4 * LINE_LIMIT  # kept free of epochs: a result or an error must always fit
MOST_EPOCHS = 1000


class Report:
    def __init__(self, descriptor: int | None):
        self._descriptor = descriptor
        self._written = 0
        self._lock = threading.Lock()

    @classmethod
    def from_environment(cls) -> "Report":
        number = os.environ.get("AIBOM_REPORT_FD")
        return cls(int(number) if number else None)

    def send(self, event: str, **fields) -> bool:
        """False when the line is over a limit and was not sent. Never blocks for good: the terminating thread calls this
        while the main thread may be anywhere."""
        line = encode({"event": event, **fields})
        reserved = _RESERVED if event == "epoch" else 0
        if not self._lock.acquire(timeout=1):
            return False
        try:
            if self._descriptor is None:
                return True
            if len(line) > LINE_LIMIT or self._written + len(line) > TOTAL_LIMIT - reserved:
                return False
            self._written += len(line)
            while line:
                line = line[os.write(self._descriptor, line):]
            return True
        except OSError:
            self._descriptor = None  # nobody reads; the job's outputs still count
            return False
        finally:
            self._lock.release()


def encode(document: dict) -> bytes:
    return json.dumps(finite(document), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def fitting(event: str, facts: dict, lists: dict[str, list]) -> dict:
    """The facts with as much of each list as fits one line; each cut says how much it took."""
    for cap in (64, 32, 16, 8, 4, 2, 0):
        cut = {}
        for name, items in lists.items():
            cut[name] = items[:cap]
            if len(items) > cap:
                cut[f"{name}_cut"] = len(items) - cap
        if len(encode({"event": event, "facts": facts | cut})) <= LINE_LIMIT:
            break
    return facts | cut


def finite(value):
    """JSON has no NaN; a loss that diverged must still arrive."""
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def epoch_stride(epochs: int) -> int:
    """Every how many epochs one is reported, so that 100000 epochs fit the stream as 50 do."""
    return max(1, -(-epochs // MOST_EPOCHS))
