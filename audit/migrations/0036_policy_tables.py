"""Changes of policies that people propose, and the versions that they approved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0035_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyChange",
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
                ("action", models.CharField(max_length=100)),
                ("risk", models.CharField(max_length=20)),
                ("canonical", models.BinaryField()),
                (
                    "digest",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("canonical"), function="sha256"),
                        output_field=models.BinaryField(),
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "approval_policy_changes",
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
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
                (
                    "approval_action",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Value("policy:change"),
                        output_field=models.TextField(),
                    ),
                ),
                ("digest", models.BinaryField()),
                ("number", models.IntegerField()),
                ("action", models.CharField(max_length=100)),
                ("risk", models.CharField(max_length=20)),
                ("quorum", models.IntegerField()),
                ("required_roles", models.JSONField()),
                ("request_lifetime", models.DurationField()),
                ("grant_lifetime", models.DurationField()),
                ("needs_reauthentication", models.BooleanField()),
                ("due_after", models.DurationField()),
                ("publishes_by_itself", models.BooleanField()),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "approval_policy_versions",
            },
        ),
        migrations.AddConstraint(
            model_name="approvalpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "policy:change"), _negated=True),
                    models.Q(("needs_reauthentication", True), ("quorum__gte", 2)),
                    _connector="OR",
                ),
                name="policies_are_changed_by_two_people",
            ),
        ),
        migrations.AddField(
            model_name="policychange",
            name="proposed_by",
            field=models.ForeignKey(
                db_column="proposed_by",
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="audit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audit.auditevent",
            ),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="change",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="audit.policychange",
            ),
        ),
        migrations.AddIndex(
            model_name="policychange",
            index=models.Index(fields=["action", "risk"], name="idx_policy_changes_policy"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                fields=("audit",), name="policy_version_has_an_approval_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                fields=("action", "risk", "number"), name="policy_versions_are_numbered"
            ),
        ),
    ]
