"""A page as a browser would take it: its tags, its texts, and whatever it would fetch."""

import re
from html.parser import HTMLParser
from pathlib import Path

FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "manifest", "ping"}
VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}


class Page(HTMLParser):
    """What is in a page."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.source = path.read_text("utf-8")
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.goes_on = False
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.goes_on = tag == "wbr"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.goes_on = False
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data):
        if self.goes_on:
            tag, before = self.texts.pop()
            self.texts.append((tag, before + data))
        else:
            self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        """What a reader reads, on one line."""
        shown = (text for tag, text in self.texts if tag not in ("style", "script"))
        return " ".join(" ".join(shown).replace("\u2060", "").split())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def requests(self) -> list[str]:
        """Whatever a browser would fetch or run: must be empty."""
        found = [
            name for name, _ in self.tags if name in ("script", "link", "iframe", "object", "embed", "base")
        ]
        for name, attributes in self.tags:
            found += [f"{name} {key}" for key in attributes if key in FETCHING or key.startswith("on")]
            for key, value in attributes.items():
                if key in ("href", "xlink:href") and name != "a" and not str(value).startswith("#"):
                    found.append(f"{name} {key}={value}")
                if name == "a" and not str(value).startswith("#"):
                    found.append(f"a {value}")
        found += re.findall(r"url\((?!#)[^)]*\)|@import|@font-face", self.source)
        return found

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it stands there."""
        return [str(attributes["id"]) for _, attributes in self.tags if "id" in attributes]

    @property
    def broken(self) -> set[str]:
        """Names that are referred to within the page and are not there."""
        used = {str(a["href"])[1:] for _, a in self.tags if str(a.get("href", "")).startswith("#")}
        used |= set(re.findall(r"url\(#([^)]+)\)", self.source))
        used |= {each for _, a in self.tags for each in str(a.get("aria-labelledby") or "").split()}
        return used - set(self.ids)
