"""What signed requests are checked against."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestNonce",
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
                ("nonce", models.CharField(max_length=128)),
                ("taken_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
            ],
            options={
                "db_table": "request_nonces",
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
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
                ("key_id", models.CharField(max_length=40)),
                ("algorithm", models.CharField(max_length=20)),
                ("secret", models.BinaryField(null=True)),
                ("public_key", models.BinaryField(null=True)),
                ("label", models.CharField(max_length=100)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_default=core.database.expressions.EmptyTextArray(),
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "signing_keys",
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="signature_policy",
            field=models.CharField(db_default="none", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("signature_policy__in", ["none", "hmac", "ed25519"])),
                name="signature_policy_is_known",
            ),
        ),
        migrations.AddField(
            model_name="requestnonce",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.tenant",
            ),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="tenant",
            field=models.ForeignKey(
                db_constraint=False,
                db_default=core.database.expressions.TenantOfThisUnit(),
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.tenant",
            ),
        ),
        migrations.AddField(
            model_name="signingkey",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signing_keys",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="requestnonce",
            name="signing_key",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.signingkey",
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(
                fields=("tenant", "id"), name="signing_key_belongs_to_its_tenant"
            ),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.UniqueConstraint(fields=("key_id",), name="signing_key_id_is_taken"),
        ),
        migrations.AddConstraint(
            model_name="signingkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("algorithm", "hmac-sha256"), ("public_key__isnull", True), ("secret__isnull", False)
                    ),
                    models.Q(
                        ("algorithm", "ed25519"), ("public_key__isnull", False), ("secret__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="signing_key_holds_what_its_algorithm_needs",
            ),
        ),
        migrations.AddIndex(
            model_name="requestnonce",
            index=models.Index(
                fields=["tenant", "signing_key", "taken_at"], name="idx_request_nonces_taken_at"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestnonce",
            constraint=models.UniqueConstraint(fields=("tenant", "id"), name="nonce_belongs_to_its_tenant"),
        ),
        migrations.AddConstraint(
            model_name="requestnonce",
            constraint=models.UniqueConstraint(
                fields=("tenant", "signing_key", "nonce"), name="nonce_is_used_once"
            ),
        ),
    ]
