from django.db import models


class Passage(models.Model):
    title = models.TextField()
    body = models.TextField()
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=20)

    class Meta:
        app_label = "haystack_app"

    def __str__(self) -> str:
        return self.title
