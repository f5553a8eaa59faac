"""Sitemaps of a portal, as a search engine takes them: `sitemaps.py PORTAL`. Exit 1 if one is not what the protocol allows,
names a page that is not there or not its own canonical version, or is silent about one that is to be found."""

import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree, html

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
LARGEST = 50 * 2**20


class Portal:
    def __init__(self, folder: Path):
        self.folder = folder
        self.faults: list[str] = []
        robots = (folder / "robots.txt").read_text("utf-8").splitlines()
        named = [line.split(":", 1)[1].strip() for line in robots if line.lower().startswith("sitemap:")]
        self.base = named[0].removesuffix("sitemap.xml") if len(named) == 1 else ""
        self.expect(self.base.endswith("/"), f"robots.txt names one index, not {named}")
        self.schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))

    def expect(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def file(self, address: str) -> Path | None:
        if not address.startswith(self.base):
            return None
        path = address.removeprefix(self.base)
        return self.folder / (path + "index.html" if path == "" or path.endswith("/") else path)

    def read(self, address: str) -> tuple[etree._Element, bool]:
        path = self.file(address)
        self.expect(path is not None and path.is_file(), f"there is no {address}")
        root = etree.parse(path).getroot()
        self.expect(path.stat().st_size <= LARGEST, f"{address} is larger than 50 MB")
        is_valid = self.schema.validate(root)
        self.faults.extend(f"{address}: {fault}" for fault in self.schema.error_log)
        return root, is_valid


def head(path: Path) -> tuple[str, str, set[tuple[str, str]]]:
    """A page's canonical address, what it tells robots, and its versions."""
    page = html.parse(path).getroot()
    canonical = page.xpath("string(//link[@rel='canonical']/@href)")
    robots = page.xpath("string(//meta[@name='robots']/@content)")
    links = page.xpath("//link[@rel='alternate'][@hreflang]")
    return canonical, robots, {(link.get("hreflang"), link.get("href")) for link in links}


def main(folder: Path) -> int:
    portal = Portal(folder)
    now = datetime.now(timezone.utc)
    versions: dict[str, set[tuple[str, str]]] = {}
    index, _ = portal.read(f"{portal.base}sitemap.xml")
    maps = [node.text for node in index.iter(f"{SITEMAP}loc")]
    portal.expect(len(maps) == len(set(maps)), "the index names a sitemap twice")
    for address in maps:
        below = address.rsplit("/", 1)[0] + "/"
        root, is_valid = portal.read(address)
        for url in root.iter(f"{SITEMAP}url"):
            loc = url.findtext(f"{SITEMAP}loc")
            portal.expect(loc not in versions, f"{loc} is listed twice")
            portal.expect(loc.startswith(below), f"{loc} is not below its sitemap {address}")
            portal.expect(urlsplit(loc).scheme in ("http", "https"), f"{loc} is not an address")
            versions[loc] = {(link.get("hreflang"), link.get("href")) for link in url.iter(LINK)}
            lastmod = url.findtext(f"{SITEMAP}lastmod")
            # What is no instant, the schema has said.
            if lastmod and is_valid:
                portal.expect(datetime.fromisoformat(lastmod) <= now, f"{loc} was changed in the future: {lastmod}")
    for loc, own in versions.items():
        path = portal.file(loc)
        if path is None or not path.is_file():
            portal.expect(False, f"there is no page at {loc}")
            continue
        canonical, robots, links = head(path)
        portal.expect(canonical == loc, f"{loc} is not canonical: {canonical}")
        portal.expect("noindex" not in robots, f"{loc} is not to be found: {robots}")
        portal.expect(own == links, f"{loc} has other versions in its sitemap than in its head: {own ^ links}")
        for tag, other in own:
            if tag != "x-default":
                portal.expect(own == versions.get(other), f"{loc} names {other}, which does not name it")
        portal.expect(not own or any(other == loc for _, other in own), f"{loc} does not name itself")
    # Further pages of listings, directories and the like are found from their first.
    entries = 0
    for path in sorted(folder.rglob("index.html")):
        if 'class="entry' not in path.read_text("utf-8")[:8000]:
            continue
        canonical, robots, _ = head(path)
        address = portal.base + path.relative_to(folder).as_posix().removesuffix("index.html")
        if canonical == address and "noindex" not in robots:
            entries += 1
            portal.expect(address in versions, f"no sitemap has {address}")
    for fault in portal.faults[:50]:
        print(fault)
    print(f"{len(maps)} sitemaps, {len(versions)} addresses, {entries} entries, {len(portal.faults)} faults")
    return 1 if portal.faults or not versions or not entries else 0


sys.exit(main(Path(sys.argv[1])))
