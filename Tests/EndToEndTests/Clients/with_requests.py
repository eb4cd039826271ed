"""A user's script: submits over the reference system's endpoints, follows the job, fetches its evidence, has it verified.

    python with_requests.py URL AUTHORITY TOKEN OTHERS_TOKEN MODEL DATASET DEFINITION PUBLIC_KEY
"""

import base64
import hashlib
import json
import pathlib
import sys
import time

import requests

url, authority, token, others_token, model, dataset, definition, public_key = sys.argv[1:]
session = requests.Session()
session.trust_env = False  # a variable of the host would go before the authority
session.verify = authority
session.headers["Authorization"] = f"Bearer {token}"


def files() -> dict:
    return {
        "model": pathlib.Path(model).open("rb"),
        "dataset": pathlib.Path(dataset).open("rb"),
        "dataset_definition": pathlib.Path(definition).open("rb"),
    }


def submit(**fields) -> requests.Response:
    return session.post(f"{url}/submit_job_by_model_and_data", files=files(), data=fields, timeout=60)


def expect(answer: requests.Response, status: int, field: str | None = None) -> dict:
    assert answer.status_code == status, (answer.status_code, answer.text)
    if status < 400:
        return answer.json()
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    assert problem["status"] == status and problem["title"], problem
    assert field is None or (problem["field"] == field and problem["remedy"]), problem
    return problem


def events(job: str):
    with session.get(f"{url}/v1/jobs/{job}/events", stream=True, timeout=60) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream"), answer.headers
        for line in answer.iter_lines(decode_unicode=True):
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


# What is wrong is said before anything is queued.
expect(submit(epochs="0"), 422, "epochs")
expect(submit(validation_split="2"), 422, "validation_split")
expect(submit(licence_name="MIT"), 422, "licence_name")
expect(session.get(f"{url}/v1/jobs?stat=queued", timeout=60), 400, "stat")
nobody = requests.get(f"{url}/v1/jobs", verify=authority, timeout=60)
expect(nobody, 401)
assert nobody.headers["www-authenticate"].startswith("Bearer"), nobody.headers

submitted = expect(submit(epochs="3", model_name="iris", license_name="MIT", author="Ann"), 200)
job = submitted["job_id"]

seen = [event["event"] for event in events(job)]
states = [event["state"] for event in seen if "state" in event]
assert states[-1] == "completed", states
epochs = [event["epoch"] for event in seen if "epoch" in event]
assert epochs and epochs[-1] == 3 and epochs == sorted(epochs), seen

status = expect(session.get(f"{url}/job_status/{job}", timeout=60), 200)
assert status["status"] == "completed" and "aibom.json" in status["result"]["output_artifacts"], status
listed = expect(session.get(f"{url}/job_artifacts/{job}", timeout=60), 200)["artifacts"]
names = [name.removeprefix(f"{job}/") for name in listed]

# The link needs no token, ends, and can't be changed.
link = expect(session.get(f"{url}/job_artifacts/{job}/aibom.json", timeout=60), 200)["url"]
evidence = {}
for name in names:
    answer = session.get(f"{url}/job_artifacts/{job}/{name}", params={"redirect": "true"}, timeout=60)
    assert answer.status_code == 200 and len(answer.history) == 1, (name, answer.status_code)
    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:", (name, answer.headers)
    evidence[name] = answer.content
bare = requests.get(link, verify=authority, timeout=60)
assert bare.status_code == 200 and bare.content == evidence["aibom.json"], bare
assert requests.get(link[:-1] + ("0" if link[-1] != "0" else "1"), verify=authority, timeout=60).status_code == 403

# A broken download goes on where it stopped.
whole = f"{url}/v1/jobs/{job}/artifacts/trained_model.keras"
part = session.get(whole, headers={"Range": "bytes=100-"}, timeout=60)
assert part.status_code == 206 and part.content == evidence["trained_model.keras"][100:], part
same = session.get(whole, headers={"If-None-Match": part.headers["etag"]}, timeout=60)
assert same.status_code == 304 and not same.content, same

# Another user sees none of it.
stranger = {"Authorization": f"Bearer {others_token}"}
for path in (f"/v1/jobs/{job}", f"/job_status/{job}", f"/job_artifacts/{job}/aibom.json"):
    expect(requests.get(url + path, headers=stranger, verify=authority, timeout=60), 404)
assert expect(requests.get(f"{url}/v1/jobs", headers=stranger, verify=authority, timeout=60), 200)["jobs"] == []

# Verified by the service, and refused when one byte is another.
key = ("key", ("key.pem", pathlib.Path(public_key).read_bytes()))


def verdict(bundle: dict) -> dict:
    parts = [key] + [(name, (name, content)) for name, content in bundle.items()]
    return expect(session.post(f"{url}/v1/verify", files=parts, timeout=60), 200)


assert verdict(evidence)["verified"] is True, verdict(evidence)
assert verdict(evidence | {"trained_model.keras": evidence["trained_model.keras"] + b"x"})["verified"] is False

# A key asks for the same job however often, and is another's no less than ours.
again = [
    session.post(f"{url}/submit_job_by_model_and_data", files=files(), headers={"Idempotency-Key": '"once"'}, timeout=60)
    for _ in range(2)
]
ids = {expect(answer, 200)["job_id"] for answer in again}
assert len(ids) == 1 and ids != {job}, ids
second = ids.pop()
cancelled = session.post(f"{url}/v1/jobs/{second}/cancel", timeout=60)
assert cancelled.status_code in (202, 200), cancelled.text
for _ in range(200):
    if expect(session.get(f"{url}/v1/jobs/{second}", timeout=60), 200)["state"] == "cancelled":
        break
    time.sleep(0.05)
else:
    raise AssertionError("the job was not cancelled")
