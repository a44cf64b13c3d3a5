"""The first words of a content, for a person to read: text only, whatever the content tries to be."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LENGTH = 600
# enough to find the first words; a page may hide them behind any amount of head
READ = 256 * 1024
SILENT = {"script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object"}
BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "td", "th"}
CHARSET = re.compile(r"charset=\"?([\w.:-]{1,40})", re.IGNORECASE)
TEXTUAL = re.compile(r"text/|application/(?:[\w.+-]*\+)?(?:json|xml|xhtml)", re.IGNORECASE)


def excerpt(content: bytes, content_type: str) -> str:
    """The first 600 characters of its text; empty where it is no text."""
    if not TEXTUAL.match(content_type):
        return ""
    text = _decoded(content[:READ], content_type)
    if "html" in content_type.lower():
        text = _without_tags(text)
    # what a terminal or a page could take for a command, and runs of white space
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= LENGTH else f"{shown[:LENGTH].rstrip()} ..."


def _decoded(content: bytes, content_type: str) -> str:
    named = CHARSET.search(content_type)
    try:
        return content.decode(named[1] if named else "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _without_tags(text: str) -> str:
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.heard)


class _Text(HTMLParser):
    """Hears only what a page says aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent.append(tag)
        elif tag in BREAKS:
            self.heard.append("\n")
        if tag == "body":
            # a head that was never closed ends here
            self.silent.clear()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in BREAKS:
            self.heard.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.heard.append(data)
