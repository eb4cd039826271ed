"""Verifies the statements of a folder of evidence with securesystemslib and in-toto-attestation, and prints what each is.

    python verify_statements.py FOLDER PUBLIC_KEY.pem

Signatures by securesystemslib's DSSE, as in-toto-verify has them; statements and predicates by the protocol buffers of
in-toto-attestation, where a member that they don't know is a fault, but for our extension of predicates that are not ours. Every
digest is compared with the file of that name. Exit status 1 with the first fault.
"""

import hashlib
import json
import pathlib
import sys

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.predicates.scai.v0 import scai, scai_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

EXTENSION = "aibomgen_evidence"


def require(condition: bool, fault: str) -> None:
    if not condition:
        raise ValueError(fault)


def load_key(pem: bytes) -> SSlibKey:
    """The key under the id that our envelopes give it: this library matches signatures by `keyid` alone."""
    key = load_pem_public_key(pem)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return SSlibKey.from_crypto(key, keyid=hashlib.sha256(der).hexdigest())


def check_files(resources, folder: pathlib.Path) -> None:
    """Whatever is named like a file of the folder has that file's digest."""
    for resource in resources:
        ResourceDescriptor.copy_from_pb(resource).validate()
        file = folder / resource.name
        if file.is_file():
            require(hashlib.sha256(file.read_bytes()).hexdigest() == resource.digest["sha256"], f"{resource.name}: digest")


def check_provenance(predicate: dict, folder: pathlib.Path) -> None:
    provenance = json_format.ParseDict(predicate, provenance_pb2.Provenance())
    definition, details = provenance.build_definition, provenance.run_details
    require(definition.build_type == "urn:aibomgen:build-type:training:1", "buildType")
    require(len(definition.external_parameters) > 0, "externalParameters")
    require(details.builder.id.startswith("urn:"), "builder.id")
    require(details.metadata.started_on.seconds <= details.metadata.finished_on.seconds, "times")
    for resources in (definition.resolved_dependencies, details.builder.builder_dependencies, details.byproducts):
        require(len(resources) > 0, "a list of resources is empty")
        check_files(resources, folder)
    require("aibom.json" in [resource.name for resource in details.byproducts], "byproducts")


def check_claims(predicate: dict, folder: pathlib.Path) -> None:
    documents = predicate.pop(EXTENSION)["documents"]
    report = json_format.ParseDict(predicate, scai_pb2.AttributeReport())
    scai.AttributeReport(list(report.attributes), report.producer).validate()
    check_files([json_format.ParseDict(one, ResourceDescriptor().pb) for one in documents], folder)


def check_bill(predicate: dict, folder: pathlib.Path) -> None:
    require(predicate == json.loads((folder / "aibom.json").read_bytes()), "the predicate is not aibom.json")


def check_linked(predicate: dict, folder: pathlib.Path) -> None:
    documents = predicate[EXTENSION]["documents"]
    check_files([json_format.ParseDict(one, ResourceDescriptor().pb) for one in documents], folder)


CHECKS = {
    "https://slsa.dev/provenance/v1": check_provenance,
    "https://cyclonedx.org/bom": check_bill,
    "https://in-toto.io/attestation/runtime-trace/v0.1": check_linked,
    "https://in-toto.io/attestation/scai/v0.3": check_claims,
    "urn:aibomgen:attestation:failure:1": check_linked,
}


def verify(line: bytes, key: SSlibKey, folder: pathlib.Path) -> str:
    envelope = Envelope.from_dict(json.loads(line))
    envelope.verify([key], 1)
    require(envelope.payload_type == "application/vnd.in-toto+json", "payloadType")
    message = json_format.Parse(envelope.payload, statement_pb2.Statement())
    Statement.copy_from_pb(message).validate()
    check_files(message.subject, folder)
    CHECKS[message.predicate_type](json.loads(envelope.payload)["predicate"], folder)
    return message.predicate_type


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    key = load_key(pathlib.Path(sys.argv[2]).read_bytes())
    try:
        for line in (folder / "attestation.intoto.jsonl").read_bytes().splitlines():
            print(verify(line, key, folder))
    except Exception as error:  # whatever the libraries raise
        print(f"fault: {type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
