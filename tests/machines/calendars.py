"""Calendar files of a portal, as calendar programs read them: `calendars.py PORTAL`. Exit 1 at a fault.

Two readers that know nothing of each other and nothing of Relais (`icalendar`, `ical.js`) must find the same events at the same
instants, by the time zones that the file itself defines; the tz database has the last word on these. The portal is read, and what
the suite's cases of calendars expect.
"""

import json
import os
import re
import subprocess
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar

REQUIRED = ["UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "DESCRIPTION", "URL", "STATUS"]

# Reads the names of files from standard input; writes what is in them, by file and UID.
READER = """
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
const found = {};
for (const path of readFileSync(0, "utf8").split("\\n").filter(Boolean)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  found[path] = {};
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    const when = (time) => time.isDate ? time.toString() : time.zone.tzid === "floating" ? "floating" : time.toUnixTime();
    const end = component.getFirstPropertyValue("dtend");
    found[path][event.uid] = {
      start: when(event.startDate), end: end && when(end), sequence: event.sequence,
      summary: event.summary, description: event.description,
      language: component.getFirstProperty("summary").getParameter("language"),
      categories: component.getFirstProperty("categories").getValues(),
    };
  }
}
console.log(JSON.stringify(found));
"""


def by_ical_js(paths: list[Path]) -> dict:
    modules = Path(os.environ["NODE_MODULES"]).resolve()
    # A module is looked for beside whoever asks for it.
    script = modules.parent / "calendars.mjs"
    script.write_text(READER)
    names = "\n".join(str(path.resolve()) for path in paths)
    run = subprocess.run(["node", str(script)], input=names, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def lines(raw: bytes) -> list[str]:
    """What is wrong with the lines as such (RFC 5545, 3.1)."""
    faults = []
    if not raw.endswith(b"\r\n"):
        faults.append("the last line has no end")
    for number, line in enumerate(raw.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if b"\n" in line or b"\r" in line:
            faults.append(f"line {number} ends in something else than CR LF")
        if len(line) > 75:
            faults.append(f"line {number} has {len(line)} octets")
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append(f"line {number} breaks off within a character")
    return faults


def instant(value: date, zones: dict, zone: str | None) -> tuple[str | int, list[str]]:
    """A day as text, an instant in seconds since 1970 by the file's own zones; and whether the tz database agrees."""
    if not isinstance(value, datetime):
        return value.isoformat(), []
    if zone is None:
        return ("floating", []) if value.tzinfo is None else (int(value.timestamp()), [])
    if zone not in zones:
        return "unknown", [f"the zone {zone} is not defined"]
    local = value.replace(tzinfo=None, fold=0)
    own = local.replace(tzinfo=zones[zone]).astimezone(timezone.utc)
    known = local.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
    faults = [] if own == known else [f"{local} in {zone} is {own} by the file and {known} by the tz database"]
    return int(own.timestamp()), faults


def read(path: Path) -> tuple[dict, list[str]]:
    raw = path.read_bytes()
    faults = lines(raw)
    calendars = icalendar.Calendar.from_ical(raw, multiple=True)
    if len(calendars) != 1:
        return {}, [*faults, f"{len(calendars)} calendars"]
    calendar = calendars[0]
    for name in ["VERSION", "PRODID", "NAME", "X-WR-CALNAME", "SOURCE", "URL", "REFRESH-INTERVAL"]:
        if name not in calendar:
            faults.append(f"no {name}")
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    events, used = {}, set()
    for event in calendar.walk("VEVENT"):
        uid = str(event.get("UID"))
        faults += [f"{uid}: no {name}" for name in REQUIRED if name not in event]
        faults += [f"{uid}: {error}" for error in event.errors]
        if uid in events:
            faults.append(f"{uid} is there twice")
        told = {}
        for name, key in [("DTSTART", "start"), ("DTEND", "end")]:
            told[key] = None
            if name in event:
                zone = event[name].params.get("TZID")
                used.add(zone)
                told[key], wrong = instant(event[name].dt, zones, zone)
                faults += [f"{uid}: {fault}" for fault in wrong]
        if told["start"] == "floating":
            faults.append(f"{uid} is at no instant")
        if told["end"] is not None and not told["start"] < told["end"]:
            faults.append(f"{uid} ends before it begins")
        if event.decoded("DTSTAMP") > datetime.now(timezone.utc):
            faults.append(f"{uid} was stamped in the future")
        languages = event["CATEGORIES"].params.get("LANGUAGE"), event["DESCRIPTION"].params.get("LANGUAGE")
        if languages[0] != languages[1]:
            faults.append(f"{uid}: categories and description are in different languages: {languages}")
        told |= {
            "sequence": int(event["SEQUENCE"]),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "language": event["SUMMARY"].params.get("LANGUAGE"),
            "categories": [str(category) for category in event["CATEGORIES"].cats],
        }
        events[uid] = told
    faults += [f"the zone {zone} is defined and not used" for zone in zones.keys() - used]
    if not events:
        faults.append("no event")
    return events, faults


def links(portal: Path, paths: list[Path]) -> list[str]:
    """Whether pages lead to each file, and to nothing else."""
    linked, faults = set(), []
    for page in portal.rglob("index.html"):
        for tag in re.findall(r'<(?:a|link)\b[^>]*type="text/calendar"[^>]*>', page.read_text()):
            target = re.search(r'href="/([^"]*)"', tag)[1]
            linked.add(portal / target)
            if not (portal / target).is_file():
                faults.append(f"{page} leads to {target}, which is not there")
    return faults + [f"nothing leads to {path}" for path in set(paths) - linked]


def main(portal: Path) -> int:
    suite = Path(__file__).parent.parent / "suite" / "calendars"
    sites = [portal, *sorted(suite.glob("*/expected"))]
    files = {site: sorted(site.rglob("*.ics")) for site in sites}
    all_files = [path for paths in files.values() for path in paths]
    other = by_ical_js(all_files)
    faults, events, zoned = [], 0, 0
    for site, paths in files.items():
        known = {}
        for path in paths:
            found, wrong = read(path)
            faults += [f"{path}: {fault}" for fault in wrong]
            events += len(found)
            zoned += sum(isinstance(event["start"], int) for event in found.values())
            if found != other[str(path.resolve())]:
                for uid in found.keys() | other[str(path.resolve())].keys():
                    pair = found.get(uid), other[str(path.resolve())].get(uid)
                    if pair[0] != pair[1]:
                        faults.append(f"{path}: {uid}: icalendar reads {pair[0]}, ical.js {pair[1]}")
            # The same date is the same event in every language and file.
            for uid, event in found.items():
                facts = event["start"], event["end"], event["sequence"]
                if known.setdefault(uid, facts) != facts:
                    faults.append(f"{path}: {uid} is {facts}, elsewhere {known[uid]}")
    faults += links(portal, files[portal])
    for fault in faults:
        print(fault)
    print(f"{len(all_files)} calendar files read, {len(files[portal])} of the portal, {events} events, {zoned} at an hour")
    enough = files[portal] and len(all_files) > len(files[portal]) and zoned
    return 1 if faults or not enough else 0


sys.exit(main(Path(sys.argv[1])))
