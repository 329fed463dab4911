"""The site's settings but for how passwords are hashed: for drills that sign in often, and not for what that takes."""

from governance.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
