"""The models that every other room stands on."""

from governance.models.accounts import AccountEvent
from governance.models.changes import Change, Position
from governance.models.details import Date, Identifier, Name, Participation, PrincipleTag, Relation, TopicTag
from governance.models.evidence import Caveat, Citation
from governance.models.imports import Import, ImportedRecord, ImportMapping, ImportRow, ImportState, Outcome, Progress
from governance.models.merge import Distinct, Merge, MergeStep
from governance.models.passage import Passage
from governance.models.record import FormerSlug, Record
from governance.models.report import Report, ReportState
from governance.models.revision import Decision, LoadedDocument, Revision
from governance.models.text_upload import TextUpload, UploadState
from governance.models.types import Country, Event, Level, Practice, Principle, Source, Topic

__all__ = [
    "AccountEvent", "Caveat", "Change", "Citation", "Country", "Date", "Decision", "Distinct", "Event",
    "FormerSlug", "Identifier", "Import", "ImportMapping", "ImportRow", "ImportState", "ImportedRecord", "Level",
    "LoadedDocument", "Merge", "MergeStep", "Name", "Outcome", "Participation", "Passage", "Position", "Practice",
    "Principle", "PrincipleTag", "Progress", "Record", "Relation", "Report", "ReportState", "Revision", "Source",
    "TextUpload", "Topic", "TopicTag", "UploadState",
]  # fmt: skip
