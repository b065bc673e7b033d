"""The names of a template message's properties: LINE's own, and Sinch's for the same properties."""

from typing import NamedTuple


class Names(NamedTuple):
    """The names of those properties that differ; `body`, `items`, `buttons`, `content` and `url` are the same in both."""

    template_key: str
    emphasized_item: str
    item_key: str
    button_key: str


LINE = Names("templateKey", "emphasizedItem", "itemKey", "buttonKey")
SINCH = Names("template_key", "emphasized_item", "item_key", "button_key")
# Sinch's name of each of LINE's properties that Sinch calls differently.
SINCH_OF = dict(zip(LINE, SINCH, strict=True))
