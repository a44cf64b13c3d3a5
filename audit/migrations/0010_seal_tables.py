"""What the sealer keeps, and the truth chain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0009_jobs"),
        ("core", "0017_tasks"),
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
                ("truth_sequence", models.BigIntegerField(db_default=0)),
                ("is_only", models.BooleanField(db_default=True)),
            ],
            options={
                "db_table": "audit_seal",
            },
        ),
        migrations.CreateModel(
            name="TruthHead",
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
                ("sequence_number", models.BigIntegerField(db_default=0)),
                ("hash", models.CharField(max_length=64, null=True)),
                ("is_only", models.BooleanField(db_default=True)),
            ],
            options={
                "db_table": "truth_chain_head",
            },
        ),
        migrations.CreateModel(
            name="TruthRecord",
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
                ("sequence_number", models.BigIntegerField()),
                ("previous_hash", models.CharField(max_length=64, null=True)),
                ("hash", models.CharField(max_length=64)),
                ("record_type", models.CharField(max_length=50)),
                ("subject_type", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("payload", models.JSONField()),
                ("actor_type", models.CharField(max_length=20, null=True)),
                ("signature", models.TextField(null=True)),
                ("anchored_at", models.DateTimeField(null=True)),
                ("anchor_tx_hash", models.TextField(null=True)),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "truth_chain",
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
        migrations.AddConstraint(
            model_name="truthhead",
            constraint=models.UniqueConstraint(fields=("is_only",), name="there_is_one_truth"),
        ),
        migrations.AddConstraint(
            model_name="truthhead",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_only", True)), name="the_truth_is_the_only_one"
            ),
        ),
        migrations.AddField(
            model_name="truthrecord",
            name="actor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["hash"], name="idx_truth_chain_hash"),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["subject_type", "subject_id"], name="idx_truth_chain_subject"),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["subject_id"], name="idx_truth_chain_subject_id"),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["record_type"], name="idx_truth_chain_type"),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["created_at"], name="idx_truth_chain_created_at"),
        ),
        migrations.AddIndex(
            model_name="truthrecord",
            index=models.Index(fields=["actor"], name="idx_truth_chain_actor"),
        ),
        migrations.AddConstraint(
            model_name="truthrecord",
            constraint=models.UniqueConstraint(fields=("sequence_number",), name="truth_has_one_order"),
        ),
        migrations.AddConstraint(
            model_name="truthrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "record_type__in",
                        (
                            "agent_creation",
                            "agent_graduation",
                            "agent_suspension",
                            "agent_archive",
                            "council_decision",
                            "trust_change",
                            "trust_milestone",
                            "acquisition",
                            "ownership_change",
                            "certification",
                            "marketplace_listing",
                            "human_override",
                            "system_event",
                        ),
                    )
                ),
                name="truth_record_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="truthrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject_type__in", ("agent", "user", "decision"))),
                name="truth_subject_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="truthrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("actor_type__isnull", True),
                    ("actor_type__in", ("user", "agent", "system")),
                    _connector="OR",
                ),
                name="truth_actor_is_known",
            ),
        ),
    ]
