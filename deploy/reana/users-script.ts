/**
 * What runs in the server's pod, by REANA's own models, for an account. The commands of `flask reana-admin` do the same to the database; these
 * also end with an error when they fail, do nothing that is done, and give a token away only when told to. One JSON text goes in, one comes out.
 * A refusal is `{"error": reason, "next": step}`.
 */
export const USERS = `import json
import secrets
import sys

from reana_db.database import Session
from reana_db.models import AuditLogAction, Resource, User, UserResource, UserTokenStatus

ADMIN = "00000000-0000-0000-0000-000000000000"
UNITS = {"cpu": 3600 * 1000, "disk": 1024**3}
asked = json.loads(sys.argv[1])
email = asked.get("email")


def end(answer):
    Session.rollback()
    print(json.dumps(answer))
    sys.exit(0)


def limits_of(user):
    return {one.resource.type_.name: one.quota_limit / UNITS[one.resource.type_.name] for one in user.resources}


def used_by(user):
    return {one.resource.type_.name: one.quota_used / UNITS[one.resource.type_.name] for one in user.resources}


def described(user):
    return {
        "id": str(user.id_),
        "email": user.email,
        "admin": str(user.id_) == ADMIN,
        "token": user.access_token_status or "none",
        "limits": limits_of(user),
        "used": used_by(user),
    }


def log(action, text):
    admin = User.query.filter_by(id_=ADMIN).one_or_none()
    if admin is not None:
        admin.log_action(action, {"beamline": text})


def set_limits(user, limits):
    changed = False
    for kind, limit in limits.items():
        wanted = round(limit * UNITS[kind])
        found = [one for one in user.resources if one.resource.type_.name == kind]
        for one in found:
            changed = changed or one.quota_limit != wanted
            one.quota_limit = wanted
        if not found:
            resource = Resource.query.filter_by(type_=kind).first()
            if resource is None:
                end({"error": f"REANA counts no {kind}", "next": "run the setup Job again, which makes its resources"})
            user.resources.append(
                UserResource(user_id=user.id_, resource_id=resource.id_, quota_limit=wanted, quota_used=0)
            )
            changed = True
    Session.commit()
    return changed


user = User.query.filter_by(email=email).one_or_none() if email else None
action = asked["action"]
if action == "list":
    end({"users": [described(one) for one in User.query.order_by(User.email).all()]})
if action == "add":
    made = user is None
    if made:
        # As who registers himself is made, but that the token is granted on its own; without a name 'reana-client ping' says None.
        user = User(email=email, full_name=email, username=email)
        Session.add(user)
        Session.commit()
    end({"user": described(user), "changed": made})
if user is None:
    known = User.query.count()
    end({"error": f"there is no such user among the {known} of this REANA", "next": f"make it with 'user add'"})
if action == "quota":
    changed = set_limits(user, asked["limits"])
    end({"user": described(user), "changed": changed})
if action == "revoke":
    changed = user.active_token is not None
    if changed:
        user.active_token.status = UserTokenStatus.revoked
        Session.commit()
        log(AuditLogAction.revoke_token, f"revoked the token of {user.email}")
    end({"user": described(user), "changed": changed})
if action == "token":
    if str(user.id_) == ADMIN and asked["replace"]:
        end({"error": "the token of the admin is the one in the Secret", "next": "rotate it there, and deploy"})
    changed = user.active_token is None or asked["replace"]
    if changed:
        if user.active_token is not None:
            user.active_token.status = UserTokenStatus.revoked
            Session.commit()
        user.access_token = secrets.token_urlsafe(16)
        Session.commit()
        log(AuditLogAction.grant_token, f"granted a token to {user.email}")
    answer = {"user": described(user), "changed": changed}
    if asked["reveal"]:
        answer["value"] = user.access_token
    end(answer)
end({"error": f"'{action}' is nothing that is done to users", "next": "see 'beamline reana user --help'"})
`;
