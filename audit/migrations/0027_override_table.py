"""What people did past what is usual, and who reviewed it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0026_threads"),
        ("core", "0017_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Override",
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
                ("kind", models.CharField(max_length=20)),
                ("about_id", models.UUIDField()),
                ("reason", models.TextField()),
                ("opened_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                ("review_due_at", models.DateTimeField()),
                ("overdue_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(max_length=20, null=True)),
                ("review_reason", models.TextField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "approval_overrides",
            },
        ),
        migrations.RemoveConstraint(
            model_name="approvaldecision",
            name="verdict_is_known",
        ),
        migrations.AddConstraint(
            model_name="approvaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict__in", ("approve", "reject", "request_changes", "abstain", "break_glass"))
                ),
                name="verdict_is_known",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="reauthentication",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audit.reauthentication",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="request",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
                to="audit.approvalrequest",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="reviewed_by",
            field=models.ForeignKey(
                db_column="reviewed_by",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.tenant",
            ),
        ),
        migrations.AddIndex(
            model_name="override",
            index=models.Index(
                condition=models.Q(("reviewed_at", None)),
                fields=["review_due_at"],
                name="idx_approval_overrides_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="override_belongs_to_its_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                fields=("reauthentication",), name="review_has_a_proof_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "break_glass"), ("reviewed_at", None)),
                fields=("person",),
                name="one_unreviewed_break_glass",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "break_glass"), ("request__isnull", False)),
                    models.Q(("kind", "switch"), ("request", None)),
                    _connector="OR",
                ),
                name="override_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", None),
                        ("review_reason", None),
                        ("reviewed_at", None),
                        ("reviewed_by", None),
                    ),
                    models.Q(
                        ("outcome__in", ("confirmed", "reversed")),
                        ("review_reason__isnull", False),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_says_who_when_and_why",
            ),
        ),
    ]
