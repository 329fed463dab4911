"""A form comes out of our own renderer as it does out of Django's."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from governance.forms import Renderer

HOSTILE = "</textarea>\"'><script>&amp; é"


class Form(forms.Form):
    text = forms.CharField(
        max_length=9, required=False, widget=forms.TextInput(attrs={"data-x": HOSTILE, "hidden": True})
    )
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(min_value=1, required=False)
    email = forms.EmailField(required=False, disabled=True)
    url = forms.URLField(required=False, widget=forms.URLInput(attrs={"spellcheck": False, "size": 12}))
    is_true = forms.BooleanField(required=False)
    is_said = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"value": "yes"}))
    body = forms.CharField(widget=forms.Textarea, required=False, help_text="Help.")
    choice = forms.ChoiceField(choices=[("a", "A"), ("b", HOSTILE)], required=False)
    day = forms.DateField(required=False)


@pytest.mark.parametrize(
    "data",
    [
        None,
        dict.fromkeys(Form.base_fields, HOSTILE),
        dict.fromkeys(Form.base_fields, ""),
        {"number": "1", "day": "2026-01-31", "is_true": "on", "body": "\nA line\r\nand another"},
    ],
)
def test_every_field_and_its_errors_are_what_django_writes(data: dict | None) -> None:
    ours, djangos = (Form(data, renderer=renderer()) for renderer in (Renderer, DjangoTemplates))
    for name in Form.base_fields:
        assert str(ours[name]) == str(djangos[name]), name
        assert str(ours[name].errors).strip() == str(djangos[name].errors).strip(), name
    assert ours.as_p() == djangos.as_p()
