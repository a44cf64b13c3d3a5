"""Who decides in whose role, and from when to when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0022_revocations"),
        ("core", "0017_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
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
                ("role", models.CharField(max_length=50)),
                ("starts_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "from_person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "approval_delegations",
            },
        ),
        migrations.AddField(
            model_name="approvaldecision",
            name="delegation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audit.delegation",
            ),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(fields=["to_person", "ends_at"], name="idx_approval_delegations_to"),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="delegation_belongs_to_its_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                fields=("reauthentication",), name="delegation_has_a_proof_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["admin", "super-admin"])), name="delegated_role_decides"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_person", models.F("to_person")), _negated=True),
                name="delegation_is_to_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="delegation_ends_after_it_begins",
            ),
        ),
    ]
