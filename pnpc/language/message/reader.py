"""What the reader of a message reads and taps, of both kinds: texts, links, and the links that stand in texts."""

from typing import NamedTuple

from pnpc.language.message.links import Link, whole, within
from pnpc.language.message.notice import Field, Notice


class Reader(NamedTuple):
    """`texts` are read; `links` open after a tap; `chats` are web links in a chat's own text, `quoted` in any other."""

    texts: list[Field]
    links: list[Link]
    chats: list[Link]
    quoted: list[Link]

    def tapped(self) -> list[Link]:
        """The links that open after a tap: a chat's own text has them too."""
        return self.links + self.chats


def of_template(notice: Notice) -> Reader:
    """What is read and tapped of a message of the template kind: its contents and its buttons."""
    texts = [content for content in notice.contents if content.text]
    links = [button.url for button in notice.buttons if button.url is not None and button.url.text]
    return gathered(texts, [], links, filled=notice.is_spec)


def gathered(texts: list[Field], chats: list[Field], links: list[Field], *, filled: bool) -> Reader:
    """A reader of texts, of chat texts and of links; `filled`: whether `{{ … }}` in them is an expression."""
    return Reader(
        texts + chats,
        [whole(field, filled=filled) for field in links],
        [link for field in chats for link in within(field, filled=filled)],
        [link for field in texts for link in within(field, filled=filled)],
    )
