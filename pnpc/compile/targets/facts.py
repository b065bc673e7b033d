"""The facts that a target is described by: its settings, its route, its secrets, where its delivery tag stands.

All of them are data with pure functions: reading the environment and sending are the work of `deliver` and `cli`.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from re import Pattern, fullmatch
from re import compile as regex
from typing import Any, Literal, NamedTuple

from pnpc.line.grammar.schema import load
from pnpc.text.surrogates import whole


class Setting(NamedTuple):
    """A setting that a target needs: its name in the config, its variable in the environment, what it is (`about`, a
    sentence for people), and its values: `choices`, or else a `pattern` of the whole text and what that `says`."""

    name: str
    variable: str
    about: str
    pattern: str = ""
    says: str = ""
    choices: tuple[str, ...] = ()

    def fits(self, value: str) -> bool:
        """Whether a text can be its value."""
        return value in self.choices if self.choices else fullmatch(self.pattern, value) is not None

    def words(self) -> str:
        """What a value must be: `us, eu or br`."""
        return " or ".join((", ".join(self.choices[:-1]), self.choices[-1])) if self.choices else self.says

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema in the config."""
        if self.choices:
            return {"type": "string", "enum": list(self.choices), "description": self.about}
        says = {"pattern": f"must be {self.says}"}
        return {"type": "string", "description": self.about, "pattern": f"^{self.pattern}$", "x-says": says}


class Route(NamedTuple):
    """Where requests may go: a token never goes to another host, but where a person gives one with `--api-url`, which
    takes the place of the API and leaves the path.

    `apis` are scheme and host of the target's own, `path` the pattern of the paths there. `address` is how an API is
    written, and `wrong_path` what is said of another path: words for people.
    """

    apis: tuple[str, ...]
    path: str
    address: str
    wrong_path: str

    def fault(self, api: str, path: str) -> str | None:
        """Why a URL is not the target's, in words; None if it is."""
        if api not in self.apis:
            return f"`url` must begin with {self.address}; found {api}; another host is for --api-url"
        return None if fullmatch(self.path, path) else self.wrong_path.format(path=path)


class Secret(NamedTuple):
    """A way to be let in: the scheme, and the variables of the environment that hold its parts.

    Bearer has one, the token; Basic has two, a name and a password. OAuth2 (client credentials) has the same two, and
    sends them to the URL of `token_url` only, which answers with a token for a while; it is taken where a person asks for it (see
    `Target.scheme_variable`). The first part tells channels apart.
    """

    scheme: Literal["Bearer", "Basic", "OAuth2"]
    variables: tuple[str, ...]
    token_url: Callable[[], str] | None = None

    def authorization(self, values: Sequence[str]) -> str:
        """The header Authorization, from the values of the variables; with OAuth2 the one for `token_url`."""
        text = ":".join(values)
        return f"Bearer {text}" if self.scheme == "Bearer" else f"Basic {base64.b64encode(text.encode()).decode()}"

    def curl(self) -> str:
        """The option of curl that makes the same of the shell's variables."""
        text = ":".join(f"${name}" for name in self.variables)
        return f'-u "{text}"' if self.scheme == "Basic" else f'-H "Authorization: Bearer {text}"'


class Tag(NamedTuple):
    """Where a request has its delivery tag, which comes back with reports: in a header, or at a key of the body.

    `is_made`: whether a message that has none gets one of ours.
    """

    name: str
    is_header: bool
    is_made: bool

    def of(self, headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
        """What stands there, whatever it is; None if nothing does. Names of headers have no case."""
        if not self.is_header:
            return body.get(self.name)
        if self.name in headers:
            return headers[self.name]
        return next((headers[name] for name in headers if name.lower() == self.name.lower()), None)


@cache
def tag_limits() -> tuple[int, int, Pattern[str]]:
    """The fewest and the most characters of a delivery tag, and a pattern that is found in every one, as LINE has it."""
    rule = load("spec")["properties"]["deliveryTag"]
    return rule["minLength"], rule["maxLength"], regex(rule["pattern"])


def lacking(body: Mapping[str, Any], names: Sequence[str], recipient: str) -> str | None:
    """What is said of a body without one of the keys `names`, of which `recipient` holds whom it is for."""
    for name in names:
        if name not in body:
            return f"`body` has no `{name}`{': it was compiled without a recipient' if name == recipient else ''}"
    return None


def text_in(value: Any) -> str | None:
    """A value that is text and not empty, without halves of surrogate pairs; else None."""
    return whole(value) if isinstance(value, str) and value else None
