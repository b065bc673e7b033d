"""What `check` writes for machines, read back by what those systems require."""

import json
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
from reports import SPEC, alone, examples, hostile, made, report_of

from pnpc.about import VERSION
from pnpc.report import render
from pnpc.report.report import Report, Summary
from pnpc.text import edits
from pnpc.text.finding import Edit
from pnpc.text.source import Position, Source, Span

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("make", [examples, hostile])
def test_json_keeps_the_contract(make):
    report = make()
    value = json.loads(render("json", report))
    schema = json.loads((ROOT / "schemas/diagnostics.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(value)
    assert [json.loads(line) for line in render("jsonl", report).split("\n")[:-1]] == value["diagnostics"]
    assert value["summary"]["errors"] == report.summary.errors


def test_json_says_what_the_diagnostic_says():
    one = json.loads(render("json", report_of(Source("a.yaml", SPEC))))["diagnostics"][1]
    assert one == {
        "code": "PNP218", "name": "unlisted-key", "severity": "warning",
        "message": "item `日付_002_ja` is not in the catalog, which holds 15 of Japan's 204 items",
        "data": {"country": "Japan", "held": 15, "key": "日付_002_ja", "total": 204},
        "file": "a.yaml", "path": "message.body.items[0].itemKey",
        "range": {"start": {"line": 9, "column": 19}, "end": {"line": 9, "column": 28}}, "related": [],
        "help": "compare it with LINE's page; `catalogs` in pnpc.toml adds your own keys",
        "fix": None, "url": "docs/rules/PNP218.md",
    }  # fmt: skip
    assert "日付" in render("json", report_of(Source("a.yaml", SPEC)))


def test_fixes_come_out_as_they_went_in():
    """The edits of each machine format, applied to the text by that format's own columns, give what --fix gives."""
    report = examples()
    ways = [json.loads(render(name, report)) for name in ("json", "sarif", "rdjson")]
    fixed = 0
    for one, *said in zip(report.diagnostics, ways[0]["diagnostics"], ways[1]["runs"][0]["results"],
                          ways[2]["diagnostics"], strict=True):  # fmt: skip
        source = report.sources[one.file]
        if one.fix is None:
            assert (said[0]["fix"], "fixes" in said[1], "suggestions" in said[2]) == (None, False, False)
            continue
        fixed += 1
        wanted = edits.apply(source.text, [one.fix.edits])[0]
        plain = [(_range(edit["range"]), edit["text"]) for edit in said[0]["fix"]["edits"]]
        (change,) = said[1]["fixes"][0]["artifactChanges"]
        sarif = [(_region(part["deletedRegion"]), part["insertedContent"]["text"]) for part in change["replacements"]]
        for replaced in (plain, sarif):
            spans = [(Span(source.offset(start), source.offset(end)), text) for (start, end), text in replaced]
            assert edits.apply(source.text, [tuple(Edit(span, text) for span, text in spans)])[0] == wanted
        (suggestion,) = said[2]["suggestions"]
        start, end = (_byte(source, at) for at in _range(suggestion["range"]))
        data = source.text.encode("utf-8")
        assert (data[:start] + suggestion["text"].encode("utf-8") + data[end:]).decode("utf-8") == wanted
    assert fixed > 5


def _range(where):
    return Position(**where["start"]), Position(**where["end"])


def _region(where):
    return Position(where["startLine"], where["startColumn"]), Position(where["endLine"], where["endColumn"])


def _byte(source, at):
    return len(source.text[: source.starts[at.line - 1]].encode("utf-8")) + at.column - 1


def test_rdjson_counts_bytes():
    source = Source("./a.yaml", "\ufeff猫: 👍🏽é\n猫: 犬\n")
    one = made(source, (3, 6), help="look")
    value = json.loads(render("rdjson", alone(one, source)))
    assert value["source"] == {"name": "pnpc"}
    # The mark at the start of the file (3), 猫 (3), colon and blank (2), two emoji (8), é (2).
    assert value["diagnostics"] == [{
        "message": "wrong\nlook",
        "location": {
            "path": "a.yaml",
            "range": {"start": {"line": 1, "column": 9}, "end": {"line": 1, "column": 19}},
        },
        "severity": "ERROR",
        "code": {"value": "PNP204"},
        "original_output": "./a.yaml:1:4: PNP204 error wrong (look)",
    }]  # fmt: skip
    without = json.loads(render("rdjson", alone(one)))["diagnostics"][0]["location"]["range"]
    assert without == {"start": {"line": 1}, "end": {"line": 1}}


def _object(required, optional=()):
    """A closed object: its required and optional members."""
    members = dict(required) | dict(optional)
    return {"type": "object", "required": list(required), "properties": members, "additionalProperties": False}


def _array(items, least=0, *, unique=False):
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": unique}


# The parts of the official SARIF 2.1.0 schema that we write, with its required members, enumerations and bounds;
# closed, so that a member which SARIF does not know can't slip in.
TEXT, COUNT, URI = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "string", "format": "uri-reference"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = _object({"text": TEXT}, {"markdown": TEXT})
REGION = _object({"startLine": COUNT}, {"startColumn": COUNT, "endLine": COUNT, "endColumn": COUNT})
ARTIFACT = _object({"uri": URI}, {"uriBaseId": TEXT})
PHYSICAL = _object({"artifactLocation": ARTIFACT, "region": REGION})
LOCATION = _object({"physicalLocation": PHYSICAL}, {"message": MESSAGE})
REPLACEMENT = _object({"deletedRegion": REGION}, {"insertedContent": _object({"text": TEXT})})
CHANGE = _object({"artifactLocation": ARTIFACT, "replacements": _array(REPLACEMENT, 1)})
FIX = _object({"artifactChanges": _array(CHANGE, 1, unique=True)}, {"description": MESSAGE})
RESULT = _object(
    {"message": MESSAGE, "ruleId": TEXT, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL},
    {
        "locations": _array(LOCATION, 1), "relatedLocations": _array(LOCATION, unique=True),
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT}, "fixes": _array(FIX, unique=True),
    },
)  # fmt: skip
RULE = _object(
    {"id": TEXT},
    {
        "name": {"type": "string", "pattern": "^([A-Z][a-z0-9]*)+$"},
        "shortDescription": MESSAGE, "fullDescription": MESSAGE, "help": MESSAGE,
        "defaultConfiguration": _object({}, {"level": LEVEL}),
        "properties": _object({}, {"tags": _array(TEXT, unique=True)}),
    },
)  # fmt: skip
DRIVER = _object({"name": TEXT}, {"version": TEXT, "rules": _array(RULE, unique=True)})
RUN = _object(
    {"tool": _object({"driver": DRIVER})},
    {"results": _array(RESULT), "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]}},
)
LOG = _object({"version": {"enum": ["2.1.0"]}, "runs": _array(RUN)}, {"$schema": {"type": "string", "format": "uri"}})


@pytest.mark.parametrize("make", [examples, hostile])
def test_sarif_by_the_schema(make):
    report = make()
    value = json.loads(render("sarif", report))
    jsonschema.Draft202012Validator(LOG).validate(value)
    run = value["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert (run["tool"]["driver"]["name"], run["tool"]["driver"]["version"]) == ("pnpc", VERSION)
    listed = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert set(listed) == {one.code for one in report.diagnostics}
    assert [listed[result["ruleIndex"]] for result in run["results"]] == [one.code for one in report.diagnostics]
    prints = [result["partialFingerprints"]["pnpc/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(
    ("name", "uri", "data"),
    [
        ("./specs/a b.yaml", "specs/a%20b.yaml", b"specs/a b.yaml"),
        ("日付/#1?%41:b.yaml", None, "日付/#1?%41:b.yaml".encode()),
        ("../a.yaml", "../a.yaml", b"../a.yaml"),
        ("a\udcff.yaml", "a%FF.yaml", b"a\xff.yaml"),
        ("a\ud83d.yaml", "a%EF%BF%BD.yaml", "a\ufffd.yaml".encode()),
        ("/tmp/a b.yaml", "file:///tmp/a%20b.yaml", b"/tmp/a b.yaml"),
    ],
)
def test_sarif_names_files_by_uri(name, uri, data):
    value = json.loads(render("sarif", alone(made(Source(name, "a: b"), (0, 1)))))
    artifact = value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri in (artifact["uri"], None)
    parts = urlsplit(artifact["uri"])
    assert (parts.netloc, parts.query, parts.fragment) == ("", "", "")
    assert unquote_to_bytes(parts.path) == data
    assert re.fullmatch(r"[A-Za-z0-9%/._~:-]+", artifact["uri"])
    assert (parts.scheme, artifact.get("uriBaseId")) in (("", "%SRCROOT%"), ("file", None))


@pytest.mark.parametrize("format", ["sarif", "gitlab"])
def test_fingerprints_outlive_a_moved_line(format):
    twice = SPEC + "      - {itemKey: date_002_ja, content: 午後}\n"
    prints = [
        re.findall('(?:"fingerprint"|"pnpc/v1"): "([0-9a-f]{64})"', render(format, report_of(Source("a.yaml", text))))
        for text in (twice, "# a line more\n\n" + twice)
    ]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == len(prints[0]) > 2
    other = render(format, report_of(Source("b.yaml", twice)))
    assert not any(one in other for one in prints[0])


def _unescape(text, *more):
    for sign, character in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(sign, character)
    return text


def test_github_commands_read_back():
    """As the runner reads them: properties split at commas, then unescaped."""
    source = Source("./a,b:%2C猫.yaml", "a: 'x\n y\n'\nb: 1\n")
    one = made(source, (0, 1), message="100%25: a,\r\nb::c")
    long = made(source, (3, 11), severity="warning")
    lines = render("github", Report((one, long), Summary(1, 1, 1), {})).splitlines()
    read = []
    for line in lines[:2]:
        command, properties, data = re.fullmatch("::(error|warning) ([^:]*)::(.*)", line).groups()
        pairs = (pair.split("=", 1) for pair in properties.split(","))
        values = {name: _unescape(value, ("%3A", ":"), ("%2C", ",")) for name, value in pairs}
        read.append((command, values, _unescape(data)))
    file, title = "a,b:%2C猫.yaml", "PNP204 duplicate-item"
    assert read == [
        ("error", {"file": file, "line": "1", "endLine": "1", "col": "1", "endColumn": "2", "title": title},
         "100%25: a,\r\nb::c"),
        ("warning", {"file": file, "line": "1", "endLine": "3", "title": title}, "wrong"),
    ]  # fmt: skip
    assert lines[2:] == [
        "./a,b:%2C猫.yaml:1:1: PNP204 error 100%25: a,<U+000D><U+000A>b::c",
        "./a,b:%2C猫.yaml:1:4: PNP204 warning wrong",
    ]


def test_github_takes_no_commands_from_files():
    lines = render("github", hostile()).splitlines()
    assert len(lines) == 6
    assert all(re.match("::(error|warning) file=", line) for line in lines[:3])
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines[3:])


def test_gitlab_reads_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    source = Source(f"{tmp_path}/specs/a.yaml", SPEC)
    for report in (report_of(source), report_of(Source("./specs/a.yaml", SPEC)), examples(), hostile()):
        issues = json.loads(render("gitlab", report))
        assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(report.diagnostics)
        for issue, one in zip(issues, report.diagnostics, strict=True):
            assert issue["description"].startswith(f"{one.code} {one.name}: ")
            assert issue["check_name"] == one.code
            assert issue["severity"] == {"error": "major", "warning": "minor"}[one.severity]
            assert not issue["location"]["path"].startswith(("/", "./"))
            assert issue["location"]["lines"]["begin"] == one.range.start.line <= issue["location"]["lines"]["end"]
    assert json.loads(render("gitlab", report_of(source)))[0]["location"]["path"] == "specs/a.yaml"


@pytest.mark.parametrize("warnings_fail", [False, True])
@pytest.mark.parametrize("make", [examples, hostile])
def test_junit_reads_back(make, warnings_fail):
    """A case fails where the run does: a warning only with `--fail-on warning`."""
    report = make()._replace(warnings_fail=warnings_fail)
    root = ElementTree.fromstring(render("junit", report).encode("utf-8"))
    assert root.tag == "testsuites"
    cases = list(root.iter("testcase"))
    assert len(cases) == len(report.diagnostics) == int(root.attrib["tests"])
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)
    for suite in (root, *root):
        inside = list(suite.iter("testcase"))
        assert suite.attrib["errors"] == "0"
        assert int(suite.attrib["tests"]) == len(inside)
        assert int(suite.attrib["failures"]) == sum(case.find("failure") is not None for case in inside)
        assert int(suite.attrib["skipped"]) == sum(case.find("skipped") is not None for case in inside)
        assert float(suite.attrib["time"]) == 0
    for case, one in zip(cases, report.diagnostics, strict=True):
        (outcome,) = case
        fails = warnings_fail or one.severity == "error"
        assert (outcome.tag, outcome.attrib["type"]) == ("failure" if fails else "skipped", one.severity)
        assert case.attrib["time"] == "0"
        assert outcome.attrib["message"]
        assert outcome.text
        assert case.attrib["line"] == str(one.range.start.line)
