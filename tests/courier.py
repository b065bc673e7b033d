"""An invented target, whole in one class: what a third receiver of requests takes. Run as a program, it is pnpc with it.

`python tests/courier.py compile a.yaml --target courier` does what `pnpc compile` would do if it knew this target.
"""

import sys
from collections.abc import Mapping
from typing import Any

from pnpc.compile.filled.message import Filled
from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import TARGETS
from pnpc.compile.targets.facts import Route, Secret, Setting, Tag, lacking
from pnpc.compile.targets.target import Addressee, Recipient, Target, text_of

API, PATH = "https://api.courier.example", "/notes"


class Courier(Target):
    """An API that nobody has: flexible messages only, let in by a name and a password, takes 40 requests a second."""

    name = "courier"
    receiver = "Courier"
    kinds = ("flexible",)
    columns = ("member",)
    private = ()
    recipient_key = "member"
    reviewer = "Courier's editor"
    settings = (
        Setting("account", "COURIER_ACCOUNT", "The account that pays.", r"[a-z]+", "small letters"),
        Setting("speed", "COURIER_SPEED", "How fast it goes.", choices=("slow", "fast")),
    )
    secrets = (Secret("Basic", ("COURIER_USER", "COURIER_PASSWORD")),)
    tag = Tag("note", is_header=False, is_made=True)
    request_id = "x-courier-id"

    @classmethod
    def rate(cls) -> int:
        """Requests a second."""
        return 40

    @classmethod
    def route(cls) -> Route:
        """One address for all."""
        return Route((API,), PATH, API, f"`url` must go on with {PATH}; found {{path}}")

    @classmethod
    def wrong_body(cls, path: str, body: Mapping[str, Any]) -> str | None:
        """No recipient, or no messages."""
        return lacking(body, ("member", "account", "messages"), cls.recipient_key)

    def url(self, kind: str) -> str:
        """One address for all."""
        return API + PATH

    def addressee(self, record: Record, country: str | None) -> Addressee:
        """A member, as the table has it."""
        mistakes: list[Mistake] = []
        member = text_of(record, "member", "bad-value", None, mistakes)
        return Addressee(Recipient("member", member) if member else None, tuple(mistakes))

    def request(self, to: Recipient | None, filled: Filled) -> tuple[dict[str, str], dict[str, Any]]:
        """The messages as LINE has them, beside the account."""
        body = {"account": self.given["account"], "speed": self.given["speed"], **filled.body}
        body |= {} if to is None else {"member": to.value}
        return {"Content-Type": "application/json"}, body | ({} if filled.tag is None else {"note": filled.tag})


if __name__ == "__main__":
    TARGETS[Courier.name] = Courier
    from pnpc.cli.main import main  # its options list the targets

    sys.exit(main(sys.argv[1:]))
