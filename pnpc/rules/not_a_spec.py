"""PNP100 not-a-spec."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP100",
    name="not-a-spec",
    severity="error",
    summary="A file named on the command line must be a spec or a request body.",
    why=(
        "A spec has a top-level key `pnpc`; a request body has `templateKey` or `messages`; a single message object or "
        "Flex container has one of LINE's types as its `type`. Bodies of push, multicast, narrowcast, broadcast and "
        "reply messages are for other endpoints of LINE's and are not checked. In a folder, other files are passed "
        "over; a file that is named was meant."
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
)
