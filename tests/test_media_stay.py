"""A certain medium can be neither suppressed nor configured away; `media-hosts` is the only way past it."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Here

from pnpc import rules
from pnpc.rules.listing import ALL

SPEC = """\
pnpc: 1
name: picture
country: JP
message:
  messages:
    - type: flex
      altText: a
      contents:
        type: bubble
        hero: {{type: {type}, url: "https://vos.line-scdn.net/a.png"}}{comment}
        body:
          type: box
          layout: vertical
          contents: [{{type: text, text: a}}]
"""


def spec(comment: str = "", type: str = "image") -> str:
    return SPEC.format(type=type, comment=comment)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def codes(stdout: str) -> list[str]:
    """Without the warning that nobody has approved the layout."""
    return [one["code"] for one in json.loads(stdout)["diagnostics"] if one["code"] != "PNP336"]


def test_the_certain_ones_are_those_that_the_grammar_calls_certain() -> None:
    classes: dict[str, str] = {}

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            type_ = node.get("properties", {}).get("type", {})
            if "x-media" in node and "const" in type_:
                classes[type_["const"]] = node["x-media"]
            for below in node.values():
                collect(below)
        elif isinstance(node, list):
            for below in node:
                collect(below)

    for file in (Path(__file__).parent.parent / "schemas").glob("*.schema.json"):
        collect(json.loads(file.read_text(encoding="utf-8")))
    certain = {name for name, media in classes.items() if media == "certain"}
    assert {"image", "video", "audio", "imagemap", "icon"} <= certain
    assert {name for name in certain if name in {rule.name for rule in ALL}} <= rules.CERTAIN_MEDIA
    assert not {name for name, media in classes.items() if media != "certain"} & rules.CERTAIN_MEDIA


@pytest.mark.parametrize("word", ["PNP401", "image", "pnp401"])
def test_a_comment_does_not_suppress_it_and_is_told(tmp_path: Path, here: Here, word: str) -> None:
    for comment in (f"  # pnpc: ignore[{word}] reviewed", f"\n    # pnpc: file-ignore[{word}] reviewed"):
        write(tmp_path, a_yaml=spec(comment))
        done = here("check", "a.yaml", "--format", "json")
        assert (done.returncode, sorted(codes(done.stdout))) == (1, ["PNP401", "PNP803"])


def test_a_comment_for_a_whole_family_does_not_suppress_it(tmp_path: Path, here: Here) -> None:
    write(tmp_path, a_yaml=spec("  # pnpc: ignore[PNP4] reviewed"))
    done = here("check", "a.yaml", "--format", "json")
    assert (done.returncode, codes(done.stdout)) == (1, ["PNP401", "PNP802"])


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ('ignore = ["PNP401"]', "pnpc.toml:1:11"),
        ('ignore = ["video", "unknown-media"]', "pnpc.toml:1:11"),
        ('ignore = ["PNP4"]', "pnpc.toml:1:11"),
        ('[severity]\nimage = "warning"', "pnpc.toml:2:1"),
        ('[severity]\nPNP40 = "off"', "pnpc.toml:2:1"),
        ('[per-path]\n"old/**" = ["icon"]', "pnpc.toml:2:13"),
    ],
)
def test_a_config_that_would_turn_it_off_is_an_error_at_the_word(
    tmp_path: Path, here: Here, config: str, where: str
) -> None:
    write(tmp_path, a_yaml=spec(), pnpc_toml=config)
    done = here("check", "a.yaml", "--format", "concise")
    assert (done.returncode, where in done.stdout + done.stderr) == (2, True), done
    assert "always" in done.stdout + done.stderr


def test_the_command_line_can_t_turn_it_off(tmp_path: Path, here: Here) -> None:
    write(tmp_path, a_yaml=spec())
    for word in ("PNP401", "image", "PNP4"):
        done = here("check", "a.yaml", "--ignore", word)
        assert (done.returncode, "always" in done.stderr) == (2, True)
    assert here("check", "a.yaml", "--select", "PNP2").returncode == 1


def test_what_is_not_certain_can_still_be_configured(tmp_path: Path, here: Here) -> None:
    text = "pnpc: 1\nname: a\ncountry: JP\nmessage: {messages: [{type: sticker, packageId: '1', stickerId: '1'}]}\n"
    write(tmp_path, a_yaml=text, pnpc_toml='ignore = ["PNP41"]\n[severity]\nimage = "error"\n')
    assert here("check", "a.yaml").returncode == 0


def test_a_baseline_never_holds_it(tmp_path: Path, here: Here) -> None:
    write(tmp_path, a_yaml=spec().replace("altText: a", "altTxt: a"))
    done = here("check", "a.yaml", "--baseline", "base.json", "--write-baseline", "--format", "json")
    assert (done.returncode, codes(done.stdout)) == (1, ["PNP401"])
    base = json.loads((tmp_path / "base.json").read_text())
    assert [one["code"] for one in base["findings"]] == ["PNP101", "PNP336"]
    assert codes(here("check", "a.yaml", "--baseline", "base.json", "--format", "json").stdout) == ["PNP401"]
    base["findings"].append(
        {"file": "a.yaml", "code": "PNP401", "path": "message.messages[0].contents.hero.type", "count": 1}
    )
    (tmp_path / "base.json").write_text(json.dumps(base))
    done = here("check", "a.yaml", "--baseline", "base.json", "--format", "json")
    assert (done.returncode, sorted(codes(done.stdout))) == (1, ["PNP401", "PNP804"])
    assert "can't be put into a baseline" in done.stdout


@pytest.mark.parametrize("type_", ["image", "icon"])
def test_media_hosts_are_the_way(tmp_path: Path, here: Here, type_: str) -> None:
    write(tmp_path, a_yaml=spec(type=type_), pnpc_toml='media-hosts = ["vos.line-scdn.net"]')
    told = codes(here("check", "a.yaml", "--format", "json").stdout)
    assert not {"PNP401", "PNP406"} & set(told)
