"""Test oracle: validates a JSON document against a JSON Schema.

usage: validate.py SCHEMA DOCUMENT; exits 1 and says what is wrong.
"""

import json
import sys

import jsonschema


def main():
    """Validates, after making sure that the schema itself is one."""
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        document = json.load(file)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    errors = sorted(validator.iter_errors(document), key=str)
    for error in errors:
        print("/".join(str(part) for part in error.absolute_path), error.message[:300])
    return 1 if errors else 0


sys.exit(main())
