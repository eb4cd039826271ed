"""Says what sigstore-python makes of a bundle that was signed with a key.

    python read_sigstore_bundle.py BUNDLE

Its data model reads the whole bundle, and refuses members that it doesn't know. Its verifier takes only bundles with a certificate:
that it says so is the expected answer. Exit status 1 when the model does not read, or the verifier says anything else.
"""

import pathlib
import sys

from sigstore.errors import Error
from sigstore.models import Bundle
from sigstore_models.bundle.v1 import Bundle as Model


def main() -> int:
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    try:
        model = Model.from_json(text)
    except Exception as error:  # whatever the model raises
        print(f"model: {type(error).__name__}: {error}")
        return 1
    print(f"model: {model.media_type}, {len(model.dsse_envelope.signatures)} signature")
    try:
        Bundle.from_json(text)
    except Error as error:
        print(f"verifier: {error}")
        return 0 if "expected certificate in bundle" in str(error) else 1
    print("verifier: takes it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
