"""`/report/`: a reader tells the curators what is wrong with a value. Nothing is asked or kept of who they are."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from governance import addresses, reports
from governance.models import Record
from governance.models.vocabulary import Type
from governance.pages.errors import not_found
from governance.pages.titles import TITLES
from governance.values import Value, shown_values

LONGEST = 2000


class ReportForm(forms.Form):
    """Made for one record; `values` are those it shows.

    `website` is a trap: people do not see it, programs fill it in.
    """

    field = forms.ChoiceField(label=gettext_lazy("Which value?"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and how should it read?"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Say what is wrong."),
            "max_length": gettext_lazy("Say it in at most %(limit_value)d characters; it has %(show_value)d."),
        },
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Which source says so? (a title, an article, a web address; may stay empty)"),
        max_length=600, required=False,
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, values: list[Value], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", _("The record as a whole, or something that is missing"))]
        chosen: Any = self.fields["field"]
        chosen.choices = whole + [(value.pointer, value.text) for value in values]
        self._words = {value.pointer: value.text for value in values}
        self.fields["text"].widget.attrs["aria-describedby"] = "privacy"
        for name in self.errors if self.is_bound else ():
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"error-{name}"}

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def value(self) -> str:
        """What stands at the value that was chosen, in words."""
        return self._words.get(self.cleaned_data["field"], "")


@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """`?about=instrument/new-york-declaration&at=/dates/0`: the form; a POST sends it."""
    try:
        record = _record(request)
    except addresses.Moved as moved:
        query = request.GET.copy()
        query["about"] = moved.record.reference
        return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode(safe='/')}")
    if record is None:
        return not_found(request) if request.GET.get("about") else render(request, "governance/report.html")
    values = shown_values(record)
    if request.method == "POST":
        return _take(request, record, ReportForm(request.POST, values=values))
    return _show(request, record, ReportForm(initial={"field": request.GET.get("at", "")}, values=values))


def _take(request: HttpRequest, record: Record, form: ReportForm) -> HttpResponse:
    """Keep what was sent, or show it again with what keeps it from being taken."""
    thanks = HttpResponseRedirect(f"{reverse('report-sent')}?about={record.reference}")
    if form.is_trapped:
        return thanks
    if not form.is_valid():
        return _show(request, record, form, 400)
    if reports.is_too_much(request):
        form.add_error(None, _("Many reports came from your network within the last hour. Please try again later."))
        return _show(request, record, form, 429)
    given = {name: form.cleaned_data[name] for name in ("field", "text", "source")}
    try:
        reports.take_in(record, value=form.value, language=get_language() or "", **given)
    except reports.ReportError as error:
        form.add_error(None, str(error))
        return _show(request, record, form, 429)
    return thanks


def _record(request: HttpRequest) -> Record | None:
    """The record that the address names, as far as this reader may see it. Raises Moved."""
    type_, _slash, slug = request.GET.get("about", "").partition("/")
    if type_ not in Type.values:
        return None
    try:
        return addresses.find(type_, slug, request.user, Record.objects.all())
    except (addresses.Gone, addresses.Http404):
        return None


def _show(request: HttpRequest, record: Record, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {"record": record, "form": form, "list_title": TITLES[Type(record.type)]}
    return render(request, "governance/report.html", context, status=status)


@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Thanks, and the way back to the record."""
    try:
        record = _record(request)
    except addresses.Moved as moved:
        record = moved.record
    return render(request, "governance/report_sent.html", {"record": record})
