"""What the sealer keeps: tiles, checkpoints, and how far it is."""

from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_hot_lists"),
        ("core", "0016_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LogCheckpoint",
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
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("epoch", models.IntegerField()),
                ("note", models.TextField()),
                ("sealed_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "audit_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="LogTile",
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
                ("level", models.SmallIntegerField()),
                ("position", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("epoch", models.IntegerField(null=True)),
                ("xid", core.database.expressions.TransactionField(null=True)),
                ("seq", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "audit_tile",
            },
        ),
        migrations.CreateModel(
            name="Seal",
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
                ("epoch", models.IntegerField(db_default=1)),
                ("size", models.BigIntegerField(db_default=0)),
                ("sealed_epoch", models.IntegerField(db_default=0)),
                (
                    "xid",
                    core.database.expressions.TransactionField(
                        db_default=core.database.expressions.NoTransaction()
                    ),
                ),
                ("seq", models.BigIntegerField(db_default=0)),
                ("is_only", models.BooleanField(db_default=True)),
            ],
            options={
                "db_table": "audit_seal",
            },
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["epoch", "xid", "seq"], name="idx_audit_event_order"),
        ),
        migrations.AddConstraint(
            model_name="logcheckpoint",
            constraint=models.UniqueConstraint(fields=("size",), name="one_checkpoint_of_each_size"),
        ),
        migrations.AddIndex(
            model_name="logtile",
            index=models.Index(
                condition=models.Q(("level", 0)),
                fields=["epoch", "xid", "seq"],
                name="idx_audit_tile_begins_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="logtile",
            constraint=models.UniqueConstraint(fields=("level", "position"), name="one_tile_of_each_place"),
        ),
        migrations.AddConstraint(
            model_name="logtile",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__range", (0, 7))), name="tile_level_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="logtile",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 0)), name="tile_has_a_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("is_only",), name="there_is_one_seal"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_only", True)), name="the_seal_is_the_only_one"
            ),
        ),
    ]
