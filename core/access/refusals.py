"""How access says no."""

from __future__ import annotations

from core.refusals import Refusal


class EmailTaken(Refusal):
    """Somebody else logs in with this e-mail address."""

    code = "email_is_taken"
    hint = "Use another address; a person has one account over all tenants."
    constraints = ("email_is_taken_in_this_tenant",)


class UsernameTaken(Refusal):
    """Somebody else in this tenant has this username."""

    code = "username_is_taken"
    hint = "Choose another username."


class RoleHeldAlready(Refusal):
    """This person holds this role already."""

    code = "role_is_held_already"
    hint = "There is nothing to do."


class OnlyPersonsAreStaff(Refusal):
    """Only a person can be staff; agents and services never decide."""

    code = "only_persons_are_staff"
    status = 422
    hint = "Make an account of kind person."
    constraints = ("only_persons_have_a_password",)


class UserStaysWhoTheyAre(Refusal):
    """A user keeps id, kind, tenant and operator for ever."""

    code = "user_stays_who_they_are"
    hint = "Disable this user and make another."


class AccessIsNeverTruncated(Refusal):
    """Who may act is never emptied at one stroke."""

    code = "access_is_never_truncated"
    hint = "Disable users one by one."


class WorksInAnotherTenant(Refusal):
    """You work in another tenant at the moment."""

    code = "works_in_another_tenant"
    hint = "Pick this tenant at the top of the page."


class PersonNeedsAnEmail(Refusal):
    """A person logs in with an e-mail address, so there must be one."""

    code = "person_has_an_email"
    status = 422
    hint = "Give an e-mail address."
