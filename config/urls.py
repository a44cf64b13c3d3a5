"""Where every request goes."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from config import api
from core.web import problems, security_txt

handler400 = "core.web.problems.not_understood"
handler403 = "core.web.problems.not_allowed"
handler404 = "core.web.problems.not_found"
handler500 = "core.web.problems.unexpected"

ADMIN: api.Routes = [path("", RedirectView.as_view(url="/admin/")), path("admin/", admin.site.urls)]
API: api.Routes = [path("api/v1/", include("config.api"))]
PROBES: api.Routes = [path("api/v1/", include(api.probes))]
FACES: dict[str, api.Routes] = {"all": [*ADMIN, *API], "admin": [*ADMIN, *PROBES], "api": API}

SECURITY = path(".well-known/security.txt", security_txt.shown)
urlpatterns = [SECURITY, *FACES[settings.SERVES], re_path(r"^api/", problems.unknown_address)]
