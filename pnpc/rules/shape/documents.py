"""Rules about whole documents."""

from pnpc.rules.rule import Rule

RULES = (
    Rule(
        code="PNP100",
        name="not-a-spec",
        severity="error",
        summary="A file named on the command line is not a spec or a request body.",
        why=(
            "A spec has the top-level key `pnpc`; a request body has `templateKey` or `messages`; a single message object or "
            "Flex container has one of LINE's types as its `type`. Bodies of push, multicast, narrowcast, broadcast and reply "
            "messages are for other endpoints, and are not checked. Other files in a folder are skipped, but a file that is "
            "named should be one of these."
        ),
        source="the spec format of pnpc",
        bad=(
            """\
«name: example»
message: hello
""",
            """\
{«"to"»: "U0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", "messages": [{"type": "text", "text": "こんにちは"}]}
""",
        ),
        good=(
            """\
{"templateKey": "shipment_completed_ja", "to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"}
""",
            """\
{"type": "text", "text": "ご注文の品を発送しました。"}
""",
        ),
    ),
    Rule(
        code="PNP107",
        name="duplicate-name",
        severity="error",
        summary="Two specs of a project have the same name.",
        why="Payload ids and journals identify a notification by its name.",
        source="the spec format of pnpc",
        tried_by="test_check.py::test_two_specs_with_one_name",
    ),
    Rule(
        code="PNP108",
        name="both-kinds",
        severity="error",
        summary="A message is not of exactly one kind, template or flexible.",
        why=(
            "LINE has an endpoint for each kind: `templateKey` is for the template kind, `messages` for the flexible kind. Sinch "
            "has only the template kind, with the key `template_key` and without `messages`."
        ),
        source="https://developers.line.biz/en/reference/line-notification-messages/",
        bad=(
            """\
templateKey: shipment_completed_ja
«messages»:
  - {type: text, text: ご注文の品を発送しました。}
""",
            """\
pnpc: 1
name: example
country: JP
«message»: {body: {}}
""",
        ),
        good=(
            """\
body: {}
""",
        ),
    ),
    Rule(
        code="PNP109",
        name="format-version",
        severity="error",
        summary="The format version is not 1.",
        why="In a later version the same keys may have another meaning.",
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: «2»
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
        ),
        good=(
            """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
""",
        ),
    ),
    Rule(
        code="PNP111",
        name="bad-name",
        severity="error",
        summary="A name has characters that are not allowed.",
        why=(
            "The name of a spec stands in ids, file names and reports: it has only `[a-z0-9-]`. The name of a variable stands "
            "in expressions: it has only letters, digits and _."
        ),
        source="the spec format of pnpc",
        bad=(
            """\
pnpc: 1
name: «Shipment Completed»
country: JP
message:
  templateKey: shipment_completed_ja
""",
            """\
pnpc: 1
name: example
country: JP
variables:
  «order-id»: {type: string, example: A1}
message:
  templateKey: shipment_completed_ja
""",
        ),
        good=(
            """\
pnpc: 1
name: shipment-completed
country: JP
message:
  templateKey: shipment_completed_ja
""",
        ),
    ),
    Rule(
        code="PNP112",
        name="json-syntax",
        severity="error",
        summary="A file named .json is not valid JSON.",
        why=(
            "LINE, and every program that sends the file, reads it as JSON. JSON does not allow some things that YAML allows: an "
            "extra comma, single quotes, comments, a line break inside a text, `False` instead of `false`."
        ),
        source="https://www.rfc-editor.org/rfc/rfc8259",
        tried_by="test_json.py::test_what_json_refuses_is_told_at_its_place",
    ),
    Rule(
        code="PNP116",
        name="not-in-sinch-models",
        severity="warning",
        summary="The models of Sinch's SDK do not have this key.",
        why=(
            "pnpc knows the body around a LINE message from the models of Sinch's SDK for Python 2.3.0. Another key may be "
            "newer, or a mistake. In the part for LINE, which LINE documents, an unknown key is an error."
        ),
        source="https://github.com/sinch/sinch-sdk-python",
        bad=(
            """\
{"app_id": "01EXAMPLEAPP", "recipient": {"contact_id": "01EXAMPLECONTACT"}, «"retry_strategy"»: "TWICE",
 "message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja"}}}}}
""",
        ),
        good=(
            """\
{"app_id": "01EXAMPLEAPP", "recipient": {"contact_id": "01EXAMPLECONTACT"}, "ttl": "3600s",
 "message": {"channel_specific_message": {"LINE": {
   "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
   "message": {"template_key": "shipment_completed_ja"}}}},
 "channel_priority_order": ["LINE"]}
""",
        ),
    ),
)
