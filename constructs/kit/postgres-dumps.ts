/** Whose dumps, and what is in the database. */
export interface DumpedDatabase {
  /** Beginning of the dumps' names. Lower-case letters. */
  readonly title: string;
  /** The schemas that a restore clears. `public` is made anew, as every dump takes it for granted; a dump makes the others itself. */
  readonly schemas: readonly ('public' | `__${string}`)[];
  /** What has to be scaled to 0 before a restore: `core, jobservice and exporter`. */
  readonly users: string;
}

/**
 * What a backup runs. A dump has its name only once it is complete and can be read. Old ones go, never the newest. It reaches the
 * database through PGHOST, PGUSER and so on.
 */
export function dumpScript({ title }: DumpedDatabase): string {
  return `set -eu
umask 077
dump="$BACKUP_FOLDER/${title}-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --no-owner --no-privileges --file="$dump.partial"
pg_restore --list "$dump.partial" > /dev/null
mv "$dump.partial" "$dump"
rm -f "$BACKUP_FOLDER"/${title}-*.partial
find "$BACKUP_FOLDER" -name '${title}-*.dump' ! -path "$dump" -mtime "+$KEEP_DAYS" -delete
echo "wrote $dump"
`;
}

/**
 * What a restore runs: the newest dump, or the one that RESTORE_DUMP names, takes the place of everything in the database, in one
 * transaction. It refuses to while somebody is connected.
 */
export function restoreScript({ title, schemas, users }: DumpedDatabase): string {
  const clear = schemas.map((schema) => `-c 'drop schema if exists ${schema} cascade'`).join(' ');
  return `set -eu
umask 077
dump="\${RESTORE_DUMP:-$(find "$BACKUP_FOLDER" -name '${title}-*.dump' | sort | tail -n 1)}"
if [ ! -s "$dump" ]; then
  echo "there is no dump '$dump' in $BACKUP_FOLDER" >&2
  exit 1
fi
others=$(psql -At -v ON_ERROR_STOP=1 -c "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
if [ "$others" != 0 ]; then
  echo "$others others are connected to the database; scale ${users} to 0 first" >&2
  exit 1
fi
work=$(mktemp -d "$BACKUP_FOLDER/restore.XXXXXX")
trap 'rm -rf "$work"' EXIT
pg_restore --list "$dump" | grep -v ' SCHEMA - public ' > "$work/list"
pg_restore --no-owner --no-privileges --use-list="$work/list" --file="$work/restore.sql" "$dump"
psql --quiet --single-transaction -v ON_ERROR_STOP=1 ${clear} -c 'create schema public' -f "$work/restore.sql" > /dev/null
echo "restored $dump"
`;
}
