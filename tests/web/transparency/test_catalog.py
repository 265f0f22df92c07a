"""The data set for catalogues and search engines."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, Dataset, URIRef

from tests.web.transparency.conftest import Cases

SITE = "http://localhost"
DATASET = URIRef(f"{SITE}/open/data#reports")


# rdflib warns of its own way of reading JSON-LD.
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning:rdflib")
def test_catalogues_read_it(client: FlaskClient, cases: Cases) -> None:
    """What DCAT-AP 3 makes mandatory, and that every address answers."""
    answer = client.get("/open/data/catalog.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    graph = Dataset(default_union=True).parse(data=answer.text, format="json-ld")
    (whole,) = graph.subjects(RDF.type, DCAT.Catalog)
    for subject in (whole, DATASET):
        for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher):
            assert graph.value(subject, needed), (subject, needed)
    assert (whole, DCAT.dataset, DATASET) in graph
    assert str(graph.value(graph.value(DATASET, DCTERMS.publisher), FOAF.name))
    files = list(graph.objects(DATASET, DCAT.distribution))
    services = list(graph.subjects(RDF.type, DCAT.DataService))
    assert (len(files), len(services)) == (3, 2)
    for file in files:
        assert graph.value(file, DCTERMS.license)
        media = str(graph.value(file, DCAT.mediaType)).partition("media-types/")[2]
        address = str(graph.value(file, DCAT.downloadURL)).removeprefix(SITE)
        assert client.get(address, buffered=True).mimetype == media
    for service in services:
        assert (service, DCAT.servesDataset, DATASET) in graph
        described = str(graph.value(service, DCAT.endpointDescription)).removeprefix(SITE)
        assert client.get(described).status_code == 200


def test_search_engines_read_it(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/data").text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    (markup,) = [json.loads(block) for block in blocks]
    assert (markup["@type"], markup["license"]) == ("Dataset", f"{SITE}/about/licence")
    assert 50 <= len(markup["description"]) <= 5000, "what search engines ask for"
    for file in markup["distribution"]:
        answer = client.get(file["contentUrl"].removeprefix(SITE), buffered=True)
        assert answer.mimetype == file["encodingFormat"]
