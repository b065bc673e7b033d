"""Where payloads go: each target in its own file, behind the interface of `Target`. This is the one list of them."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pnpc.compile.filled.compact import compact
from pnpc.compile.targets.line import Line
from pnpc.compile.targets.sinch import Sinch
from pnpc.compile.targets.target import Addressee, Payload, Recipient, Target

if TYPE_CHECKING:
    from pnpc.compile.filled.message import Filled
    from pnpc.language.message.notice import Notice

__all__ = [
    "DEFAULT", "LINE", "TARGETS", "Addressee", "BadSetting", "Payload", "Recipient", "Target", "fallback", "identity", "make",
    "payload", "prefix", "receiver", "refusal",
]  # fmt: skip

TARGETS: dict[str, type[Target]] = {target.name: target for target in (Line, Sinch)}
DEFAULT = Line.name
LINE: Target = Line({})


class BadSetting(ValueError):
    """A setting that a target needs is missing, or is none; its text is one line for people."""


def make(name: str, settings: Mapping[str, str]) -> Target:
    """The target of a name, with its settings by their names in the config (those of no use to it are passed over).

    Raises KeyError for a target that is none, BadSetting.
    """
    kind = TARGETS[name]
    missing = [setting for setting in kind.settings if not settings.get(setting.name)]
    if missing:
        named = ", ".join(f"`{setting.name}` ({setting.variable})" for setting in missing)
        raise BadSetting(f"the target {name} needs {named}: in [{name}] of pnpc.toml, or in the environment")
    for setting in kind.settings:
        if not setting.fits(settings[setting.name]):
            raise BadSetting(f"`{setting.name}` of the target {name} must be {setting.words()}")
    return kind({setting.name: settings[setting.name] for setting in kind.settings})


def receiver(name: str) -> str:
    """Who takes the requests of a target, for people; the name itself of one that pnpc does not know (any more)."""
    return TARGETS[name].receiver if name in TARGETS else name


def refusal(target: Target, notice: "Notice") -> str | None:
    """Why a message can't be compiled for a target; None if it can."""
    owner = next((kind for kind in TARGETS.values() if kind.form == notice.form), None)
    if owner is not None:
        help = "`pnpc import` makes a spec of it"
        return f"a request body of {owner.receiver}'s is sent as it is, and can't be compiled; {help}"
    return target.refuses(notice)


def payload(target: Target, origin: Mapping[str, Any], to: Recipient | None, filled: "Filled") -> Payload:
    """The request to `target` that `origin` names the source of (see `Payload`)."""
    headers, body = target.request(to, filled)
    text = compact(body)
    return Payload(
        identity(prefix(origin, target), compact(filled.tag), text),
        target.name,
        target.method,
        target.url(filled.kind),
        headers,
        body,
        {**origin, **({"moved": dict(filled.moved)} if filled.moved else {})},
        text,
        None if filled.sms is None else fallback(filled.sms),
    )


def fallback(sms: str) -> dict[str, str]:
    """What a payload says of the text for another channel."""
    return {"sms": sms}


def prefix(origin: Mapping[str, Any], target: Target) -> str:
    """What all messages of a campaign, a target and a spec have in common, as JSON: the beginning of what is hashed."""
    return compact([origin.get("campaign"), target.name, origin.get("name")])


def identity(prefix: str, tag: str, body: str) -> str:
    """The `id` of a payload, 32 hex digits: the name of a message, wherever and however it was compiled.

    It is made of the campaign, the target, the spec's name (`prefix`), the delivery tag and the body, which holds the
    recipient: all three as JSON. Nothing else is in it, so that a row may stand on any line of any file.
    """
    return sha256(f"{prefix}{tag}{body}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
