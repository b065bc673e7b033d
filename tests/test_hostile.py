"""300 broken and malicious files: no traceback, no hang, no memory without bound, exit code 0, 1 or 2."""

import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SPEC, Run, clean_environment

SECONDS = 5
MEGABYTES = 1_500
PAYLOAD = '{"to": "%s", "templateKey": "shipment_completed_ja"}' % ("0" * 64)


def fuzzed() -> list[bytes]:
    """Specs with random bytes changed, cut and doubled; the same ones in every run."""
    chance = random.Random(20261121)
    found = []
    for number in range(200):
        data = bytearray((SPEC if number % 4 else PAYLOAD).encode())
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data)) if data else 0
            data = data or bytearray(b"x")
            match chance.randrange(5):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 9)]
                case 2:
                    data[at:at] = data[at : at + chance.randint(1, 40)]
                case 3:
                    data[at:at] = chance.choice(
                        [
                            b"{{",
                            b"}}",
                            b"&a ",
                            b"*a",
                            b"\t",
                            b"- ",
                            b": ",
                            b"\x00",
                            b"\xff",
                            b"|",
                            b"'",
                            b'"',
                            b"#",
                            b"? ",
                            b"!!x ",
                            b"---\n",
                            b"\xe2\x80\xa8",
                        ]
                    )
                case 4:
                    data = data[:at] or bytearray(b"pnpc")
        found.append(bytes(data))
    return found


def aliases(width: int, depth: int) -> str:
    lines = ["pnpc: 1", "a0: &a0 [" + ", ".join("x" * width) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * width) + "]" for n in range(1, depth)]
    return "\n".join(lines)


def with_content(text: str) -> str:
    return SPEC.replace('"{{ slot }}"', text)


def with_variable(text: str) -> str:
    return SPEC.replace("{type: string, maxLength: 20, example: 午前中}", text)


ESCAPES = [
    "{{ slot.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ slot['__class__'] }}", "{{ slot|attr('__class__') }}",
    "{{ self }}", "{{ self._TemplateReference__context }}", "{{ cycler.__init__.__globals__ }}", "{{ lipsum() }}",
    "{{ range(10**9)|list }}", "{{ 'a' * 10**9 }}", "{{ 10**10**10 }}", "{{ 9**9**9**9 }}", "{{ '%1000000000d' % 1 }}",
    "{{ slot.format(1) }}", "{{ [1] * 10**9 }}", "{{ (slot ~ slot) * 99999999 }}", "{{ {}.update(a=1) }}",
    "{% for x in range(10**9) %}x{% endfor %}", "{{ '{{' }}", "{{ slot }", "{{ " + "(" * 400 + ")" * 400 + " }}",
    "{{ " + "-" * 900 + "1 }}", "{{ " + "not " * 200 + "1 }}", "{{ " + "slot." * 180 + "x }}", "{{ " + "[" * 450 + " }}",
    "{{ joiner }}", "{{ namespace(x=1) }}", "{{ slot if slot else }}", "{{ 'a'.__add__('b') }}", "{{ slot|map('upper') }}",
    "{{ slot is defined }}", "{{ import os }}", "{{ lambda: 0 }}", "{{ \x01 }}", "{{ 1e999 }}", "{{ 1//0 }}", "{{ '\\x41' }}",
]  # fmt: skip


