"""The headings by which people call the fields of each kind of table, parted by `|`."""

from governance.models.vocabulary import Type

COMMON = {
    "slug": "slug|address|record slug|id",
    "title": (
        "title|title of agreement|title of instrument|title of the agreement|heading|agreement|instrument|"
        "agreement title|instrument title|name of agreement|name of the agreement|name of instrument|"
        "name of the instrument|intitule|titre|titulo"
    ),
    "kind": (
        "kind|type|kind of instrument|type of instrument|type of agreement|instrument type|agreement type|category|form"
    ),
    "summary": "summary|description|abstract|about|content|main content|resume|resumen",
    "body": "body|text|full text|details",
    "cite": "cite|citation|citations|source|sources|reference|references|evidence|source code",
    "topics": "topics|topic|theme|themes|subject|subjects|thematic area|thematic areas|keywords",
    "principles": "principles|principle|guiding principles",
    "names": "names|other names|also known as|aka|aliases|alias|alternative names",
    "state": "state|review state",
}
OF_TYPE = {
    Type.INSTRUMENT: {
        "level": "level|level of cooperation|cooperation level|scope|geographic scope",
        "binding": "binding|legal force|binding or non binding|legally binding|bindingness|legal status|nature",
    },
    Type.ACTOR: {
        "title": (
            "title|name|actor|organisation|organization|body|name of actor|name of organisation|"
            "name of organization|process|forum|agency"
        ),
        "kind": "kind|type|type of actor|kind of actor|actor type|category|type of organisation|type of organization",
        "level": "level|level of cooperation|scope",
        "website": "website|web site|homepage|web|url|web address|site",
        "date.established": (
            "established|founded|established in|year of establishment|founded in|created|since|date|year"
        ),
    },
    Type.EVENT: {
        "title": "title|name|event|name of event|meeting|conference",
        "kind": "kind|type|type of event|event type|category",
        "level": "level|level of cooperation|scope",
        "place": "place|location|city|venue|where",
        "date.held": "held|date|dates|held on|year|when",
    },
    Type.PRACTICE: {
        "title": "title|name|practice|case|case study",
        "kind": "kind|type|category",
        "place": "place|location|city|where",
    },
    Type.PRINCIPLE: {"title": "title|name|principle", "parent": "parent|broader|broader principle"},
    Type.TOPIC: {"title": "title|name|topic", "parent": "parent|broader|broader topic"},
}  # fmt: skip
DATES = {
    "signed": (
        "signed|date signed|signed on|signature|date of signature|signing date|signature date|date of signing|firma"
    ),
    "adopted": "adopted|adopted on|date of adoption|adoption|adoption date|date adopted",
    "in-force": (
        "in force|entry into force|date of entry into force|entered into force|in force since|effective date|"
        "effective|eif|force date|in force from"
    ),
    "applied": "applied|applied from|applicable from|provisional application",
    "concluded": (
        "concluded|date concluded|concluded on|date|year|date of agreement|year of agreement|date of conclusion"
    ),
    "ended": "ended|end|end date|expired|expiry|expiry date|expires|valid until",
    "terminated": "terminated|termination|date of termination",
    "published": "published|publication date|date of publication",
    "opened": "opened for signature|open for signature",
}
IDENTIFIERS = {
    "un-symbol": "un symbol|document symbol|symbol",
    "unts": "unts|unts citation|un treaty series|unts volume and page",
    "unts-registration": "unts registration|registration number|unts registration number|registration no",
    "mtdsg": "mtdsg|mtdsg chapter|chapter",
    "celex": "celex|celex number",
    "ilo": "ilo|ilo number|convention number",
    "oj": "oj|official journal",
    "url": "link|url|web link|address of text|text link|hyperlink|website|web address",
}
NAMES = {
    "official": "official name|official title|full title|full name|long title",
    "short": "short name|short title",
    "abbreviation": "abbreviation|acronym|abbr|initials",
    "historic": "former name|former names|historic name|previous name",
    "alias": "alias name|also called",
}
SIDES = (
    "country {n}|country {a}|party {n}|party {a}|side {n}|side {a}|state {n}|state {a}|partner {n}|partner {a}|"
    "contracting party {n}|contracting party {a}|pays {n}|pais {n}"
)
SIDE_WORDS = {
    "party.1": "country of origin|origin country|origin|sending country|source country|home country",
    "party.2": (
        "country of destination|destination country|destination|receiving country|host country|"
        "partner country|country of employment"
    ),
}
ROLES = "role {n}|role {a}|role of country {n}|role of country {a}|role of party {n}|role of party {a}"
PARTIES = "parties|countries|contracting parties|members|member states|states parties|participants|signatories|between"
PARTICIPATION = {
    "record": "record|instrument|process|agreement|treaty|convention|event|forum|instrument or process",
    "party": "party|country|state|participant|member|member state|actor|name",
    "act": "act|status|action|kind of participation|type of participation|participation|capacity|as",
    "role": "role",
    "from": "from|since|start|date|start date|joined|from date|date of act",
    "until": "until|to|end|end date|left|until date",
    "effect": "effect|effective|entry into force|in force|effective date|date of effect|in force from",
    "note": "note|notes|remark|remarks|comment|comments",
    "cite": COMMON["cite"],
}
NAME_ROWS = {
    "record": "record|record address|of|instrument|actor|instrument or actor",
    "text": "text|name|title",
    "language": "language|lang|langue|idioma",
    "kind": "kind|type|kind of name|type of name",
    "cite": COMMON["cite"],
}
