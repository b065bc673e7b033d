"""What each form of a template message calls its properties: LINE's own names, or Sinch's for the same things."""

from typing import NamedTuple


class Names(NamedTuple):
    """The names of a template message's properties in one form; `body`, `items`, `buttons`, `content` and `url` are the same in all."""

    template_key: str
    emphasized_item: str
    item_key: str
    button_key: str


LINE = Names("templateKey", "emphasizedItem", "itemKey", "buttonKey")
SINCH = Names("template_key", "emphasized_item", "item_key", "button_key")
# Sinch's name for a property of LINE's, where it is another.
SINCH_OF = dict(zip(LINE, SINCH, strict=True))
