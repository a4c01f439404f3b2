/**
 * What the setup Job runs. Every step can be done again: a database that knows its revision is migrated, any other is made and marked, also
 * one whose making was cut short. `flask` and `invenio` are those of reana-server; what the first prints holds a token and is not shown.
 */
export const SETUP = `set -eu
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
python3 /etc/reana/admin_check.py
flask reana-admin create-admin-user --email "$REANA_ADMIN_EMAIL" --password "$REANA_ADMIN_PASSWORD" > /tmp/created || {
  sed -n '/^Something went wrong/p' /tmp/created >&2
  exit 1
}
rm -f /tmp/created
python3 /etc/reana/admin_token.py
`;

/**
 * Runs what it is given while it holds the database's lock, so that of two setups at once the second waits: one that was cut off from the cluster, or
 * is of a deployment that was ended. Before, it says why the database takes nobody, or too little, since REANA's own commands answer with a page of
 * Python, or with nothing. Both values of the Secret are read by our server when its volume is empty and never again, so a password changed in
 * either place alone locks out.
 */
export const CONNECT = `import os
import subprocess
import sys

import psycopg2

place = f"{os.environ['REANA_DB_HOST']}:{os.environ['REANA_DB_PORT']}"
name = os.environ["REANA_DB_NAME"]
user = os.environ["REANA_DB_USERNAME"]
password = os.environ["REANA_DB_PASSWORD"]
HINTS = {
    "password authentication failed": (
        "the password in the server is not the one in the Secret: give the server that of the Secret with"
        f" ALTER USER {user} PASSWORD, and deploy again"
    ),
    f'database "{name}" does not exist': f"make it with CREATE DATABASE \\"{name}\\" OWNER {user}, or name another, and deploy again",
    "no encryption": "the server takes TLS only: leave 'database.tls' at 'require'",
    "server does not support SSL": "give the server a certificate, or say 'database.tls' is 'disable'",
    "certificate verify failed": "the authority in 'database.tls' did not sign the server's certificate",
}
# REANA puts both into an address as they are, and reads them from there.
if "%" in password:
    sys.exit(f"the password of '{user}' at {place} has a '%', which REANA takes for the beginning of another character: give the user one without")
if ":" in user or "/" in user or "%" in user:
    sys.exit(f"the database's user '{user}' has a ':', '/' or '%', which REANA cannot take: give it a user without")
try:
    connection = psycopg2.connect(
        host=os.environ["REANA_DB_HOST"],
        port=os.environ["REANA_DB_PORT"],
        dbname=name,
        user=user,
        password=password,
        connect_timeout=30,
    )
except psycopg2.OperationalError as error:
    reason = str(error).strip().splitlines()[-1]
    hints = [hint for part, hint in HINTS.items() if part in reason]
    sys.exit(f"the database at {place} does not take '{user}': " + "; ".join([reason, *hints]))
connection.autocommit = True
cursor = connection.cursor()


def ask(question):
    cursor.execute(question)
    return cursor.fetchone()[0]


if ask("show transaction_read_only") == "on":
    sys.exit(f"the database '{name}' at {place} can only be read: give 'database.host' the address of the server that is written to")
OWN = "case when to_regnamespace('__reana') is null then has_database_privilege(current_database(), 'CREATE')"
if not ask(f"select {OWN} else has_schema_privilege('__reana', 'CREATE') end"):
    sys.exit(f"'{user}' may not make REANA's schema in the database '{name}' at {place}: ALTER DATABASE \\"{name}\\" OWNER TO {user}, and deploy again")
if not ask("select to_regclass('accounts_user') is not null or coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"):
    sys.exit(
        f"'{user}' may not make tables in the schema public of the database '{name}' at {place}:"
        f" GRANT CREATE ON SCHEMA public TO {user}, and deploy again"
    )
# A lock of a pod whose machine is gone is given up soon, and not after the two hours of most servers.
for setting in ("idle = 30", "interval = 10", "count = 3"):
    cursor.execute(f"set tcp_keepalives_{setting}")
LOCK = 5312025
if not ask(f"select pg_try_advisory_lock({LOCK})"):
    print("another setup is at work in this database; waiting for its end", flush=True)
    cursor.execute(f"select pg_advisory_lock({LOCK})")
sys.exit(subprocess.run(sys.argv[1:]).returncode)
`;

/** Says that the admin's address cannot be what it is to be: REANA's command answers with a violated constraint, or not at all. */
export const ADMIN_CHECK = `import os
import sys

from reana_db.database import Session
from reana_db.models import User

email = os.environ["REANA_ADMIN_EMAIL"]
admin = Session.query(User).filter_by(id_="00000000-0000-0000-0000-000000000000").one_or_none()
if admin is not None and admin.email != email:
    sys.exit(
        f"the admin in the database is {admin.email}, and not {email}; an account keeps its address:"
        f" give 'admin.email' back '{admin.email}', and deploy again"
    )
if admin is None and Session.query(User).filter_by(email=email).one_or_none() is not None:
    sys.exit(f"{email} is a user already, and not the admin: give 'admin.email' an address that no user has, and deploy again")
`;

/**
 * Gives the admin the token that the Secret holds, so that nobody has to read one from a log. Another token that the admin had is revoked; one
 * that is right already is left alone.
 */
export const ADMIN_TOKEN = `import os
import sys

from reana_db.database import Session
from reana_db.models import User, UserToken, UserTokenStatus, UserTokenType

token = os.environ["ADMIN_ACCESS_TOKEN"]
admin = User.query.filter_by(id_="00000000-0000-0000-0000-000000000000").one_or_none()
if admin is None:
    sys.exit("there is no admin in the database; create-admin-user has made none")
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
