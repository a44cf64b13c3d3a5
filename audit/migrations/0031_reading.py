from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0030_lists")]

    operations = [
        migrations.RemoveConstraint(
            model_name="reauthentication",
            name="reauthentication_method_is_known",
        ),
        migrations.AddField(
            model_name="approvaldecision",
            name="read_for",
            field=models.DurationField(null=True),
        ),
        migrations.AddIndex(
            model_name="approvalrequest",
            index=models.Index(fields=["proposed_by", "requested_at"], name="idx_approval_requests_proposer"),
        ),
        migrations.AddConstraint(
            model_name="approvaldecision",
            constraint=models.CheckConstraint(
                condition=models.Q(read_for__isnull=True) | models.Q(read_for__gte=timedelta(0)),
                name="nobody_decides_before_reading",
            ),
        ),
        migrations.AddConstraint(
            model_name="reauthentication",
            constraint=models.CheckConstraint(
                condition=models.Q(("method__in", ["password", "trial"])),
                name="reauthentication_method_is_known",
            ),
        ),
    ]
