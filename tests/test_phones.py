"""The quick way to read a phone number: never another answer than the library's, and sure of what people usually write."""

from pathlib import Path
from random import Random

import phonenumbers
import pytest
from conftest import Here, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.compile.tables.phones import ABROAD, NEVER_REACHED, BadPhone, digest, e164, read, surely

COUNTRIES = {"JP": "81", "TH": "66", "TW": "886"}
KINDS = (
    phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP,
    phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.UAN,
)  # fmt: skip
EXAMPLES = [
    str(found.national_number)
    for country in COUNTRIES
    for kind in KINDS
    if (found := phonenumbers.example_number_for_type(country, kind)) is not None
]
PREFIXES = [
    "",
    "0",
    "00",
    "010",
    "019",
    "002",
    "001",
    "+",
    "+0",
    "+81",
    "+810",
    "+66",
    "+886",
    "81",
    "66",
    "886",
    "+1",
    "+８１",
]


def near(chance: Random) -> str:
    """A number of some kind with a few digits changed, written in some way, and now and then with something odd in it."""
    digits = chance.choice(EXAMPLES)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(digits))
        digits = digits[:at] + chance.choice("0123456789") + digits[at + 1 :]
    digits = chance.choice([digits, digits, digits, digits[:-1], digits + "0"])
    text = chance.choice([chance.choice(PREFIXES), "0", "+81", "+66", "+886"]) + digits
    for _ in range(chance.choice([0, 0, 1, 2, 3])):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(["-", "-", "-", " ", "x", "/", "９", "ー", "\n", ")"]) + text[at:]
    return text


def disagrees(text: str, country: str | None) -> bool:
    """Whether the quick way gives a number, and another than the library's, or one of a kind that it is not."""
    found = surely(country)(text)
    mobile = surely(country, mobile=True)(text)
    if found is None:
        return mobile is not None
    if (
        mobile is not None
        and phonenumbers.number_type(phonenumbers.parse(mobile)) != phonenumbers.PhoneNumberType.MOBILE
    ):
        return True
    try:
        return e164(text, country) != found
    except BadPhone:
        return True


@given(
    st.builds(str.__add__, st.sampled_from(PREFIXES), st.text("0123456789- ", min_size=4, max_size=14)),
    st.sampled_from([*COUNTRIES, None]),
)
@settings(max_examples=tries(300))
def test_no_text_is_read_otherwise_than_by_the_library(text: str, country: str | None) -> None:
    assert not disagrees(text, country)


def test_no_number_that_is_nearly_one_is_read_otherwise() -> None:
    chance = Random(4)
    tried = [(near(chance), chance.choice([*COUNTRIES, None])) for _ in range(20_000)]
    assert [one for one in tried if disagrees(*one)] == []
    sure = sum(surely(country)(text) is not None for text, country in tried)
    assert sure > len(tried) / 20  # else this test would say little


@pytest.mark.parametrize("text", ["+818000001234", "080-0000-1234", "８０００００１２３４", "0000"])
def test_a_recipient_is_the_librarys_whichever_way_was_taken(text: str) -> None:
    try:
        expected = digest(e164(text, "JP"))
    except BadPhone:
        with pytest.raises(BadPhone):
            read(text, "JP")
    else:
        assert read(text, "JP").digest == expected


@pytest.mark.parametrize("country", list(COUNTRIES))
@pytest.mark.parametrize("kind", KINDS[:2])
def test_it_is_sure_of_what_people_usually_write(country: str, kind: int) -> None:
    number = phonenumbers.example_number_for_type(country, kind)
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = "0" + str(number.national_number)
    hyphened = f"{national[:3]}-{national[3:6]}-{national[6:]}"
    assert [surely(country)(one) for one in (whole, national, hyphened)] == [whole] * 3
    assert surely(None)(whole) == whole
    assert surely(None)(national) is None


def test_sixty_is_a_mobile_number_of_japan() -> None:
    assert surely("JP")("060-1234-5678") == "+816012345678"


@pytest.mark.parametrize(
    ("country", "number", "kind"),
    [("JP", "0120-000-222", "toll-free"), ("JP", "0800-111-2222", "toll-free"), ("JP", "0570-012-345", "company"), ("JP", "0990-512-345", "premium"),
     ("JP", "050-1234-5678", "internet phone"), ("JP", "03-1234-5678", "landline"), ("TH", "02-123-4567", "landline"), ("TH", "1800-123-456", "toll-free"),
     ("TW", "02-2345-6789", "landline"), ("TW", "0800-123-456", "toll-free"), ("JP", "080-0000-1234", None), ("TH", "081-234-5678", None), ("TW", "0912-345-678", None)],
)  # fmt: skip
def test_the_kind_of_a_number(country: str, number: str, kind: str | None) -> None:
    found = read(number, country).doubt
    assert (found and found[0]) == kind
    if kind is not None:
        assert surely(country, mobile=True)(number) is None
    elif number != "080-0000-1234":  # LINE's example is a toll-free number by the plan of numbers
        assert surely(country, mobile=True)(number) == e164(number, country)


