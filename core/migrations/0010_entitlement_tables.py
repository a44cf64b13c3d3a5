"""What principals are entitled to, what they have left of it, and the switches that stop agents."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_signatures"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateBucket",
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
                ("tokens", models.FloatField()),
                ("refilled_at", models.DateTimeField(db_default=core.database.expressions.ClockNow())),
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
                    "user",
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
                "db_table": "rate_buckets",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "id"), name="bucket_belongs_to_its_tenant"),
                    models.UniqueConstraint(
                        fields=("tenant", "user", "kind"), name="one_bucket_of_each_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["proposals", "writes"])), name="bucket_kind_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Switch",
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
                ("name", models.CharField(max_length=50)),
                ("value", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "for_tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "switches",
                "db_table": "switches",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "for_tenant"), name="one_switch_of_each_name", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", "AGENTS_MODE"), ("value__in", ("enabled", "paused"))),
                        name="switch_and_value_are_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UserEntitlement",
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
                    "asset_classes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_default=core.database.expressions.EmptyTextArray(),
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "instruments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_default=core.database.expressions.EmptyTextArray(),
                        null=True,
                        size=None,
                    ),
                ),
                (
                    "venues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        db_default=core.database.expressions.EmptyTextArray(),
                        null=True,
                        size=None,
                    ),
                ),
                ("max_notional", models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ("rfq_rate_limit", models.IntegerField(db_default=10, null=True)),
                ("order_rate_limit", models.IntegerField(db_default=100, null=True)),
                ("max_open_orders", models.IntegerField(db_default=100, null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_default=core.database.expressions.TenantOfThisUnit(),
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "user_entitlements",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "id"), name="entitlement_belongs_to_its_tenant"
                    ),
                    models.UniqueConstraint(fields=("user",), name="user_is_entitled_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_open_orders__gte", 0),
                            ("order_rate_limit__gte", 0),
                            ("rfq_rate_limit__gte", 0),
                            models.Q(
                                ("max_notional__isnull", True), ("max_notional__gte", 0), _connector="OR"
                            ),
                        ),
                        name="entitlements_are_not_negative",
                    ),
                ],
            },
        ),
    ]
