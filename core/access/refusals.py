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


class UnknownScope(Refusal):
    """A scope of a key is the name of a permission, or `*` for all that its holder may do."""

    code = "scope_is_known"
    status = 422
    hint = "Take the names from docs/permissions.md."
    constraints = ("scopes_are_written_plainly",)


class TwoKeysAreLive(Refusal):
    """This principal has two live keys of this label already: the one in use and its successor."""

    code = "two_keys_are_live"
    hint = "Revoke one of them first, or choose another label."


class KeyIsNoLongerLive(Refusal):
    """Only a live key is rotated; this one was revoked or has expired."""

    code = "key_is_no_longer_live"
    hint = "Issue a new key instead."


class KeyOnlyEnds(Refusal):
    """A key never changes; it only ends, and sooner at that."""

    code = "key_only_ends"
    hint = "Revoke this key and issue another."


class NotEntitled(Refusal):
    """This principal is entitled to no write; what is not granted is refused."""

    code = "not_entitled"
    status = 403
    hint = "Ask an administrator for entitlements."


class EntitledOnce(Refusal):
    """What a principal is entitled to is said in one place."""

    code = "user_is_entitled_once"
    hint = "Change what is there."


class AgentsArePaused(Refusal):
    """Agents and services are paused; people go on working."""

    code = "agents_are_paused"
    status = 403
    hint = "Wait until people turn AGENTS_MODE to enabled again."


class SwitchIsTurnedAtHome(Refusal):
    """A tenant turns its own switches; the others are the platform's."""

    code = "switch_is_turned_at_home"
    status = 403
    hint = "Ask the people of the platform."


class OnlyPersonsHoldRoles(Refusal):
    """Only persons hold roles."""

    code = "only_persons_hold_roles"
    status = 422
    hint = "Agents and services may what docs/permissions.md says of them."


class NobodysOwnRoles(Refusal):
    """Nobody changes their own roles."""

    code = "nobody_changes_their_own_roles"
    status = 403
    hint = "Ask another administrator."


class RoleIsNotHeld(Refusal):
    """This person does not hold this role."""

    code = "role_is_not_held"
    hint = "There is nothing to do."


class RoleIsGrantedFromAbove(Refusal):
    """Nobody gives or takes a role above their own."""

    code = "role_is_granted_from_above"
    status = 403
    hint = "Ask somebody who holds that role."


class WorksInAnotherTenant(Refusal):
    """You work in another tenant at the moment."""

    code = "works_in_another_tenant"
    hint = "Pick this tenant at the top of the page."


class PersonNeedsAnEmail(Refusal):
    """A person logs in with an e-mail address, so there must be one."""

    code = "person_has_an_email"
    status = 422
    hint = "Give an e-mail address."


class TwoSigningKeysAreLive(Refusal):
    """Two signing keys of this label are live already, as many as a rotation needs."""

    code = "two_signing_keys_are_live"
    hint = "Revoke one of them first, or choose another label."


class SigningKeyOnlyEnds(Refusal):
    """A signing key never changes; it only ends, and sooner at that."""

    code = "signing_key_only_ends"
    hint = "Revoke this key and make another."


class PublicKeyIsEd25519(Refusal):
    """A public key of Ed25519 has 32 bytes."""

    code = "public_key_is_ed25519"
    status = 422
    hint = "Send the 32 raw bytes of the public key, without PEM around them."


class PublicKeyIsGiven(Refusal):
    """A new public key is given for Ed25519, and for HMAC none."""

    code = "public_key_is_given"
    status = 422
    hint = "Make a new key pair and give its public half; an HMAC secret is made here."


class SigningKeyIsNoLongerLive(Refusal):
    """This signing key was revoked or has expired, so there is nothing to rotate."""

    code = "signing_key_is_live"
    hint = "Make a new key instead."


class SignaturePolicyIsKnown(Refusal):
    """A principal's requests need no signature, one by HMAC or better, or one by Ed25519."""

    code = "signature_policy_is_known"
    status = 422
    hint = "Choose `none`, `hmac` or `ed25519`."


class LockedOut(Refusal):
    """Too many logins failed for this e-mail address from here."""

    code = "locked_out"
    status = 429
    hint = "Wait for as many seconds as Retry-After says, an hour at most, or ask an operator to unlock it."


class PasswordIsTooWeak(Refusal):
    """This password is too easily guessed, or longer than anybody types."""

    code = "password_is_too_weak"
    status = 422
    hint = (
        "Choose 12 to 128 characters, such as four unrelated words, and nothing of the name or the address."
    )
