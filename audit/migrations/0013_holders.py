"""Who keeps checkpoints outside the database, and what witnesses signed."""

from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0012_truth"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
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
                ("holder", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("line", models.TextField()),
                ("cosigned_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "audit_cosignature",
                "constraints": [
                    models.UniqueConstraint(fields=("size", "holder"), name="witness_cosigns_a_size_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HolderState",
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
                ("name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField(db_default=0)),
                ("published_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                ("tries", models.SmallIntegerField(db_default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_error", models.TextField(null=True)),
            ],
            options={
                "db_table": "audit_holder",
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="holder_has_one_state"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since__isnull", True), ("tries", 0)),
                            models.Q(("failing_since__isnull", False), ("tries__gt", 0)),
                            _connector="OR",
                        ),
                        name="failing_holder_says_since_when",
                    ),
                ],
            },
        ),
    ]
