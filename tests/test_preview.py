"""`pnpc preview`: a page that is whole in itself, shows every text, and runs nothing of what a spec holds."""

import json
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from conftest import ROOT, SPEC, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.compile.diff.snapshot import Snapshot
from pnpc.line.catalog import Catalog
from pnpc.render.page import page_of, render

SHOP = ROOT / "examples" / "shop" / "notifications"
CATALOG = Catalog()
_ALONE = frozenset(("meta", "link", "br", "img", "input", "hr"))


class Seen(HTMLParser):
    """The texts of a page, its tags and attributes; whether every tag that opens is closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in _ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def words(page: str) -> str:
    return "".join(Seen(page).texts)


def test_a_template_message_shows_labels_of_the_catalog(here):
    done = here("preview", SHOP / "reminder.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("<!doctype html>")
    shown = words(done.stdout)
    for text in (
        "ご乗車前日のお知らせ",
        "2024年8月11日",
        "お店の場所はこちら",
        "https://shop.example.com/meeting-point",
    ):
        assert text in shown
    assert "`time_range_001_ja`" in shown  # of which nobody here knows the label
    assert "not LINE's rendering" in shown


def test_a_flexible_message_shows_its_texts_in_order(here):
    shown = words(here("preview", SHOP / "delay.yaml").stdout)
    places = [shown.index(text) for text in ("お届け予定日の変更", "ご注文番号", "A1B2C3D4", "配達状況を確認する")]
    assert places == sorted(places)


def test_nothing_is_loaded_and_nothing_runs(here):
    page = Seen(here("preview", *sorted(SHOP.glob("*.yaml"))).stdout)
    assert not page.tags & {"script", "link", "img", "iframe", "a", "object"}
    assert not {name for name, _ in page.attributes} & {"src", "href", "style", "onclick"}
    assert any("default-src 'none'" in (value or "") for _, value in page.attributes)


def test_a_spec_is_never_overwritten(here, tmp_path):
    (tmp_path / "a.yaml").write_text(SPEC)
    done = here("preview", "a.yaml", "-o", f"{tmp_path}/./a.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.yaml is used already: -o must name another file" in done.stderr
    assert (tmp_path / "a.yaml").read_text() == SPEC


def test_a_file_is_written_and_errors_are_told(here, tmp_path):
    (tmp_path / "a.yaml").write_text(SPEC)
    assert here("preview", "a.yaml", "-o", "a.html").stdout == "a.html\n"
    assert "午前中" in words((tmp_path / "a.html").read_text())
    (tmp_path / "a.yaml").write_text(SPEC.replace("itemKey:", "itemkey:"))
    wrong = here("preview", "a.yaml", "-o", "b.html")
    assert wrong.returncode == 1
    assert "unknown-key" in wrong.stderr
    assert not (tmp_path / "b.html").exists()
    (tmp_path / "a.yaml").write_text(SPEC.replace(", example: 午前中", ""))
    lacking = here("preview", "a.yaml")
    assert (lacking.returncode, lacking.stdout) == (2, "")
    assert "neither an example nor a default" in lacking.stderr


texts = st.one_of(
    st.text(max_size=20), st.sampled_from(["<script>alert(1)</script>", "</div>", '" onclick="x', "{{ 7*7 }}"])
)
parts = st.recursive(
    st.one_of(texts, st.integers(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.fixed_dictionaries(
            {"type": st.sampled_from(["text", "flex", "bubble", "carousel", "box", "button", "template", "sticker"])},
            optional={
                "text": texts, "contents": inner, "body": inner, "header": inner, "label": texts, "action": inner,
                "template": inner, "columns": inner, "actions": inner, "quickReply": inner, "items": inner,
            },
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=tries(15))
@given(texts, st.lists(parts, max_size=3))
def test_any_body_gives_a_sound_page(text, messages):
    messages = [{"type": "text", "text": text}, *messages]
    page = Seen(render([page_of(text, Snapshot({"messages": messages}), CATALOG, None)]))
    assert not page.tags & {"script", "a", "img"}
    assert not {name for name, _ in page.attributes} - {"lang", "charset", "name", "content", "http-equiv", "class"}


@settings(max_examples=tries(15))
@given(texts, parts)
def test_any_template_body_gives_a_sound_page(text, body):
    item = {"itemKey": text, "content": text}
    for one in (body, {"items": [item, body], "emphasizedItem": item, "buttons": [{"buttonKey": text, "url": text}]}):
        Seen(render([page_of(text, Snapshot({"templateKey": text, "body": one}), CATALOG, "JP")]))


def test_a_browser_draws_it(pnpc, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    pnpc("preview", SHOP / "shipment.yaml", "-o", "a.html")
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", *quiet, f"--user-data-dir={tmp_path}/profile", "--dump-dom")
    done = subprocess.run([chromium, *flags, f"file://{tmp_path}/a.html"], capture_output=True, timeout=50, check=True)
    assert "スープセット（冷凍）" in words(done.stdout.decode())


def test_the_page_of_a_request_body_names_no_recipient(here, tmp_path):
    body = {"to": "0123456789abcdef" * 4, "templateKey": "shipment_completed_ja"}
    (tmp_path / "a.json").write_text(json.dumps(body))
    done = here("preview", "a.json")
    assert done.returncode == 0, done.stderr
    assert "0123456789abcdef" not in done.stdout
