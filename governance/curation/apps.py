"""Makes the curation site the admin's own: https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#overriding-the-default-admin-site."""

from django.contrib.admin.apps import AdminConfig


class CurationConfig(AdminConfig):
    default_site = "governance.curation.site.CurationSite"
