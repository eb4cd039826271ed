"""Says whether standard input is a page of metrics as Prometheus reads it; prints every sample as JSON, one a line.

The official parser forgives much, so what the format demands beside it is asked here: HELP and TYPE once and before the samples,
a metric's samples together, buckets that rise to +Inf, the last line ended.
"""

import json
import re
import sys

from prometheus_client.parser import text_string_to_metric_families


def order_faults(text: str) -> list[str]:
    found, seen, current, typed = [], set(), None, {}
    if not text.endswith("\n"):
        found.append("the last line is not ended")
    for line in text.splitlines():
        if not line:
            found.append("an empty line")
            continue
        name = line.split()[2] if line.startswith("# ") else re.match(r"[a-zA-Z_:][a-zA-Z0-9_:]*", line).group()
        if line.startswith("# TYPE "):
            if name in typed:
                found.append(f"TYPE of {name} twice")
            typed[name] = line.split()[3]
        family = name
        if not line.startswith("# "):
            short = re.sub(r"_(bucket|sum|count)$", "", name)
            family = short if typed.get(short) == "histogram" else name
            if family not in typed:
                found.append(f"{family} has no TYPE before it")
        if family != current and family in seen:
            found.append(f"{family} is in pieces")
        seen.add(family)
        current = family
    return found


def histogram_faults(family) -> list[str]:
    found, series = [], {}
    for sample in family.samples:
        labels = {k: v for k, v in sample.labels.items() if k != "le"}
        series.setdefault(json.dumps(labels, sort_keys=True), []).append(sample)
    for labels, samples in series.items():
        buckets = [(float(s.labels["le"]), s.value) for s in samples if s.name.endswith("_bucket")]
        count = [s.value for s in samples if s.name.endswith("_count")]
        sums = [s.value for s in samples if s.name.endswith("_sum")]
        if buckets != sorted(buckets) or [v for _, v in buckets] != sorted(v for _, v in buckets):
            found.append(f"{family.name}{labels}: buckets don't rise")
        if len(count) != 1 or len(sums) != 1 or not buckets or buckets[-1] != (float("inf"), count[0]):
            found.append(f"{family.name}{labels}: +Inf is not the count")
    return found


def main() -> int:
    text = sys.stdin.buffer.read().decode("utf-8")
    found = order_faults(text)
    names = set()
    for family in text_string_to_metric_families(text):
        if not family.documentation or family.type == "unknown":
            found.append(f"{family.name} has no HELP or no TYPE")
        if family.type == "counter" and not any(s.name.endswith("_total") for s in family.samples):
            found.append(f"{family.name} is a counter without _total")
        if family.type == "histogram":
            found += histogram_faults(family)
        for sample in family.samples:
            key = (sample.name, json.dumps(sample.labels, sort_keys=True))
            if key in names:
                found.append(f"{key} twice")
            names.add(key)
            print(json.dumps({"name": sample.name, "labels": sample.labels, "value": sample.value}))
    for fault in found:
        print(f"fault: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
