"""The data of a portal, as programs take them: `data.py PORTAL`. Exit 1 if a file is not what it says it is.

JSON against its own schema, CSV by Python's reader, Turtle against JSON-LD through rdflib, the catalogue against what
DCAT-AP 3.0 demands and recommends (shapes of our own), and every address of the portal in any of them.
"""

import csv
import io
import json
import re
import sys
from pathlib import Path

import pyshacl
from jsonschema import Draft202012Validator
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Catalog ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] ,
    [ sh:path dct:language ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path foaf:homepage ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:license ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:dateTime ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:identifier ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] ,
    [ sh:path dcat:theme ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:dateTime ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:format ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:license ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ;
  sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
[] a sh:NodeShape ; sh:targetClass skos:ConceptScheme ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path skos:hasTopConcept ; sh:class skos:Concept ] .
[] a sh:NodeShape ; sh:targetClass skos:Concept ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path skos:notation ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path skos:inScheme ; sh:minCount 1 ; sh:class skos:ConceptScheme ] ,
    [ sh:path skos:broader ; sh:class skos:Concept ] ,
    [ sh:path skos:narrower ; sh:class skos:Concept ] .
"""


class Check:
    """The portal, what is wrong with it, and how much was looked at."""

    def __init__(self, portal: Path):
        self.portal = portal
        self.faults: list[str] = []
        self.seen = {"json": 0, "rows": 0, "csv": 0, "graphs": 0, "addresses": 0}
        self.base = ""
        self.found: set[str] = set()

    def fault(self, path: Path, what: object) -> None:
        self.faults.append(f"{path.relative_to(self.portal)}: {what}")

    def address(self, path: Path, address: str) -> None:
        """An address below the portal's is that of a file, and where it is a term's, the file knows the term."""
        if not address.startswith(self.base) or address in self.found:
            return
        self.found.add(address)
        self.seen["addresses"] += 1
        file, _, _ = address[len(self.base) :].partition("#")
        target = self.portal / file
        if not (target / "index.html" if file == "" or file.endswith("/") else target).is_file():
            self.fault(path, f"nothing is at {address}")

    def addresses_in(self, path: Path, value: object) -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                # What a text says is the text's own business.
                if name not in ("title", "summary", "html", "says", "pattern"):
                    self.addresses_in(path, each)
        elif isinstance(value, list):
            for each in value:
                self.addresses_in(path, each)
        elif isinstance(value, str) and value.startswith(self.base):
            self.address(path, value)

    def type(self, path: Path) -> None:
        """Every file of a type."""
        kind = path.name.removesuffix(".schema.json")
        folder = path.parent
        schema = json.loads(path.read_bytes())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        if schema["$id"] != f"{self.base}data/{path.name}":
            self.fault(path, "is elsewhere than it says")
        table: dict[str, dict] = {}
        parts = [folder / f"{kind}.json"] if (folder / f"{kind}.json").exists() else []
        parts += sorted(folder.glob(f"{kind}.[0-9]*.json"))
        documents = sorted((folder / kind).glob("*.json"))
        for file in parts + documents:
            self.seen["json"] += 1
            value = json.loads(file.read_bytes())
            # One of the two shapes, so that what is wrong is said of the one that is meant.
            shape = "document" if file in documents else "table"
            one = validator.evolve(schema={"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
            for error in list(one.iter_errors(value))[:5]:
                self.fault(file, f"{error.json_path}: {error.message[:300]}")
            self.addresses_in(file, value)
            if shape == "table":
                table |= {entry["id"]: entry for entry in value["entries"]}
                if len(parts) != value["parts"]:
                    self.fault(file, f"{value['parts']} parts, {len(parts)} files")
        count = json.loads(parts[0].read_bytes())["count"] if parts else 0
        if len(table) != count:
            self.fault(path, f"{count} entries are announced, {len(table)} are there")
        for file in documents:
            entry = json.loads(file.read_bytes())["entry"]
            if entry["id"] in table and entry != table[entry["id"]]:
                self.fault(file, "says something else than the table")
            if entry["id"] not in table and entry["state"] not in ("expired", "superseded"):
                self.fault(file, "is not in the table")
        # A schema that allows anything would find nothing.
        if documents:
            bad = json.loads(documents[0].read_bytes())
            bad["entry"]["facts"]["no_such_field"] = 1
            if validator.is_valid(bad):
                self.fault(path, "allows what is not declared")
        for file in sorted(folder.glob(f"{kind}.*.csv")):
            self.table(file, [entry["id"].split("/")[1] for entry in table.values()])

    def table(self, path: Path, ids: list[str]) -> None:
        self.seen["csv"] += 1
        data = path.read_bytes()
        if not data.startswith(b"\xef\xbb\xbf") or not data.endswith(b"\r\n"):
            self.fault(path, "is not UTF-8 with its mark, or does not end with CRLF")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
        self.seen["rows"] += len(rows) - 1
        described = json.loads(path.with_name(f"{path.name}-metadata.json").read_bytes())
        columns = described["tableSchema"]["columns"]
        self.addresses_in(path, described["url"])
        if rows[0] != [column["titles"] for column in columns]:
            self.fault(path, "its description has other columns")
        if any(len(row) != len(rows[0]) for row in rows):
            self.fault(path, "its rows are not equally long")
        if [row[0] for row in rows[1:]] != ids:
            self.fault(path, "its rows are not the entries of the table")
        for row in rows[1:]:
            self.address(path, row[4])
            for cell, column in zip(row, columns):
                if cell[:1] in ("=", "+", "-", "@") and column["datatype"] not in ("integer", "decimal"):
                    self.fault(path, f"a spreadsheet would compute `{cell[:60]}`")
                if column["datatype"] == "integer" and cell and not re.fullmatch(r"-?\d+", cell):
                    self.fault(path, f"`{cell}` is not a number")

    def graph(self, path: Path) -> Graph:
        self.seen["graphs"] += 1
        turtle = Graph().parse(path, format="turtle")
        other = Graph().parse(path.with_suffix(".jsonld"), format="json-ld")
        if not isomorphic(turtle, other):
            self.fault(path, f"Turtle and JSON-LD differ: {len(turtle)} and {len(other)} statements")
        for node in {node for statement in turtle for node in statement if isinstance(node, URIRef)}:
            self.address(path, str(node))
        return turtle


def main(portal: Path) -> int:
    check = Check(portal)
    data = portal / "data"
    shapes = Graph().parse(data=SHAPES, format="turtle")
    catalogue = Graph().parse(data / "catalog.ttl", format="turtle")
    [head] = catalogue.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), URIRef("http://www.w3.org/ns/dcat#Catalog"))
    check.base = str(head).removesuffix("data/catalog.ttl")
    for path in sorted(data.glob("*.schema.json")):
        check.type(path)
    terms = set()
    for path in [data / "catalog.ttl", *sorted(data.glob("vocabularies/*.ttl"))]:
        graph = check.graph(path)
        terms |= {str(subject) for subject in graph.subjects()}
        conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
        if not conforms:
            check.fault(path, text[:2000])
        # Shapes that find nothing wrong anywhere must find this.
        [kind] = {str(o) for o in graph.objects(None, None) if str(o).endswith(("dcat#Catalog", "core#ConceptScheme"))}
        for statement in list(graph.triples((None, URIRef("http://purl.org/dc/terms/title"), None))):
            graph.remove(statement)
        if pyshacl.validate(graph, shacl_graph=shapes)[0]:
            check.fault(path, f"the shapes do not miss the title of {kind}")
    for address in sorted(check.found):
        if ".ttl#" in address and address not in terms:
            check.faults.append(f"{address} is named and not described")
    for fault in check.faults[:100]:
        print(fault)
    print("data: " + ", ".join(f"{count} {what}" for what, count in check.seen.items()) + f"; {len(check.faults)} faults")
    return 1 if check.faults or not all(check.seen.values()) else 0


sys.exit(main(Path(sys.argv[1])))
