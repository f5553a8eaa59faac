"""Feeds of a portal, as a feed reader takes them: `feeds.py PORTAL`. Exit 1 if one is not well-formed."""

import sys
from pathlib import Path

import feedparser


def main(portal: Path) -> int:
    faults = []
    feeds = sorted(portal.rglob("feed.xml"))
    for path in feeds:
        parsed = feedparser.parse(path.read_bytes())
        if parsed.bozo:
            faults.append(f"{path}: {parsed.bozo_exception}")
    for fault in faults:
        print(fault)
    print(f"{len(feeds)} feeds read, {len(faults)} faults")
    return 1 if faults or not feeds else 0


sys.exit(main(Path(sys.argv[1])))
