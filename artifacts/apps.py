"""The artifacts room."""

from django.apps import AppConfig


class ArtifactsConfig(AppConfig):
    """Names the room."""

    name = "artifacts"
    verbose_name = "Evidence"
