"""Feeds of a portal by schemas and readers that are not ours: `feeds.py PORTAL`. Exit 1 if one is at fault, or there are none.

Atom is held against the schema of RFC 4287, JSON Feed against one of version 1.1, RSS against what its specification asks;
feedparser reads both XML formats. Ids are unique, dates valid, what is linked on the portal exists, and the three formats of
a feed tell the same. The archives of a feed (RFC 5005) tell of each entry once, and of all that the feed tells.
"""

import json
import sys
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import jsonschema
from lxml import etree

HERE = Path(__file__).parent
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
RNG = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
SCHEMA = jsonschema.Draft202012Validator(json.loads((HERE / "jsonfeed.schema.json").read_text()))


def atom(path: Path, faults: list[str]):
    document = etree.parse(path)
    if not RNG.validate(document):
        faults.append(f"{path}: {RNG.error_log.last_error}")
    root = document.getroot()
    if root.find(f"{ATOM}author/{ATOM}name") is None:
        faults.append(f"{path}: nobody is named as its author")
    entries = root.findall(f"{ATOM}entry")
    links = [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") != "hub"]
    dates = [element.text for name in ("updated", "published") for element in root.iter(ATOM + name)]
    for date in dates:
        datetime.fromisoformat(date)
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    is_archive = root.find(f"{HISTORY}archive") is not None
    if is_archive != path.name.startswith("feed-"):
        faults.append(f"{path}: it says {'' if is_archive else 'not '}that it is an archive")
    return own, links, [(e.findtext(f"{ATOM}id"), e.findtext(f"{ATOM}title")) for e in entries]


def rss(path: Path, faults: list[str]):
    root = etree.parse(path).getroot()
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        faults.append(f"{path}: not a document of RSS 2.0")
        return [], [], []
    channel = channels[0]
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            faults.append(f"{path}: the channel has no {name}")
    items = channel.findall("item")
    for item in items:
        if not item.findtext("title") or item.find("guid").get("isPermaLink") != "false":
            faults.append(f"{path}: an item without a title, or with a guid that is taken for an address")
    for date in [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]:
        parsedate_to_datetime(date.text)
    own = [link.get("href") for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    links = own + [link.text for link in channel.iter("link")]
    return own, links, [(item.findtext("guid"), item.findtext("title")) for item in items]


def json_feed(path: Path, faults: list[str]):
    feed = json.loads(path.read_text(encoding="utf-8"))
    faults.extend(f"{path}: {error.json_path}: {error.message}" for error in SCHEMA.iter_errors(feed))
    items = feed["items"]
    for item in items:
        datetime.fromisoformat(item["date_published"]), datetime.fromisoformat(item["date_modified"])
    links = [feed["home_page_url"], feed["feed_url"], *(item["url"] for item in items)]
    return [feed["feed_url"]], links, [(item["id"], item["title"]) for item in items]


FORMATS = {
    "feed.xml": atom,
    "rss.xml": rss,
    "feed.json": json_feed,
    "changes.xml": atom,
    "changes.rss.xml": rss,
    "changes.json": json_feed,
    "feed-*.xml": atom,
}


def archives(portal: Path, base: str, faults: list[str]) -> int:
    """Goes back from each feed through its archives, as a reader that wants all of it does."""
    count = 0
    for path in portal.rglob("feed.xml"):
        root = etree.parse(path).getroot()
        current = {entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")}
        identity, told, visited = root.findtext(f"{ATOM}id"), [], 0
        while (before := root.find(f"{ATOM}link[@rel='prev-archive']")) is not None:
            file = portal / before.get("href").removeprefix(base)
            root = etree.parse(file).getroot()
            visited += 1
            told.extend(entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry"))
            if root.findtext(f"{ATOM}id") != identity:
                faults.append(f"{file}: it has another id than the feed that it is an archive of")
        if visited != len(list(path.parent.glob("feed-*.xml"))):
            faults.append(f"{path}: not all archives are linked from one to the next")
        if visited and (len(set(told)) != len(told) or not current <= set(told)):
            faults.append(f"{path}: its archives tell of an entry twice, or not of all that it tells")
        count += visited
    return count


def main(portal: Path) -> int:
    faults: list[str] = []
    found = {name: sorted(portal.rglob(name)) for name in FORMATS}
    base = None
    count = 0
    told: dict[Path, list] = {}
    for name, paths in found.items():
        reads = FORMATS[name]
        for path in paths:
            try:
                own, links, items = reads(path, faults)
            except Exception as problem:  # A reader that gives up is what this looks for.
                faults.append(f"{path}: {problem!r}")
                continue
            if reads is not json_feed:
                parsed = feedparser.parse(path.read_bytes())
                if parsed.bozo or len(parsed.entries) != len(items):
                    faults.append(f"{path}: {parsed.get('bozo_exception', 'feedparser reads other items')}")
            below = path.relative_to(portal).as_posix()
            if len(own) != 1 or not own[0].endswith("/" + below):
                faults.append(f"{path}: it names {own} as its own address")
                continue
            base = base or own[0].removesuffix(below)
            for link in links:
                target = link.removeprefix(base)
                file = portal / (target + "index.html" if target.endswith("/") or not target else target)
                if not link.startswith(base) or not file.is_file():
                    faults.append(f"{path}: {link} leads nowhere")
            ids = [id for id, _ in items]
            if len(set(ids)) != len(ids):
                faults.append(f"{path}: an id is there twice")
            # The archives are no other format of anything.
            of = path if "-" in path.name else path.parent / path.name.split(".")[0].replace("rss", "feed")
            if told.setdefault(of, items) != items:
                faults.append(f"{path}: other items than in another format")
            count += len(items)
    archived = archives(portal, base, faults) if base else 0
    for fault in faults:
        print(fault)
    for name, paths in found.items():
        if not paths:
            print(f"there is no {name}")
    print(f"{sum(map(len, found.values()))} feeds with {count} items read, {archived} of them archives, {len(faults)} faults")
    return 1 if faults or not count or not all(found.values()) else 0


sys.exit(main(Path(sys.argv[1])))