def crafted() -> list[str]:
    """Bombs, depths, sizes and odd things, each by hand."""
    texts = [with_content("'" + one.replace("'", "''") + "'") for one in ESCAPES]
    texts += [aliases(10, 12), aliases(2, 60), aliases(300, 3), "pnpc: &a {x: *a}", "pnpc: 1\nmessage: &m\n  <<: *m\n"]
    texts += [
        "pnpc: 1\n<<: [1, 2]\n",
        "pnpc: 1\n<<: {<<: {<<: x}}\n",
        "? {pnpc: 1}\n: x",
        "? [a]\n: pnpc",
        "pnpc:\n- 1",
    ]
    texts += [
        f"pnpc: 1\nname: {one}" for one in ("[" * 100_000, "{" * 100_000, "{a: " * 50_000, "- " * 50_000, "? " * 50_000)
    ]
    texts += [
        "pnpc: 1\n" + "".join(f"{' ' * n}a:\n" for n in range(700)),
        "[" * 400 + "]" * 400,
        '{"templateKey":' * 3000,
    ]
    texts += [
        with_content('"' + "長" * 2_000_000 + '"'),
        with_content("'{{ " + "x" * 500_000 + " }}'"),
        "pnpc: " + "9" * 100_000,
    ]
    texts += [
        with_content("'" + "{{ slot }}" * 20_000 + "'"),
        with_content("'" + "{{" * 50_000 + "'"),
        "x" * 11_000_000,
    ]
    texts += [with_variable('{type: string, pattern: "^(a+)+$", example: ' + "a" * 40 + "b}")]
    texts += [with_variable('{type: string, pattern: "(x+x+)+y", example: ' + "x" * 60 + "}")]
    texts += [with_variable('{type: string, pattern: "' + ".*" * 30 + 'z", example: ' + "a" * 5000 + "}")]
    texts += [
        with_variable(one)
        for one in (
            '{type: string, pattern: "(?"}',
            "{type: integer, minimum: 1e999}",
            "{type: string, maxLength: 99999999999999999999}",
        )
    ]
    texts += [
        with_variable(one)
        for one in (
            "{type: array, items: {type: array, items: 3}}",
            "{type: object, properties: []}",
            "&v {type: object, items: *v}",
            "~",
            "[]",
            "{type: [string]}",
        )
    ]
    texts += [
        with_variable("{type: string, enum: [" + "a," * 50_000 + "b], example: c}"),
        with_variable("{type: integer, example: " + "9" * 6000 + "}"),
    ]
    texts += [
        "---\n" * 20_000,
        "pnpc: 1\n---\n" * 3000,
        "# only a comment",
        "\ufeff",
        "\n" * 100_000,
        "\r" * 1000 + "pnpc: 1",
        "%YAML 9.9\n---\npnpc: 1",
    ]
    texts += [
        f"pnpc: {one}"
        for one in (
            "!!python/object/apply:os.system [id]",
            "!!binary aGk=",
            "!x y",
            "!<tag> z",
            "0x1",
            "1.0",
            "1e0",
            "''",
            "true",
            ".nan",
        )
    ]
    texts += [
        "pnpc: 1\n" + "\n".join(f"k{n}: 1" for n in range(30_000)),
        "pnpc: 1\n" + "a: 1\n" * 3000,
        "# pnpc: ignore[" * 5000 + SPEC,
    ]
    texts += [
        SPEC + "# pnpc: ignore[PNP2" + "," * 50_000 + "] x",
        SPEC + "# pnpc: file-ignore[PNP0,PNP1,PNP2] x\n" * 2000,
    ]
    texts += [with_content("|" + one) for one in ("9\n x", "+-\n x", "\n" + " " * 5000 + "x", "0\nx")]
    texts += [
        '{"templateKey": "\\ud800"}',
        '{"templateKey": "\\ud83d\\ude00"}',
        '{"templateKey": 1e999, "to": -0}',
        '{"messages": [{"type": 1}]}',
        '{"messages": []}',
    ]
    texts += [
        PAYLOAD.replace("}", f', "body": {one}}}')
        for one in (
            "null",
            "[]",
            '{"items": {}}',
            '{"items": [null, 1, [], {}]}',
            '{"buttons": [[[]]]}',
            '{"emphasizedItem": []}',
        )
    ]
    content = "9" * 100_000 + " {{ x }} {{ y }} {% z %}"  # rules go from text to text, and each finding has a place
    items = "".join(f'      - {{itemKey: a_{number}, content: "{content}"}}\n' for number in range(11))
    texts.append(f"pnpc: 1\nname: a\ncountry: JP\nmessage:\n  templateKey: x_ja\n  body:\n    items:\n{items}")
    return texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    everything = [*fuzzed(), *(text.encode("utf-8", "surrogatepass") for text in crafted())]
    assert len(everything) >= 300
    for number, data in enumerate(everything):
        (folder / f"h{number:03}.yaml").write_bytes(data)
    return folder


SCRIPT = """
import json, sys, time
from pnpc.cli.main import main
for line in sys.stdin:
    start = time.process_time()
    code = main(["check", line.strip(), "--format", "json", "--output", f"full={sys.argv[1]}"])
    sys.stdout.flush()
    print(json.dumps([line.strip(), code, time.process_time() - start]), file=sys.stderr, flush=True)
"""


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))


def test_no_file_makes_check_hang_or_crash(folder: Path, tmp_path: Path) -> None:
    """One process over all files, for speed; each file is its own run of the command line."""
    import json

    names = sorted(str(file) for file in folder.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "full.txt")], input="\n".join(names), capture_output=True,
        text=True, timeout=240, env=clean_environment(), preexec_fn=limit_memory, check=False,
    )  # fmt: skip
    results = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[")]
    assert [name for name, _, _ in results] == names, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert [(name, code) for name, code, _ in results if code not in (0, 1, 2)] == []
    assert [(name, seconds) for name, _, seconds in results if seconds > SECONDS] == []


def test_a_folder_of_them_gives_one_report(pnpc: Run, folder: Path) -> None:
    done = pnpc("check", folder, "--format", "concise", "--jobs", "2")
    assert done.returncode == 1
    assert "PNP008 error" in done.stdout
    assert "more unknown keys in the document" in done.stdout


@pytest.mark.parametrize("number", range(len(ESCAPES)))
def test_no_expression_escapes_when_compiled(pnpc: Run, tmp_path: Path, number: int) -> None:
    """Compile fills the text for real: it refuses, or gives a text that holds nothing of Python's inside."""
    (tmp_path / "a.yaml").write_text(
        with_content("'" + ESCAPES[number].replace("'", "''") + "'"), encoding="utf-8", errors="surrogatepass"
    )
    done = pnpc("compile", "a.yaml")
    assert done.returncode in (0, 1)
    assert "<class" not in done.stdout
    assert "object at 0x" not in done.stdout
    assert "<built-in" not in done.stdout
    assert len(done.stdout) < 10_000


@pytest.mark.parametrize(
    "name",
    ["a b.yaml", "名前.yaml", "😀.yaml", "-x.yaml", "a'b\".yaml", "a\nb.yaml", "a\u202eb.yaml", b"\xff\xfe.yaml"],
)
def test_odd_file_names(pnpc: Run, tmp_path: Path, name: str | bytes) -> None:
    import os

    file = os.path.join(os.fsencode(tmp_path), name if isinstance(name, bytes) else os.fsencode(name))
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(SPEC.replace("items:", "itms:"))
    for format in ("full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson"):
        done = pnpc("check", ".", "--format", format)
        assert done.returncode == 1
        assert done.stdout
    assert pnpc("check", "--fix", ".").returncode == 0
