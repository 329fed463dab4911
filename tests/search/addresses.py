"""How each route for readers is asked for what it must not show: addresses with something in them."""

from governance.models.vocabulary import PLURALS

RECORDS = (
    "instruments/refugee-convention-1951",
    "instruments/agreement-niger-morocco",
    "actors/unhcr",
    "topics/human-trafficking",
    "principles/non-refoulement",
    "levels/global",
    "countries/MA",
    "sources/S4",
)
LISTS = tuple(PLURALS.values())
RECORD_FORMATS, LIST_FORMATS = ("json", "jsonld", "csl", "bib", "ris"), ("json", "csv", "bib", "ris", "csl", "atom")
QUERIES = ("", "refugee", "NOT dublin", "agreement*", "quoka", "article", "morocco OR convention")
FILTERS = ("principle", "topic", "actor", "source", "level")

PUBLIC: dict[str, list[str]] = {
    "home": [""],
    "about": ["about/"],
    "styleguide": ["styleguide/"],
    "report": ["report/?about=instrument/refugee-convention-1951"],
    "report-sent": ["report/sent/"],
    "history": ["history/instruments/refugee-convention-1951/", "history/actors/unhcr/"],
    "history-state": ["history/instruments/refugee-convention-1951/1/"],
    "disputed": ["disputed/"],
    "compare": ["compare/?a=refugee-convention-1951&b=dublin-iii", "compare/?a=instrument/dublin-iii&b=actor/unhcr"],
    "participation": ["participation/", "participation/?format=json"],
    "pictures": ["pictures/"],
    "picture-timeline": ["pictures/timeline/"],
    "picture-lineage": ["pictures/lineage/refugee-convention-1951/", "pictures/lineage/agreement-niger-morocco/"],
    "picture-overlap": ["pictures/overlap/"],
    "picture-acting": ["pictures/acting/"],
    "picture-principles": ["pictures/principles/"],
    "picture-map": ["pictures/map/", "pictures/map/?in=actor/unhcr"],
    "provision": ["instruments/refugee-convention-1951/article-33/"],
    "list": [f"{name}/" for name in LISTS]
    + [f"instruments/?format={format_}" for format_ in LIST_FORMATS]
    + ["actors/?format=atom", "instruments/?ordering=-updated&page_size=100"],
    "record": [f"{name}/" for name in RECORDS]
    + [f"{name}/?format={format_}" for name in RECORDS[:4] for format_ in RECORD_FORMATS]
    + ["instruments/agreement-niger-morocco/?format=json&at={today}"],
    "search:results": [f"search/?page_size=100&q={query}" for query in QUERIES]
    + [f"search/?format={format_}" for format_ in LIST_FORMATS],
    "search:suggest": ["search/suggest/?q=a", "search/suggest/?q=re"],
}
WITHOUT_LANGUAGE: dict[str, list[str]] = {
    "robots": ["robots.txt"],
    "sitemaps": ["sitemap.xml"],
    "sitemap": [],  # each that the index of them names
    "knowledge": ["data/knowledge.jsonl"],
    "knowledge-package": ["data/knowledge.zip"],
    "concepts": ["data/concepts.ttl"],
    "api:schema": ["api/v1/schema/"],
    "api:docs": ["api/v1/docs/"],
    "api:index": ["api/v1/"],
    "search_api:suggestions": ["api/v1/suggestions/?q=a"],
    "api:relations": ["api/v1/relations/?page_size=100"],
    "api:participation": ["api/v1/participation/?page_size=100"],
    "api:records": [f"api/v1/{name}/?page_size=100" for name in LISTS],
    "api:record": [f"api/v1/{name}/" for name in RECORDS],
    "search_api:search": [f"api/v1/search/?page_size=100&q={query}" for query in QUERIES],
}
TOLD_OF = {  # what says that something changed or was withdrawn, and may name its address then, but no word of it
    "api:changes": ["api/v1/changes/"],
    "oai": [
        f"oai?verb={verb}"
        for verb in (
            "Identify",
            "ListSets",
            "ListRecords&metadataPrefix=oai_dc",
            "ListIdentifiers&metadataPrefix=oai_dc",
        )
    ],
}
OF_THE_MACHINE = {"healthz", "readyz", "metrics"}  # figures only: tests/governance/test_readiness.py, test_metrics.py
OF_ACCOUNTS = {"admin_password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete"}
# They only lead on, the one back with a cookie: tests/governance/test_languages.py, test_sitemap.py
ANSWERS_NOTHING = {"set-language", "favicon"}
FOR_READERS = {**PUBLIC, **WITHOUT_LANGUAGE}
