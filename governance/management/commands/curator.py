"""`curator NAME [--role ROLE]`: a login for the admin, with a password that is shown once."""

import secrets
import sys
from getpass import getpass

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, transaction

from governance.accounts import factors
from governance.accounts.events import Kind, note
from governance.curation import roles


class Command(BaseCommand):
    help = "Make a login for curation, or give an existing one another role."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--role", default=roles.Role.CURATOR.value, choices=roles.Role.values)
        parser.add_argument("--email", default="", help="where a forgotten password is sent to")
        parser.add_argument("--new-password", action="store_true", help="also where the login exists already")
        parser.add_argument("--no-second-factor", action="store_true", help="take it away: the phone is lost")
        parser.add_argument("--generate", action="store_true", help="do not ask for a password")

    def handle(
        self, *args, name: str, role: str, email: str, new_password: bool, no_second_factor: bool, generate: bool,
        **options,
    ) -> None:  # fmt: skip
        try:
            with transaction.atomic():
                user, made = self._user(name, email)
                password = self._password(user, generate) if made or new_password else None
                if password:
                    user.set_password(password)
                user.is_staff = user.is_active = True
                user.save()
                roles.assign(user, role)
                if no_second_factor and factors.take_away(user):
                    note(Kind.FACTOR_OFF, name)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database is not ready ({error}); run `manage.py migrate` first.") from error
        done = "made" if made else "there already; it is active and has the role now"
        self.stdout.write(f"Login “{name}” ({roles.Role(role).label}): {done}.")
        if password and password == self.generated:
            self.stdout.write(f"Its password, shown this once: {password}")

    generated = ""

    def _user(self, name: str, email: str):
        model = get_user_model()
        user = model.objects.filter(username=name).first()
        if user is not None:
            user.email = email or user.email
            return user, False
        user = model(username=name, email=email)
        try:
            user.full_clean(exclude=("password",))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return user, True

    def _password(self, user, generate: bool) -> str:
        """The one that is typed, or one made up where nothing is typed or nobody is there to ask."""
        if not generate and sys.stdin.isatty():
            while typed := getpass("Password (empty to have one made): "):
                try:
                    validate_password(typed, user)
                except ValidationError as error:
                    self.stderr.write(" ".join(error.messages))
                    continue
                if getpass("The same again: ") == typed:
                    return typed
                self.stderr.write("They differ.")
        self.generated = "-".join(secrets.token_hex(3) for _ in range(4))
        return self.generated
