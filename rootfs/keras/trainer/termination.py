"""SIGTERM ends the job at once, with a word about it."""

import os
import signal
import sys
import threading

from .report import Report


def watch(report: Report) -> None:
    """A thread waits for the signal, because a Python handler runs only between two bytecodes of the main thread, and that
    thread can be inside one long native call. As pid 1 of its namespace this process also has no default action for
    SIGTERM: unwatched, the signal would do nothing.

    Must be called before any other thread exists: they inherit the mask that keeps the signal for this one.
    """
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait() -> None:
        number = signal.sigwait(signals)
        report.send("error", code="terminated", message=f"ended by {signal.Signals(number).name}", where="job", remedy="submit it again")
        sys.stderr.write("error [terminated]: the job was told to end\n")
        sys.stderr.flush()
        os._exit(1)

    threading.Thread(target=wait, name="termination", daemon=True).start()
