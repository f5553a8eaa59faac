"""Social cards of a portal, as those see them that show them: `cards.py PORTAL`. Exit 1 if one is at fault, or there are none.

Every page that search engines may find names a picture that is there, that a decoder which is not ours reads, that is as large
as the page says, of few bytes, and not blank; every card is named by a page.
"""

import sys
from pathlib import Path

from lxml import html
from PIL import Image

# Networks give up on large files; ours are meant to be small.
MOST_BYTES = 40_000


def named(page: Path) -> dict[str, str]:
    """The Open Graph properties of a page, and what it says to robots."""
    metas = html.parse(page, html.HTMLParser(encoding="utf-8")).getroot().iter("meta")
    return {m.get("property") or m.get("name") or "": m.get("content") or "" for m in metas}


def main(portal: Path) -> int:
    faults: list[str] = []
    shown: dict[Path, tuple[int, int]] = {}
    pages = 0
    for page in sorted(portal.rglob("index.html")):
        properties = named(page)
        if "og:url" not in properties:
            if "og:image" in properties:
                faults.append(f"{page}: a picture, but no page to share")
            continue
        pages += 1
        address = properties.get("og:image", "")
        base = properties["og:url"].split("/", 3)[:3]
        if address.split("/", 3)[:3] != base:
            faults.append(f"{page}: its picture is at {address!r}")
            continue
        file = portal / address.split("/", 3)[3].split("?")[0]
        size = (int(properties["og:image:width"]), int(properties["og:image:height"]))
        if not properties.get("og:image:alt") or properties.get("twitter:card") != "summary_large_image":
            faults.append(f"{page}: its picture has no alternative text, or is not shown large")
        if shown.setdefault(file, size) != size:
            faults.append(f"{page}: it says another size of {file} than other pages")
    for file, size in shown.items():
        try:
            with Image.open(file) as picture:
                picture.load()
                colours = picture.convert("RGB").getcolors(1 << 16)
        except Exception as problem:  # A decoder that gives up is what this looks for.
            faults.append(f"{file}: {problem!r}")
            continue
        if picture.size != size or size[0] < 600 or file.stat().st_size > MOST_BYTES:
            faults.append(f"{file}: {picture.size}, {file.stat().st_size} bytes")
        if colours is not None and len(colours) < 3:
            faults.append(f"{file}: it is blank")
    unnamed = set(portal.rglob("card.png")) - set(shown)
    faults.extend(f"{file}: no page shows it" for file in sorted(unnamed))
    for fault in faults:
        print(fault)
    print(f"{len(shown)} cards of {pages} pages decoded, {len(faults)} faults")
    return 1 if faults or len(shown) < 2 else 0


sys.exit(main(Path(sys.argv[1])))
