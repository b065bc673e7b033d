"""The words that name columns and kinds of keys, on LINE's page and in other lists, in several languages."""

from unicodedata import normalize

from pnpc.line.catalog import KeyKind
from pnpc.text.lazy import regex

FIELDS = ("key", "label", "title", "description", "example", "note")
_NAMES = {
    "key": ("key", "templatekey", "itemkey", "buttonkey", "キー", "キー名", "คีย์", "金鑰", "鍵", "鍵值", "索引鍵", "键", "键值"),
    "label": (
        "label", "name", "text", "templatename", "itemname", "buttonname", "buttontext", "itemtext", "buttonlabel", "itemlabel",
        "ラベル", "名前", "名称", "テキスト", "テンプレート名", "アイテム名", "ボタン名", "ชื่อ", "ข้อความ", "ป้าย", "ป้ายกำกับ",
        "名稱", "文字", "標籤", "标签", "文本",
    ),
    "title": ("title", "タイトル", "หัวข้อ", "หัวเรื่อง", "ชื่อเรื่อง", "標題", "标题"),
    "description": ("description", "概要", "説明", "คำอธิบาย", "รายละเอียด", "說明", "描述", "说明"),
    "example": ("example", "例", "ตัวอย่าง", "範例", "示例"),
    "note": ("note", "notes", "備考", "หมายเหตุ", "備註", "备注"),
}  # fmt: skip
_KEY_ENDINGS = ("key", "キー", "คีย์", "金鑰", "鍵", "键")  # `Item key`, `アイテムのキー`
_KIND_OF: dict[str, KeyKind] = {
    "templatekey": "templates", "テンプレートキー": "templates", "itemkey": "items", "アイテムキー": "items",
    "buttonkey": "buttons", "ボタンキー": "buttons",
}  # fmt: skip
_KINDS: dict[KeyKind, tuple[str, ...]] = {
    "templates": ("template", "テンプレート", "เทมเพลต", "範本", "模板", "樣板"),
    "items": ("item", "アイテム", "ไอเทม", "รายการข้อมูล", "項目", "项目"),
    "buttons": ("button", "ボタン", "ปุ่ม", "按鈕", "按钮"),
}
_IN_BRACKETS = regex(r"[(\[][^()\[\]]*[)\]]")
_NO_LETTER = regex(r"[\W_]+")


def plain(name: str) -> str:
    """A name for comparisons: without brackets, signs, spaces and capital letters (`Item key ▲` is `itemkey`)."""
    text = normalize("NFKC", name).casefold()
    return _NO_LETTER.sub("", _IN_BRACKETS.sub("", text) or text)


_FIELD_OF = {plain(name): field for field, names in _NAMES.items() for name in names}
_ENDINGS = tuple(plain(ending) for ending in _KEY_ENDINGS)


def field_of(name: str) -> str:
    """What a column holds, one of FIELDS, by its name; empty if that is not known."""
    bare = plain(name)
    return _FIELD_OF.get(bare) or ("key" if len(bare) <= _LONGEST and bare.endswith(_ENDINGS) else "")


_LONGEST = 20  # letters of a column's name


def kind_of_column(name: str) -> KeyKind | None:
    """The kind of keys that a column's name says it holds."""
    return _KIND_OF.get(plain(name))


def kinds_named(text: str) -> list[KeyKind]:
    """The kinds that a heading or the label of a tab names."""
    folded = text.casefold()
    return [kind for kind, words in _KINDS.items() if any(word in folded for word in words)]


def is_kind(text: str) -> bool:
    """Whether a text is the name of one kind and hardly anything else, as on a tab."""
    return len(text) <= _LONGEST and len(kinds_named(text)) == 1
