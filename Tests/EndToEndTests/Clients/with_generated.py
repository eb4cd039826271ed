"""The client that openapi-python-client makes of the service's own document, put to work.

    python with_generated.py URL AUTHORITY TOKEN MODEL DATASET DEFINITION
"""

import importlib
import io
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

url, authority, token, model, dataset, definition = sys.argv[1:]
trust = ssl.create_default_context(cafile=authority)

with tempfile.TemporaryDirectory(prefix="aibom-client-") as folder:
    document = pathlib.Path(folder, "openapi.json")
    with urllib.request.urlopen(f"{url}/openapi.json", context=trust, timeout=60) as answer:
        document.write_bytes(answer.read())
    made = subprocess.run(
        [
            sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--meta", "none",
            "--output-path", f"{folder}/service",
        ],
        capture_output=True, text=True, check=False, cwd=folder,
    )
    assert made.returncode == 0 and "ERROR" not in made.stdout, made.stdout + made.stderr
    sys.path.insert(0, folder)
    service = importlib.import_module("service")
    models = importlib.import_module("service.models")
    types = importlib.import_module("service.types")

    def operation(name: str):
        return importlib.import_module(f"service.api.{name}")

    client = service.AuthenticatedClient(base_url=url, token=token, verify_ssl=trust, raise_on_unexpected_status=True)
    submit = operation("seed.seed_submit")
    show = operation("jobs.show_job")

    def part(path: str):
        return types.File(payload=io.BytesIO(pathlib.Path(path).read_bytes()), file_name=pathlib.Path(path).name)

    def form(**fields):
        return models.SeedSubmission(
            model=part(model), dataset=part(dataset), dataset_definition=part(definition), **fields)

    refused = submit.sync(client=client, body=form(epochs=0))
    assert isinstance(refused, models.Problem) and refused.field == "epochs" and refused.remedy, refused

    submitted = submit.sync(client=client, body=form(epochs=2, model_name="generated"))
    assert isinstance(submitted, models.SeedSubmitted), submitted
    for _ in range(1200):
        job = show.sync(submitted.job_id, client=client)
        assert isinstance(job, models.Job), job
        if job.state in ("completed", "failed", "cancelled"):
            break
        time.sleep(0.05)
    assert job.state == "completed", job
    assert job.metadata.model_name == "generated", job

    listed = operation("jobs.list_jobs").sync(client=client)
    assert submitted.job_id in [job.job_id for job in listed.jobs], listed
    artifacts = operation("evidence.list_artifacts").sync(submitted.job_id, client=client)
    assert "aibom.json" in [artifact.name for artifact in artifacts.artifacts], artifacts
    status = operation("node.show_status").sync(client=client)
    assert isinstance(status, models.NodeStatus), status
    keys = operation("catalogue.list_keys").sync(client=client)
    assert keys.keys, keys
    missing = show.sync("019a2f6e-4b7c-7d3e-9f10-2a6b8c4d5e6f", client=client)
    assert isinstance(missing, models.Problem) and missing.status == 404, missing
