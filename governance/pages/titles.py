"""What the list of each type is called, and the sentence under its heading."""

from django.utils.translation import gettext_lazy

from governance.models.vocabulary import Type

TITLES = {
    Type.INSTRUMENT: gettext_lazy("Instruments"), Type.ACTOR: gettext_lazy("Actors"),
    Type.PRINCIPLE: gettext_lazy("Principles"), Type.LEVEL: gettext_lazy("Levels of cooperation"),
    Type.TOPIC: gettext_lazy("Topics"), Type.EVENT: gettext_lazy("Events"), Type.PRACTICE: gettext_lazy("Practices"),
    Type.COUNTRY: gettext_lazy("Countries"), Type.SOURCE: gettext_lazy("Sources"),
}  # fmt: skip
LEADS = {
    Type.INSTRUMENT: gettext_lazy("What States have agreed: treaties, compacts, declarations, agreements, strategies."),
    Type.ACTOR: gettext_lazy("Who acts: UN bodies, consultative processes, organisations, networks, States in a role."),
    Type.PRINCIPLE: gettext_lazy("What runs through the instruments, and in which provisions."),
    Type.LEVEL: gettext_lazy("From the global level to the local one, and what stands on each."),
    Type.TOPIC: gettext_lazy("Challenges, opportunities, approaches, solutions, definitions and questions."),
    Type.EVENT: gettext_lazy("What was held, adopted, launched or reviewed, in order of time."),
    Type.PRACTICE: gettext_lazy("Case studies that the sources present."),
    Type.COUNTRY: gettext_lazy("What each country takes part in, and since when."),
    Type.SOURCE: gettext_lazy("The texts and pages on which every value here rests."),
}
