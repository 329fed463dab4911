"""`read_upload N`: read an uploaded text aside; the admin starts it."""

from django.core.management.base import BaseCommand, CommandError

from governance.ingest import uploads
from governance.models import TextUpload, UploadState


class Command(BaseCommand):
    help = "Read the file of a text that was uploaded in the admin."

    def add_arguments(self, parser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args, number: int, **options) -> None:
        upload = TextUpload.objects.filter(pk=number, state=UploadState.READING).first()
        if upload is None:
            raise CommandError(f"There is no uploaded text {number} that waits to be read.")
        uploads.read(upload)
