"""The thread of an approval request, through the API."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit.approving import comments
from audit.models import ApprovalRequest, Comment
from core.access.models import User
from core.web import words
from core.web.forms import Form, Moment, Text, principal, read
from core.web.views import ListView, find


@extend_schema_serializer(
    examples=[OpenApiExample("A question", {"body": "Is the second source independent?"}, request_only=True)]
)
class CommentForm(Form):
    """What somebody has to say."""

    body = Text(max_length=comments.LONGEST)


class CommentShape(serializers.Serializer[Any]):
    """What somebody said about a request."""

    id = serializers.UUIDField()
    request_id = serializers.UUIDField()
    author_id = serializers.UUIDField()
    author_name = serializers.CharField()
    body = serializers.CharField()
    created_at = Moment()


show_comment = CommentShape().to_representation


class Comments(ListView):
    """What was said about a request, newest first."""

    permission = {"GET": "approvals:read", "POST": "approvals:comment"}
    serializer_class = CommentShape

    def queryset(self, request: Request) -> QuerySet[Comment]:
        """The whole thread."""
        asked = find(ApprovalRequest.objects.only("pk"), self.kwargs["request_id"])
        return thread().filter(request_id=asked.pk)

    def shape(self, row: Comment) -> dict[str, Any]:
        """One comment."""
        return show_comment(row)

    @extend_schema(request=CommentForm, responses={201: CommentShape})
    def post(self, request: Request, request_id: str) -> Response:
        """Say something to the people who decide: for the proposer, who operates it, and people of staff."""
        asked = find(ApprovalRequest.objects.only("pk"), request_id)
        given = read(CommentForm, request)
        made = comments.comment(asked.pk, given["body"], by=principal(request))
        return Response(show_comment(thread().get(pk=made.pk)), status=201)


def thread() -> QuerySet[Comment]:
    """Comments with the names of their authors."""
    # looked up and not joined: the wall hides people of the platform, and never the comment
    author = User.objects.filter(pk=OuterRef("author_id")).values(name=Coalesce("display_name", "username"))
    return Comment.objects.annotate(author_name=Coalesce(Subquery(author), Value(words.PLATFORM)))


urlpatterns: list[URLPattern] = [
    path("approvals/<str:request_id>/comments", Comments.as_view(), name="approval-comments"),
]
