"""What people are to be told about requests, and the indexes by which the clock finds what is due."""

import django.db.models.deletion
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [("audit", "0033_waiting"), ("core", "0017_tasks")]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                ("occasion", models.CharField(max_length=20)),
                ("job_id", models.UUIDField(null=True)),
                ("noticed_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="audit.approvalrequest",
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
                "db_table": "approval_notices",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="notice_belongs_to_its_tenant"),
                    models.UniqueConstraint(fields=("request", "occasion"), name="occasion_is_noticed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("occasion__in", ("put", "due", "escalated", "closed"))),
                        name="notice_occasion_is_known",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("job_id__isnull", True)),
                        fields=["tenant"],
                        name="idx_approval_notices_untold",
                    ),
                    models.Index(fields=["job_id"], name="idx_approval_notices_job"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("escalated_at__isnull", True), ("status", "open")),
                fields=["due_at"],
                name="idx_approval_requests_due",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["expires_at"],
                name="idx_approval_requests_expiring",
            ),
        ),
    ]
