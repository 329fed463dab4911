"""Wrong passwords counted by all web nodes together in a Redis, and in the database while that is away.

Both counts are added up, so that nobody has more tries because the one came or went. Where CACHE_URL names no Redis,
django-axes counts in the database alone. https://django-axes.readthedocs.io/en/latest/4_configuration.html
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from axes.handlers.cache import AxesCacheHandler
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.core.management.base import CommandError
from django.http import HttpRequest
from redis.exceptions import RedisError


class SharedLockout(AxesCacheHandler):
    def __init__(self) -> None:
        super().__init__()
        self.database = AxesDatabaseHandler()

    def get_failures(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> int:
        count = self.database.get_failures(request, credentials)
        with suppress(RedisError):
            count += super().get_failures(request, credentials)
        return count

    def user_login_failed(
        self, sender: Any, credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        try:
            try:
                super().user_login_failed(sender, credentials, request, **kwargs)
            except ValueError:  # the count was forgotten just as it should be raised: this is the first of a new one
                super().user_login_failed(sender, credentials, request, **kwargs)
        except RedisError:
            self.database.user_login_failed(sender, credentials, request, **kwargs)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        self.database.user_logged_in(sender, request, user, **kwargs)
        with suppress(RedisError):
            super().user_logged_in(sender, request, user, **kwargs)

    def post_save_access_attempt(self, instance: AccessAttempt, **kwargs: Any) -> None:
        """django-axes tells of each row of a count; its own cache handler expects none."""
        self.database.post_save_access_attempt(instance, **kwargs)

    def post_delete_access_attempt(self, instance: AccessAttempt, **kwargs: Any) -> None:
        self.database.post_delete_access_attempt(instance, **kwargs)

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """What `manage.py axes_reset…` does. The Redis does not know whose its counts are: all of them begin anew.
        Raises CommandError when it is away."""
        whose = {"ip_address": ip_address, "username": username, "ip_or_username": ip_or_username}
        count = self.database.reset_attempts(**whose)
        try:
            return count + self.cache.forget()
        except RedisError as error:
            raise CommandError("The Redis of CACHE_URL is away; what it has counted stays: try again later.") from error
