"""Write `schemas/names.json`: the words that `check --fix` may never take for a misspelt key.

Run it again when the schemas gain keys or line-bot-sdk is updated (a test says when):

    python tools/names.py
"""

import json
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY
from rapidfuzz.distance import OSA

from pnpc.line.names import SINCH

ROOT = Path(__file__).parent.parent
FILE = ROOT / "schemas" / "names.json"
# The schemas in which `pnpc check` looks for a near key.
SCHEMAS = (
    *("action", "flex", "flexible-message", "imagemap", "message-object", "sinch-message", "spec"),
    *("template-message", "template-object", "variable"),
)
SDK = ("messaging", "webhooks", "audience", "insight", "liff", "module", "moduleattach", "shop", "oauth")
SHORTEST = 4  # letters: below that no single edit is taken for a slip (see pnpc/line/grammar/slips.py)


def main() -> None:
    """Collect the names and the words, and write them."""
    ours = set[str]().union(*(properties(json.loads(schema_file(name).read_text("utf-8"))) for name in SCHEMAS))
    # Sinch's names of LINE's own keys are no other keys: `itemkey` is `itemKey` misspelt all the same.
    keys = (ours | sdk_names() | keywords()) - set(SINCH)
    content = {
        "source": f"LINE: properties of all models of line-bot-sdk {version('line-bot-sdk')} and of schemas/*; "
        "JSON Schema 2020-12: its meta-schemas; "
        f"words: those of english-words {version('english-words')} (web2 and gcide) one edit from a key of schemas/*",
        "date": datetime.now(UTC).date().isoformat(),
        "keys": sorted(keys),
        "words": sorted(words_near(ours, keys)),
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def schema_file(name: str) -> Path:
    """The file of a schema."""
    return ROOT / "schemas" / f"{name}.schema.json"


def properties(schema: Any) -> set[str]:
    """The names of all properties that a schema declares, at any depth."""
    if isinstance(schema, list):
        return set[str]().union(*map(properties, schema))
    if not isinstance(schema, dict):
        return set()
    declared = schema.get("properties")
    return set(declared if isinstance(declared, dict) else ()).union(*map(properties, schema.values()))


def sdk_names() -> set[str]:
    """The property names of every model of LINE's own SDK, requests, answers and webhooks alike."""
    names: set[str] = set()
    for module in SDK:
        for model in vars(import_module(f"linebot.v3.{module}")).values():
            if isinstance(model, type):
                names.update(field.alias for field in getattr(model, "__fields__", {}).values())
    return names


def keywords() -> set[str]:
    """The keywords of JSON Schema, by which variables are declared."""
    schema = Draft202012Validator.META_SCHEMA
    base = schema["$id"].removesuffix("schema")
    vocabularies = (REGISTRY.contents(base + part["$ref"]) for part in schema["allOf"])
    return set(schema["properties"]).union(*(vocabulary["properties"] for vocabulary in vocabularies))


def words_near(ours: set[str], keys: set[str]) -> set[str]:
    """English words one edit from a key: `altitude` is a word of its own, and not `latitude` misspelt.

    A key's own singular or plural is left out: it means the key.
    """
    from english_words import get_english_words_set

    english = get_english_words_set(["web2"], lower=True) & get_english_words_set(["gcide"], lower=True)
    near: set[str] = set()
    for key in ours:
        if key.isalpha() and len(key) >= SHORTEST:
            around = {word for word in english if abs(len(word) - len(key)) <= 1 and OSA.distance(word, key) == 1}
            near |= around - {f"{key}s", key.removesuffix("s")}
    return near - keys


if __name__ == "__main__":
    main()
