#!/usr/bin/python3
"""admits.py SCHEMA SCENARIO...: does the JSON Schema admit these scenarios? Tells what it refuses."""
import json
import sys

import jsonschema

import scenario_yaml


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    refused = 0
    for path in paths:
        with open(path, encoding="utf-8") as f:
            value = scenario_yaml.load(f.read())
        for e in jsonschema.Draft7Validator(schema).iter_errors(value):
            refused += 1
            print("%s: %s: %s" % (path, "/".join(map(str, e.path)), e.message[:300]), file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
