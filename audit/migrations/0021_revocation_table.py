"""What becomes of a grant that a person revokes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0020_due_at"),
        ("core", "0017_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=core.database.expressions.TimeOrderedUUID(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason", models.TextField()),
                ("revoked_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                (
                    "grant",
                    models.ForeignKey(
                        db_column="audit_id",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocations",
                        to="audit.approvalgrant",
                    ),
                ),
                (
                    "reauthentication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audit.reauthentication",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        db_column="revoked_by",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "db_table": "approval_revocations",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="revocation_belongs_to_its_tenant"),
                    models.UniqueConstraint(fields=("grant",), name="grant_is_revoked_once"),
                    models.UniqueConstraint(
                        fields=("reauthentication",), name="revocation_has_a_proof_of_its_own"
                    ),
                ],
            },
        ),
    ]
