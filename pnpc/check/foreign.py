"""Findings about documents that are neither specs nor request bodies, in a file that was meant to contain these."""

from pnpc.language.message.notice import Notice
from pnpc.line import sinch
from pnpc.line.bodies import is_payload
from pnpc.line.other_bodies import other_body
from pnpc.text.document import Document
from pnpc.text.finding import Finding, Place
from pnpc.text.path import show
from pnpc.text.source import Span
from pnpc.text.tree import Tree
from pnpc.text.wording import says

_OURS = says(
    "a spec has a top-level key `pnpc`; a request body has `templateKey` or `messages`, or is Sinch's with a part for LINE; "
    "a message object or Flex container has one of LINE's types as its `type`"
)


def foreign(
    documents: list[Document], notices: list[Notice], *, unreadable: bool, named: bool
) -> list[tuple[Finding, Tree | None]]:
    """A finding for each document that is neither a spec nor a request body.

    `notices` are the specs and bodies among the documents. `unreadable`: the file could not be read to its end. `named`:
    it was named on the command line.
    """
    if unreadable and not notices:
        return []
    ours = {notice.document.number for notice in notices}
    findings: list[tuple[Finding, Tree | None]] = []
    payloads = [document.number for document in documents if is_payload(document.root)]
    for document in documents:
        if document.number in payloads[1:]:
            continue  # one finding is enough for a file of payloads
        if document.number in ours:
            continue
        empty = document.root is None or (document.root.start_mark.index == document.root.end_mark.index)
        if empty and notices:
            continue
        if notices or named:
            finding = (
                Finding(Span(0, 0), says("an empty file"), _OURS, rule="not-a-spec") if empty else _not_ours(document)
            )
            findings.append((finding, Tree(document)))
    return findings


def _not_ours(document: Document) -> Finding:
    if sinch.is_for_other_channels(document.root):
        message = says("not checked: this Sinch body has no part for LINE (`{path}`)", path=show(sinch.WAY))
        return Finding(Place((sinch.MESSAGE,), "key"), message, rule="not-a-spec")
    if is_payload(document.root):
        message = says("not checked: this is a payload of `pnpc compile`, which checked each message")
        return Finding(Place((), "key"), message, says("check the spec that it was made from"), rule="not-a-spec")
    other = other_body(document.root)
    if other is None:
        return Finding(Place((), "key"), says("neither a spec nor a request body"), _OURS, rule="not-a-spec")
    message = says(
        "not checked: this is the body of {sends} ({reason}), not of a notification message",
        sends=other.sends,
        reason=other.reason,
    )
    help = says("in a notification message `to` is the digest of a phone number; `pnpc hash` makes it")
    return Finding(Place((other.key,), "key"), message, help, rule="not-a-spec")
