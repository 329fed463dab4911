"""Records whose search documents say something of other records."""

from collections.abc import Collection

from django.db.models import Q

from governance.models import Citation, Participation, PrincipleTag, Record, Relation, TopicTag
from instruments.models import ProvisionPrinciple


def neighbours(records: Collection[int]) -> set[int]:
    """Return the ids of the records that mention any of `records`: its title, its names, its level, its region."""
    if not records:
        return set()
    among = list(records)
    found: set[int] = set()
    for start in range(0, len(among), 500):
        ids = among[start : start + 500]
        for queryset, column in (
            (Relation.objects.filter(target__in=ids), "record_id"),
            (Relation.objects.filter(record__in=ids), "target_id"),
            (Participation.objects.filter(party__in=ids), "record_id"),
            (Participation.objects.filter(record__in=ids), "party_id"),
            (PrincipleTag.objects.filter(principle__in=ids), "record_id"),
            (ProvisionPrinciple.objects.filter(principle__in=ids), "provision__instrument_id"),
            (TopicTag.objects.filter(topic__in=ids), "record_id"),
            (Citation.objects.filter(source__in=ids), "record_id"),
            (Record.objects.filter(Q(level__in=ids) | Q(level__parent__in=ids)), "pk"),
        ):
            found.update(queryset.order_by().values_list(column, flat=True).distinct())
    return found
