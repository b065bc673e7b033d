"""Why a text is not JSON: its first fault, with its place and what to do. Source: RFC 8259."""

from typing import NamedTuple, NoReturn

from pnpc.text.finding import Finding
from pnpc.text.json.words import bare_value, is_nearly_json
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import MOST_SHOWN, Said, says

_SPACE = regex(r"[ \t\n\r]*+")
_NUMBER = regex(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+")
_KEY = regex(r"[^\s\[\]{}:,\"'`#/]++")
_BARE = regex(r"(?:(?!//|/\*)[^\s\[\]{},\"#])++")
_EXPRESSION = regex(r"\{\{[^\r\n]*?(?:\}\}|(?=[\r\n]|\Z))")
_COMMENT = regex(r"(?s:#[^\r\n]*+|//[^\r\n]*+|/\*.*?(?:\*/|\Z))")
_QUOTED = regex(r'"[^"\r\n]*+"?')
_SINGLE_QUOTED = regex(r"'(?:[^'\\\r\n]|\\.)*+'?|`[^`\r\n]*+`?")
_ESCAPE = regex(
    r"(?s:\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|.))"
)
_HEX = regex(r"[0-9a-fA-F]{0,4}")
_HEX_DIGITS = 4  # of an escape
_PLAIN = regex(r'[^"\\\x00-\x1f\ud800-\udfff]*+')
_ESCAPED = frozenset('"\\/bfnrtu')
# Punctuation of East Asian keyboards and word processors, and what JSON has instead.
_WIDE = {
    "：": ":", "，": ",", "、": ",", "｛": "{", "｝": "}", "［": "[", "］": "]",
    "＂": '"', "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "‘": '"', "’": '"',
}  # fmt: skip
_UNSEEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_CLOSES = {"{": "}", "[": "]"}


class _Stop(Exception):
    """The first fault, which ends the reading."""

    def __init__(self, start: int, end: int, message: Said, help: Said | None = None) -> None:
        super().__init__(message)
        self.finding = Finding(Span(start, end), message, help, rule="json-syntax")


class _Open(NamedTuple):
    """A bracket that is not closed yet, and its offset."""

    bracket: str
    offset: int


def explain(source: Source) -> Finding:
    """The first fault of a text that is not JSON. Raises ValueError if it is JSON."""
    try:
        _Reading(source).document()
    except _Stop as stop:
        return stop.finding
    raise ValueError("the text is JSON")


def half_pair(text: str) -> bool:
    """Whether a text has a `\\u` escape for one half of a surrogate pair without the other half."""
    return any(match[1] for match in _ESCAPE.finditer(text))


class _Reading:
    """One pass over a text, without recursion: the innermost open bracket decides what may come next."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._open: list[_Open] = []
        self._fresh = False  # nothing was read yet after the innermost open bracket

    def document(self) -> None:
        """Read one value and the end of the text. Raises _Stop."""
        self._value()
        while self._open:
            self._next()
        self._end()

    def _next(self) -> None:
        """Read what follows inside a bracket: its end, or the next entry with the comma before it."""
        bracket, _ = self._open[-1]
        if self._peek() == _CLOSES[bracket]:
            self._open.pop()
            self._at += 1
            self._fresh = False
            return
        if not self._fresh:
            self._comma()
        if bracket == "{":
            self._key()
        self._value()

    def _peek(self) -> str:
        """The next character that is not white space. Raises _Stop for what JSON does not allow outside texts."""
        text = self._text
        space = _SPACE.match(text, self._at)
        at = self._at = space.end() if space else self._at
        if at == len(text):
            self._cut_off()
        char = text[at]
        comment = _COMMENT.match(text, at)
        if comment:
            help = says("delete the comment; in YAML (a file named .yaml) `#` starts a comment")
            raise _Stop(at, comment.end(), says("JSON has no comments"), help)
        quoted = _SINGLE_QUOTED.match(text, at)
        if quoted:
            message = says("JSON has no backquotes") if char == "`" else says("JSON has no single quotes")
            raise _Stop(at, quoted.end(), message, says('put the text in double quotes: "…"'))
        if char in _WIDE:
            message = says("`{char}` (U+{code_point:04X}) has no meaning in JSON", char=char, code_point=ord(char))
            instead = _WIDE[char]
            help = says("write `{instead}` (U+{code_point:04X})", instead=instead, code_point=ord(instead))
            raise _Stop(at, at + 1, message, help)
        if char.isspace() or char < " " or char in _UNSEEN:
            raise _Stop(at, at + 1, self._strange(char), says("delete it, or write a plain space"))
        return char

    def _strange(self, char: str) -> Said:
        if char == "\ufeff":
            if self._at == 0:
                return says("a second byte order mark (U+FEFF)")
            return says("a byte order mark (U+FEFF) inside the text")
        if char.isspace():
            return says("the character U+{code_point:04X} is not white space in JSON", code_point=ord(char))
        return says("the character U+{code_point:04X} is not allowed in JSON", code_point=ord(char))

    def _cut_off(self) -> NoReturn:
        bracket, offset = self._open[-1]  # the text is not empty, so its end comes inside a bracket
        message = says("this `{bracket}` is never closed", bracket=bracket)
        raise _Stop(offset, offset + 1, message, says("its `{closing}` is missing", closing=_CLOSES[bracket]))

    def _comma(self) -> None:
        """Read a comma that an entry must follow."""
        char, at = self._peek(), self._at
        if char != ",":
            self._no_comma(char)
        self._at += 1
        following = self._peek()
        if following in "}]":
            message = says("a comma before `{following}`: JSON has no trailing comma", following=following)
            raise _Stop(at, at + 1, message, says("delete the comma"))
        if following == ",":
            raise _Stop(
                self._at, self._at + 1, says("two commas with nothing between them"), says("delete one of them")
            )

    def _no_comma(self, char: str) -> NoReturn:
        at = self._at
        if char in "}]":
            self._wrong_bracket(char)
        if char == ":":
            help = says("put a text that contains `:` in double quotes")
            raise _Stop(at, at + 1, says("a second `:` after one key"), help)
        is_text_cut = self._text[at - 1] == '"' and char not in '"{['
        advice = says('write `\\"` for a double quote inside a text') if is_text_cut else None
        raise _Stop(at, self._word_end(), says("a comma is missing before this"), advice)

    def _wrong_bracket(self, char: str) -> NoReturn:
        bracket, offset = self._open[-1]
        line = self._source.position(offset).line
        message = says("`{char}` does not match the `{bracket}` of line {line}", char=char, bracket=bracket, line=line)
        help = says("a `{closing}` is missing before it, or it is one too many", closing=_CLOSES[bracket])
        raise _Stop(self._at, self._at + 1, message, help)

    def _key(self) -> None:
        """Read a key and its colon."""
        char, at = self._peek(), self._at
        if char != '"':
            self._no_key(char)
        self._string()
        key = self._text[at : self._at]
        if self._peek() != ":":
            shown = key if len(key) <= MOST_SHOWN + 2 else "this key"
            message = says("a `:` is missing after {key}", key=shown)
            raise _Stop(self._at, self._word_end(), message, says('write `"key": value`'))
        self._at += 1

    def _no_key(self, char: str) -> NoReturn:
        text, at = self._text, self._at
        if char in "}]":
            self._wrong_bracket(char)
        expression = _EXPRESSION.match(text, at - 1) if self._fresh else None
        if expression:
            shown = expression[0] if len(expression[0]) <= MOST_SHOWN else "{{ … }}"
            help = says('write "{shown}"', shown=shown)
            raise _Stop(at - 1, expression.end(), says("an expression must be in double quotes"), help)
        word = _KEY.match(text, at)
        if word and len(word[0]) <= MOST_SHOWN:
            message = says("the key `{key}` needs double quotes", key=word[0])
            raise _Stop(at, word.end(), message, says('write "{key}"', key=word[0]))
        raise _Stop(at, at + 1, says("a key is missing here"), says("a key is a text in double quotes"))

    def _value(self) -> None:
        """Read a text, a number or a word; of a list or a mapping only its opening bracket."""
        char = self._peek()
        if char == '"':
            self._string()
        elif char in "{[":
            self._open.append(_Open(char, self._at))
            self._at += 1
        elif char in "}],:":
            raise _Stop(self._at, self._at + 1, says("a value is missing before `{char}`", char=char))
        else:
            self._bare()
        self._fresh = char in "{["

    def _bare(self) -> None:
        """Read a number, or one of JSON's three words."""
        text, at = self._text, self._at
        match = _BARE.match(text, at)
        word = (match[0].rstrip(":") if match else "") or text[at]
        number = _NUMBER.fullmatch(word)
        if number is None and word not in ("true", "false", "null"):
            if not self._open and not is_nearly_json(word):
                help = says("give a YAML file a name that ends in .yaml")
                raise _Stop(at, at + len(word), says("this is not JSON, although the file's name ends in .json"), help)
            raise _Stop(at, at + len(word), *bare_value(word))
        self._at += len(word)

    def _string(self) -> None:
        """Read a text in double quotes."""
        text, first = self._text, self._at
        at = first + 1
        while True:
            plain = _PLAIN.match(text, at)
            at = plain.end() if plain else at
            if at >= len(text):
                self._never_closed(first)
            if text[at] == '"':
                self._at = at + 1
                return
            at = self._escape(first, at) if text[at] == "\\" else self._control(at)

    def _never_closed(self, first: int) -> NoReturn:
        raise _Stop(
            first, first + 1, says("this quote is never closed"), says('the `"` at the end of the text is missing')
        )

    def _control(self, at: int) -> NoReturn:
        char = self._text[at]
        if "\ud800" <= char <= "\udfff":
            raise _Stop(
                at,
                at + 1,
                says("half of a surrogate pair (U+{code_point:04X}), which is not a character", code_point=ord(char)),
            )
        if char in "\r\n":
            help = says('write `{escape}`, or close the text with `"` before it', escape=r"\n")
            raise _Stop(at, at + 1, says("a line break inside a text"), help)
        if char == "\t":
            raise _Stop(at, at + 1, says("a tab inside a text"), says("write `{escape}`", escape=r"\t"))
        message = says("a control character (U+{code_point:04X}) inside a text", code_point=ord(char))
        raise _Stop(at, at + 1, message, says("write `\\u{code_point:04x}`", code_point=ord(char)))

    def _escape(self, first: int, at: int) -> int:
        """The offset after the escape at `at`; `first` is the offset of the text's opening quote."""
        text = self._text
        letter = text[at + 1 : at + 2]
        if not letter:
            self._never_closed(first)
        if letter in "\r\n":
            self._control(at + 1)
        if letter not in _ESCAPED:
            message = says("`\\{letter}` is not an escape in JSON", letter=letter)
            raise _Stop(at, at + 2, message, says("write `\\\\` for a backslash"))
        digits = _HEX.match(text, at + 2)
        if letter == "u" and digits and len(digits[0]) < _HEX_DIGITS:
            raise _Stop(at, digits.end(), says("`\\u` needs four hex digits"), says("write `\\\\` for a backslash"))
        match = _ESCAPE.match(text, at)
        if match and match[1]:
            help = says("write the character itself, or both halves of it")
            message = says("`\\{escape}` is half of a surrogate pair, which is not a character", escape=match[1])
            raise _Stop(at, match.end(), message, help)
        return match.end() if match else at + 2

    def _end(self) -> None:
        """Check that nothing follows the value."""
        if not self._text[self._at :].strip(" \t\n\r"):
            return
        char, at = self._peek(), self._at
        if char in "}]":
            message = says("`{char}` closes nothing: all brackets before it are closed", char=char)
            raise _Stop(at, at + 1, message, says("delete it"))
        if char in '{["':
            help = says("use one file for each value, or YAML (a file named .yaml) with a line `---` between documents")
            raise _Stop(at, at + 1, says("a second value: a .json file can have only one"), help)
        raise _Stop(at, self._word_end(), says("text after the end of the JSON value"), says("delete it"))

    def _word_end(self) -> int:
        word = (_QUOTED if self._text[self._at] == '"' else _BARE).match(self._text, self._at)
        return max(self._at + 1, word.end() if word else 0)
