"""PNP540 fallback-too-long."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, Notice
from pnpc.line import sms
from pnpc.line.grammar.units import utf16
from pnpc.rules.rule import Rule, Test
from pnpc.text.finding import Finding, Place
from pnpc.text.path import Path
from pnpc.text.wording import Said, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    """Of a text without expressions its parts are counted; what expressions can make of one is proved."""
    assert notice.sms is not None
    if notice.is_spec and "{{" in notice.sms.text:
        from pnpc.rules import gates  # the gates know this rule by its name only
        from pnpc.rules.expressions.lengths import findings

        if gates.GATES["doubtful lengths"](notice, context):
            yield from (finding for finding in findings(notice, context) if finding.rule == RULE.name)
        return
    parts = sms.parts(notice.sms.text)
    if parts > notice.sms_parts:
        message = says(
            "`sms` takes {parts} SMS parts: {counted} (limit {limit})",
            parts=parts,
            counted=_counted(notice.sms.text),
            limit=notice.sms_parts,
        )
        more = says("shorten it, or set `parts: {parts}`", parts=parts)
        yield Finding(Place(SMS), message, more if parts <= sms.most_parts() else says("shorten it"))


def _counted(text: str) -> Said:
    """The size of a text in its own alphabet, and what a part holds."""
    if sms.is_gsm7(text):
        return says("{size} septets of GSM-7, {one} in one part", size=sms.septets(text), one=sms.gsm7().single)
    return says("{size} UTF-16 units of UCS-2, {one} in one part", size=utf16(text), one=sms.ucs2().single)


def values(notice: Notice, path: Path) -> Test | None:
    """Only the text of the fallback is counted in parts."""
    limit = notice.sms_parts
    return Test(lambda text: sms.parts(text) > limit, quick=True) if path == SMS else None


RULE = Rule(
    code="PNP540",
    name="fallback-too-long",
    severity="error",
    summary="The fallback's text can take more SMS than the spec allows.",
    why=(
        "An SMS holds 160 characters if all of them are in the GSM-7 alphabet, else 70. A longer text is sent in parts of 153 "
        "or 67, and each part is charged. `fallback.parts` says how many the text may take; without it that is one. The "
        "message shows allowed data that make the text too long."
    ),
    source="3GPP TS 23.038, 3GPP TS 23.040",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
fallback:
  sms: «"ご注文の商品を発送しました。お届けの予定日と時間帯は、配送状況のページでご確認ください。ご不在の場合は、配送業者の不在票に従って再配達をご依頼ください。"»
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  goods: {type: string, maxLength: 60, example: スープセット（冷凍）}
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "«{{ goods }}»を発送しました。"
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  goods: {type: string, maxLength: 60, example: スープセット（冷凍）}
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "{{ goods }}を発送しました。"
  parts: 2
""",
        """\
pnpc: 1
name: example
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "商品を発送しました。 https://example.com/t/{{ order_id }}"
""",
    ),
    check=check,
    values=values,
)
