"""What people and proposers say to each other about a request."""

from __future__ import annotations

from uuid import UUID

from audit.models import Comment
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb

LONGEST = 4000


@verb("approval:comment", permission="approvals:comment")
def comment(request_id: UUID, body: str, *, by: User, reason: str = "") -> Comment:
    """Add to the thread of a request, open or closed; what was said stays.

    :param body: 1 to 4000 characters, kept exactly.
    :raises CommentIsByWhoeverTakesPart: for an agent that neither proposed it nor is anybody of staff.
    """
    return insert(Comment, request_id=request_id, author_id=by.pk, body=body)
