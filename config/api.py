"""Every address under /api/v1/, collected from the rooms; none ends in a slash."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from core.web import docs, health

Routes = list[URLPattern | URLResolver]

probes: Routes = [
    path("health", health.Health.as_view(), name="health"),
    path("live", health.Health.as_view(), name="live"),
    path("ready", health.Ready.as_view(), name="ready"),
    path("version", health.Version.as_view(), name="version"),
]
urlpatterns: Routes = [
    *probes,
    path("schema", docs.Document.as_view(), name="schema"),
    path("docs", docs.Page.as_view(url_name="schema"), name="docs"),
    path("", include("core.jobs.api")),
    path("", include("audit.api")),
    path("", include("artifacts.api")),
    path("", include("markets.api")),
    path("", include("markets.candidate_api")),
    path("", include("markets.life.api")),
]
