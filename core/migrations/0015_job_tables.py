"""What the engine keeps of a job: its lane, its lease, its progress, and what happened to it."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0014_staff_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobEvent",
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
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_default=core.database.expressions.TenantOfThisUnit(),
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="job_events",
                        to="core.job",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visible_to",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce("owner", "tenant"),
                        output_field=models.UUIDField(),
                    ),
                ),
                ("trace_id", models.UUIDField(null=True)),
                ("event_type", models.CharField(max_length=64)),
                ("payload", models.JSONField(db_default=core.database.expressions.EmptyObject())),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "job_events",
            },
        ),
        migrations.CreateModel(
            name="JobRate",
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
                ("job_type", models.CharField(max_length=255)),
                ("begins_at", models.DateTimeField()),
            ],
            options={
                "db_table": "job_rates",
            },
        ),
        migrations.RemoveConstraint(
            model_name="switch",
            name="switch_and_value_are_known",
        ),
        migrations.RemoveIndex(
            model_name="job",
            name="idx_jobs_waiting",
        ),
        migrations.RemoveIndex(
            model_name="job",
            name="idx_jobs_of_an_owner",
        ),
        migrations.AlterField(
            model_name="job",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_default=core.database.expressions.TenantOfThisUnit(),
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.tenant",
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="cancel_requested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="concurrency_key",
            field=models.CharField(max_length=255, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="lane",
            field=models.CharField(db_default="default", max_length=50),
        ),
        migrations.AddField(
            model_name="job",
            name="last_error_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="lease_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="locked_by",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="payload_digest",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="progress",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="requested_by",
            field=models.ForeignKey(
                db_column="requested_by",
                db_constraint=False,
                db_default=core.database.expressions.ActorOfThisUnit(),
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="stage",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="timeout_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="trace_id",
            field=models.UUIDField(db_default=core.database.expressions.CorrelationOfThisUnit()),
        ),
        migrations.AlterField(
            model_name="job",
            name="next_attempt_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["tenant", "owner", "created_at"],
                name="idx_jobs_of_an_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "retry"))),
                fields=["lane", "tenant", "next_attempt_at", "job_id"],
                name="idx_jobs_due",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("concurrency_key__isnull", False), ("status", "processing")),
                fields=["concurrency_key"],
                name="idx_jobs_running_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("status", "processing")), fields=["lease_until"], name="idx_jobs_leases"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane", ""), _negated=True), name="job_has_a_lane"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("progress__isnull", True), ("progress__range", (0, 100)), _connector="OR"
                ),
                name="job_progress_is_a_percentage",
            ),
        ),
        migrations.RunSQL(
            # a source's own INSERT may have left it out before there was a default
            "UPDATE jobs SET next_attempt_at = created_at WHERE next_attempt_at IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("pending", "retry")), _negated=True),
                    ("next_attempt_at__isnull", False),
                    _connector="OR",
                ),
                name="waiting_job_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="switch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name__in", ("AGENTS_MODE", "JOBS_MODE")), ("value__in", ("enabled", "paused"))
                ),
                name="switch_and_value_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobrate",
            constraint=models.UniqueConstraint(fields=("job_type",), name="job_type_has_one_rate"),
        ),
        migrations.AddIndex(
            model_name="jobevent",
            index=models.Index(fields=["job", "-created_at"], name="idx_job_events_of_a_job"),
        ),
        migrations.AddIndex(
            model_name="jobevent",
            index=models.Index(fields=["trace_id"], name="idx_job_events_trace"),
        ),
        migrations.AddIndex(
            model_name="jobevent",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["owner", "event_type", "-created_at"],
                name="idx_job_events_of_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobevent",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="job_event_belongs_to_its_tenant"
            ),
        ),
    ]
