"""What pages say of themselves to search engines: `json_ld.py PORTAL`. Every graph is held against the vocabulary of
schema.org as the npm package schema-dts (in the folder NODE_MODULES) writes it down: types, their properties, and what
kind of value each property takes. Exit 1 on a fault, or if there is nothing to check."""

import html.parser
import json
import os
import re
import sys
from pathlib import Path

LITERALS = {"Text", "URL", "Date", "DateTime", "Time", "Number", "Integer", "Float", "Boolean"}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?)?)?")


class Vocabulary:
    """Types with their parents, and the properties of each with the types that they take."""

    def __init__(self, declarations: str):
        self.parents: dict[str, list[str]] = {}
        self.properties: dict[str, dict[str, set[str]]] = {}
        pattern = r"interface (\w+?)(Base|Leaf) extends ([^{]+) \{\n(.*?)\n?\}\n"
        for name, kind, parents, body in re.findall(pattern, declarations, re.S):
            above = [parent.strip().removesuffix("Base") for parent in parents.split(",") if parent.strip().endswith("Base")]
            if kind == "Base" or name not in self.parents:
                self.parents[name] = [parent for parent in above if parent != name]
            own = self.properties.setdefault(name, {})
            for prop, takes in re.findall(r'^    "(\w+)"\?: SchemaValue<(.*?), "', body, re.M):
                own[prop] = {one.strip() for one in takes.split("|")}

    def ancestors(self, name: str) -> set[str]:
        """A type with all that it is, too."""
        found = {name}
        for parent in self.parents.get(name, []):
            found |= self.ancestors(parent)
        return found

    def takes(self, name: str, prop: str) -> set[str] | None:
        """What a property of a type may be; `None` where the type has no such property."""
        found = [self.properties[one][prop] for one in self.ancestors(name) if prop in self.properties.get(one, {})]
        return set.union(*found) if found else None


class Scripts(html.parser.HTMLParser):
    """The graphs of a page, and whether it is indexed."""

    def __init__(self, text: str):
        super().__init__()
        self.graphs: list[str] = []
        self.noindex = False
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.inside = tag == "script" and attrs.get("type") == "application/ld+json"
        self.noindex |= tag == "meta" and attrs.get("name") == "robots" and "noindex" in attrs.get("content", "")

    def handle_endtag(self, _tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.graphs.append(data)


def check(vocabulary: Vocabulary, value, say) -> None:
    """A node and all that it says."""
    kind = value.get("@type")
    if kind is None:
        if set(value) != {"@id"}:
            say(f"a node without a type: {json.dumps(value)[:80]}")
        return
    if kind not in vocabulary.parents:
        say(f"schema.org has no type {kind}")
        return
    for prop, said in value.items():
        if prop.startswith("@"):
            continue
        takes = vocabulary.takes(kind, prop)
        if takes is None:
            say(f"{kind} has no property {prop}")
            continue
        for one in said if isinstance(said, list) else [said]:
            check_value(vocabulary, kind, prop, takes, one, say)


def check_value(vocabulary: Vocabulary, kind: str, prop: str, takes: set[str], one, say) -> None:
    if isinstance(one, dict) and "@value" not in one:
        check(vocabulary, one, say)
        if "@type" in one and not vocabulary.ancestors(one["@type"]) & takes:
            say(f"{kind}.{prop} is no {one['@type']}")
        return
    text = one["@value"] if isinstance(one, dict) else one
    # Wherever a thing is wanted, schema.org takes its name or address, too ("expected text").
    if text in ("", None):
        say(f"{kind}.{prop} is empty")
    if not takes & LITERALS and not isinstance(text, str):
        say(f"{kind}.{prop} is no literal")
    if takes & {"Date", "DateTime"} and not takes & {"Text"} and not DATE.fullmatch(str(text)):
        say(f"{kind}.{prop} is no date: {text}")


def main(portal: Path) -> int:
    source = Path(os.environ["NODE_MODULES"]) / "schema-dts" / "dist" / "schema.d.ts"
    vocabulary = Vocabulary(source.read_text("utf-8"))
    probe: list[str] = []
    check(vocabulary, {"@type": "Organization", "startDate": "2021", "member": {"@type": "Place"}}, probe.append)
    if len(probe) != 2 or len(vocabulary.parents) < 800:
        print(f"the check of schema.org finds no faults: {probe}")
        return 1
    faults: dict[str, list[str]] = {}
    kinds: dict[str, int] = {}
    names: dict[str, set[str]] = {}
    pages = sorted(portal.rglob("*.html"))
    checked = 0
    for path in pages:
        text = path.read_text("utf-8")
        # A page that leads on at once has nothing to say of itself.
        if '<meta http-equiv="refresh"' in text:
            continue
        page = Scripts(text)
        say = lambda fault, path=path: faults.setdefault(fault, []).append(str(path.relative_to(portal)))
        if bool(page.graphs) == page.noindex or len(page.graphs) > 1:
            say("not one graph on a page that is indexed, or one on a page that is not")
        for text in page.graphs:
            graph = json.loads(text)
            if graph.get("@context") != "https://schema.org":
                say("another context")
            ids = [node.get("@id") for node in graph["@graph"]]
            if len(set(ids)) != len(ids):
                say("an id twice")
            for node in graph["@graph"]:
                kinds[node["@type"]] = kinds.get(node["@type"], 0) + 1
                check(vocabulary, node, say)
                if node["@type"] == "WebPage" and not node.get("inLanguage"):
                    say("a page without its language")
                if str(node.get("@id", "")).startswith("tag:"):
                    names.setdefault(node["@id"], set()).add(node["@type"])
            checked += 1
    for name, types in names.items():
        if len(types) > 1:
            faults.setdefault(f"{name} is of several types", []).append(", ".join(sorted(types)))
    for fault, where in sorted(faults.items()):
        print(f"{fault}\n    on {len(where)} pages: {', '.join(where[:3])}")
    listed = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(f"{checked} graphs on {len(pages)} pages ({listed}), {len(faults)} kinds of faults")
    return 1 if faults or not checked else 0


sys.exit(main(Path(sys.argv[1])))
