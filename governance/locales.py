"""Addresses and languages: what is kept says the one permanent address, what is shown leads to the reader's language."""

from typing import Protocol

from django.conf import settings
from django.urls import translate_url
from django.utils import translation


class Addressed(Protocol):
    def get_absolute_url(self) -> str: ...


def permanent(item: Addressed) -> str:
    """The address of a record or provision without a language in it: what documents, exports and the index hold."""
    with translation.override(settings.LANGUAGE_CODE):
        return item.get_absolute_url()


def localised(address: str) -> str:
    """A permanent address in the reader's language; an address that has no page in it stays as it is."""
    return translate_url(address, translation.get_language() or settings.LANGUAGE_CODE)