@pytest.mark.parametrize(
    ("written", "said", "help"),
    [
        ("0081-90-1234-5678", "…78 begins with 00 before the country code", "write + instead of 00"),
        ("010-81-90-1234-567", "…67 begins with 010 before the country code", "write + instead of 010"),
        ("#REF!", "a spreadsheet's error `#REF!` instead", "fix its formula"),
        ("#n/a", "a spreadsheet's error `#n/a` instead", "fix its formula"),
        ("＃ＶＡＬＵＥ！", "a spreadsheet's error `#VALUE!` instead", "fix its formula"),
        ("N/A", "`N/A` instead of a phone number: it stands for no value", "leave the row out"),
        ("null", "`null` instead of a phone number: it stands for no value", "leave the row out"),
        ("NaN", "`NaN` instead of a phone number", "leave the row out"),
        ("-", "`-` instead of a phone number: it stands for no value", "leave the row out"),
        ("ーー", "`--` instead of a phone number: it stands for no value", "leave the row out"),
        ("未登録", "`未登録` instead of a phone number: it stands for no value", "leave the row out"),
        ("ไม่มี", "`ไม่มี` instead of a phone number", "leave the row out"),
        (" ", "an empty phone number", "leave the row out"),
        ("a.b@example.jp", "an e-mail address instead", "column"),
        ("2026/11/27", "a date instead", "column"),
        ("山田太郎", "a text without digits instead", "column"),
        ("03-1234-5678 内線12", "an extension after the phone number", "remove it"),
        ("03-1234-5678 ext. 12", "an extension after the phone number", "remove it"),
        ("090-1234-5678/080-1234-5678", "22 digits, and a phone number has at most 15", "one number in a row"),
        ("090-1234-5678、080-1234-5678", "22 digits, and a phone number has at most 15", "one number in a row"),
        ("tel:090-1234-5678", "a phone number can't hold `t`", ""),
        ("090-1234-567X", "a phone number can't hold `X`", ""),
    ],
)
def test_what_stands_instead_of_a_number_is_named(written: str, said: str, help: str) -> None:
    with pytest.raises(BadPhone) as caught:
        e164(written, "JP")
    assert said in str(caught.value.message)
    assert help in str(caught.value.help or "")
    assert "1234" not in str(caught.value.message)


@pytest.mark.parametrize(
    ("country", "number", "abroad"),
    [("JP", "+66812345678", True), ("JP", "+886912345678", True), ("TH", "+819012345678", True), ("TW", "+6621234567", True),
     ("TH", "+66812345678", False), (None, "+66812345678", False), ("JP", "+819012345678", False)],
)  # fmt: skip
def test_a_number_of_another_country_is_doubtful_and_taken(country: str | None, number: str, abroad: bool) -> None:
    assert (read(number, country).doubt or ("",))[0] == (ABROAD if abroad else "")
    assert e164(number, country) == number


def test_kinds_that_line_may_not_reach_are_counted(tmp_path: Path, here: Here) -> None:
    """PNP607 for each kind by itself; such rows are compiled all the same."""
    (tmp_path / "s.yaml").write_text(
        "pnpc: 1\nname: a\ncountry: JP\nmessage: {templateKey: shipment_completed_ja}\n", encoding="utf-8"
    )
    numbers = [
        "080-0000-1234",
        "03-1234-5678",
        "0120-000-222",
        "03-1234-5679",
        "0312345670",
        "+66812345678",
        "+66-2-123-4567",
    ]
    (tmp_path / "r.csv").write_text("phone\n" + "".join(f"{one}\n" for one in numbers), encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "o.jsonl")
    told = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert sorted(line.split(":")[1] + line.split(":")[2] for line in told) == [
        " PNP607 in 1 row, first r.csv4",
        " PNP607 in 2 rows, first r.csv7",
        " PNP607 in 3 rows, first r.csv3",
    ]
    assert sum("LINE can't reach it" in line for line in told) == 1
    assert sum("this kind often can't" in line for line in told) == 1
    assert done.returncode == 0
    assert sum("a number of TH, but the spec is for JP" in line for line in told) == 1
    assert "7 payloads" in done.stderr


@pytest.mark.parametrize(
    ("number", "sure"),
    [("0120-000-222", True), ("0990-512-345", True), ("02012345678", True), ("0570-012-345", False), ("050-1234-5678", False), ("03-1234-5678", False)],
)  # fmt: skip
def test_only_of_some_kinds_it_is_sure_that_line_cant_reach_them(number: str, sure: bool) -> None:
    found = read(number, "JP").doubt
    assert found is not None
    assert (found[0] in NEVER_REACHED) == sure
