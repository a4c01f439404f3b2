/**
 * What the setup Job runs. Every step can be done again: a database that knows its revision is migrated, any other is made and marked, also
 * one whose making was cut short. `flask` and `invenio` are those of reana-server; what the first prints holds a token and is not shown.
 */
export const SETUP = `set -eu
python3 /etc/reana/connect.py
if [ -n "$(reana-db alembic current 2>/dev/null)" ]; then
  reana-db alembic upgrade
else
  reana-db init
  reana-db alembic init
fi
made=$(reana-db quota create-default-resources 2>&1) || case "$made" in
  *"already exist"*) ;; # it fails when there is nothing to do
  *)
    echo "$made" >&2
    exit 1
    ;;
esac
invenio db init
invenio db create
flask reana-admin create-admin-user --email "$REANA_ADMIN_EMAIL" --password "$REANA_ADMIN_PASSWORD" > /tmp/created || {
  sed -n '/^Something went wrong/p' /tmp/created >&2
  exit 1
}
rm -f /tmp/created
python3 /etc/reana/admin_token.py
`;

/**
 * Says, before anything else is tried, why the database takes nobody: REANA's own commands answer with a page of Python, or with nothing. Both
 * values of the Secret are read by the server when its volume is empty and never again, so a password changed in either place alone locks out.
 */
export const CONNECT = `import os
import sys

import psycopg2

place = f"{os.environ['REANA_DB_HOST']}:{os.environ['REANA_DB_PORT']}"
user = os.environ["REANA_DB_USERNAME"]
try:
    psycopg2.connect(
        host=os.environ["REANA_DB_HOST"],
        port=os.environ["REANA_DB_PORT"],
        dbname=os.environ["REANA_DB_NAME"],
        user=user,
        password=os.environ["REANA_DB_PASSWORD"],
        connect_timeout=30,
    ).close()
except psycopg2.OperationalError as error:
    reason = str(error).strip().splitlines()[-1]
    if "password authentication failed" in reason:
        reason += (
            "; the password in the server is not the one in the Secret: give the server that of the Secret with"
            f" ALTER USER {user} PASSWORD, and deploy again"
        )
    sys.exit(f"the database at {place} does not take '{user}': {reason}")
`;

/**
 * Gives the admin the token that the Secret holds, so that nobody has to read one from a log. Another token that the admin had is revoked; one
 * that is right already is left alone.
 */
export const ADMIN_TOKEN = `import os
import sys

from reana_db.database import Session
from reana_db.models import User, UserToken, UserTokenStatus, UserTokenType

email = os.environ["REANA_ADMIN_EMAIL"]
token = os.environ["ADMIN_ACCESS_TOKEN"]
admin = User.query.filter_by(id_="00000000-0000-0000-0000-000000000000").one_or_none()
if admin is None:
    sys.exit("there is no admin in the database; create-admin-user has made none")
if admin.email != email:
    sys.exit(f"the admin in the database is {admin.email}, and not {email}; an account keeps its address")
active = admin.active_token
if active is not None and active.token == token:
    print("the admin has the token of the Secret")
    sys.exit(0)
if active is not None:
    active.status = UserTokenStatus.revoked
known = [one for one in admin.tokens.filter_by(type_=UserTokenType.reana) if one.token == token]
if known:
    known[0].status = UserTokenStatus.active
else:
    Session.add(
        UserToken(
            user_id=admin.id_,
            token=token,
            status=UserTokenStatus.active,
            type_=UserTokenType.reana,
        )
    )
Session.commit()
print("the admin has got the token of the Secret")
`;
