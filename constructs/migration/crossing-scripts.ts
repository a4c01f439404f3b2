import { COPY, EXIT, FILTERS, REPORTING } from './scripts';

/** What a pod at the source does with the files of a claim whose copy is in another cluster. */
export type CrossingTask = 'first-copy' | 'last-copy' | 'verify';

/**
 * Everything below a directory, one line each: type, links, size, bytes on disk, inode, time of change, quoted path. By `ls` of GNU, as
 * the image has no `find`; `lost+found` belongs to the file system.
 */
const TABLE = `
table() {
  (cd "$1" && ls -lARinscQ --ignore=lost+found --block-size=1 --time-style=full-iso) | awk '
    /^"/ { folder = substr($0, 2); sub(/":$/, "/", folder); next }
    $1 ~ /^[0-9]+$/ && $3 ~ /^[-bcdlps]/ {
      at = $7 ~ /,$/ ? 8 : 7
      name = substr($0, index($0, " \\"") + 2)
      print substr($3, 1, 1), $4, (at == 7 ? $7 : 0), $2, $1, $(at + 1) "T" $(at + 2), "\\"" folder name
    }'
}
measure() {
  awk -v name="$1" '
    { kinds[$1]++ }
    $1 == "-" && !seen[$5]++ { bytes += $3; allocated += $4; if ($4 < $3) sparse++ }
    END {
      printf "%s.files=%d\\n%s.directories=%d\\n%s.symlinks=%d\\n", name, kinds["-"], name, kinds["d"] + 1, name, kinds["l"]
      printf "%s.specials=%d\\n", name, NR - kinds["-"] - kinds["d"] - kinds["l"]
      printf "%s.bytes=%.0f\\n%s.allocated=%.0f\\n%s.sparse=%d\\n", name, bytes, name, allocated, name, sparse
    }'
}
links() {
  awk '$1 != "d" && $2 > 1 {
    count = $2
    for (field = 1; field <= 6; field++) sub(/^[^ ]+ /, "")
    sub(/" -> ".*$/, "\\"")
    print count, $0
  }' | sort
}
`;

/**
 * Answers one connection. Whoever knows the key may write to the claim's copy and read what is noted of it, and do nothing else: the first line
 * names what rsync is to be told, as a remote shell would.
 */
const SERVE = `
set -euo pipefail
IFS= read -r line
set -f
read -ra words <<< "$line"
[ "\${words[0]:-} \${words[1]:-}" = 'rsync --server' ] || exit 1
case "\${words[-1]}" in
  data/) [ "\${words[2]:-}" != --sender ] && words[-1]=$TARGET/ || exit 1 ;;
  notes/)
    [ "\${words[2]:-}" = --sender ] || exit 1
    notes=$(mktemp -d "$SCRATCH/notes.XXXXXX")
    trap 'rm -rf "$notes"' EXIT
    table "$TARGET" > "$notes/table"
    measure target < "$notes/table" > "$notes/report"
    links < "$notes/table" > "$notes/links"
    rm "$notes/table"
    printf '%s' "$TARGET" > "$notes/place"
    words[-1]=$notes/ ;;
  *) exit 1 ;;
esac
"\${words[@]}"
`;

/** Arguments: target, report, a directory for itself, directory of the key, port. It serves until its Job is deleted. */
const RECEIVE = `
set -euo pipefail
export LC_ALL=C TARGET=$1 SCRATCH=$3
REPORT=$2 KEY=$4 PORT=$5
: > "$REPORT"
if [ -s /proc/net/if_inet6 ]; then PORT=:::$PORT; fi
cat > "$SCRATCH/serve" << 'END'
${TABLE}${SERVE}
END
cat > "$SCRATCH/line.conf" << END
foreground = yes
pid =
syslog = no
debug = err
socket = l:SO_KEEPALIVE=1
[copy]
accept = $PORT
ciphers = PSK
PSKsecrets = $KEY/psk
exec = /bin/bash
execArgs = bash $SCRATCH/serve
TIMEOUTclose = 5
END
exec stunnel "$SCRATCH/line.conf"
`;

/** Arguments: source, report, a directory for itself, directory of the key, host, port, size of the target in bytes. */
const SEND = `
set -euo pipefail
export LC_ALL=C
SOURCE=$1 REPORT=$2 SCRATCH=$3 KEY=$4 HOST=$5 PORT=$6 SIZE=$7
: > "$REPORT"
${REPORTING}
cat > "$SCRATCH/line.conf" << END
foreground = quiet
pid =
syslog = no
debug = err
socket = r:SO_KEEPALIVE=1
client = yes
connect = $HOST:$PORT
ciphers = PSK
PSKsecrets = $KEY/psk
TIMEOUTclose = 0
END
cat > "$SCRATCH/shell" << END
shift
exec 3<&0
exec stunnel $SCRATCH/line.conf < <(printf '%s\\n' "\\$*"; exec cat <&3)
END
ME=$(id -u)
KEEP=
if [ ! -d "$SOURCE/lost+found" ] || { [ "$ME" != 0 ] && [ ! -r "$SOURCE/lost+found" ]; }; then KEEP='--exclude=/lost+found'; fi
${FILTERS}
across() { rsync --rsh="bash $SCRATCH/shell" --timeout=600 "$@"; }
synchronize() { across -aHAXS --numeric-ids --delete --modify-window=-1 $KEEP "$@" "$SOURCE/" there:data/; }
notes() { across --recursive --ignore-times there:notes/ "$SCRATCH/theirs/" 2> "$SCRATCH/errors"; }
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  if notes; then break; fi
  [ $attempt != 12 ] || { say "error=$(head -2 "$SCRATCH/errors" | cut -c 1-300 | tr '\\n' ' ')"; fail 1 "the other cluster does not answer at $HOST:$PORT"; }
  sleep 5
done
OWN=$(cat "$SCRATCH/theirs/place")
${COPY}
unchanged() {
  table "$SOURCE" | sort > "$SCRATCH/after"
  cmp=$(comm -3 "$SCRATCH/before" "$SCRATCH/after" | sed 's/^[^"]*"\\.\\{0,1\\}\\/\\{0,1\\}/changed=/; s/"$//' | sort -u | head -5)
  [ -n "$cmp" ] || return 0
  say "$cmp"
  fail ${EXIT.changed} 'the source was written to while it was read'
}
parted() { comm -3 <(links < "$SCRATCH/before") "$SCRATCH/theirs/links" | sed 's/^[^"]*//' | sort -u; }
`;

const FIRST_COPY = `
table "$SOURCE" | sort > "$SCRATCH/before"
measure source < "$SCRATCH/before" >> "$REPORT"
bytes=$(sed -n 's/^source.allocated=//p' "$REPORT")
[ "$bytes" -le "$SIZE" ] || fail ${EXIT.space} "the files take $bytes bytes, the target has $SIZE by its claim"
copy "$@"
`;

/** What has another number of links over there is taken away by hiding it from one more run that deletes, and made anew by the next. */
const LAST_COPY = `
table "$SOURCE" | sort > "$SCRATCH/before"
copy "$@"
notes
parted > "$SCRATCH/parted"
if [ -s "$SCRATCH/parted" ]; then
  while IFS= read -r quoted; do
    quoted=\${quoted#\\"} quoted=\${quoted%\\"}
    eval "path=\\$'\${quoted//\\'/\\\\\\'}'"
    case $path in *[*?[]*) path=$(printf '%s.' "$path" | sed 's/[][*?\\\\]/\\\\&/g') path=\${path%.} ;; esac
    printf '%s\\0' "\${path#.}"
  done < "$SCRATCH/parted" > "$SCRATCH/hidden"
  copy --from0 --exclude-from="$SCRATCH/hidden" --delete-excluded '--filter=P /lost+found' "$@"
  copy "$@"
fi
unchanged
measure source < "$SCRATCH/before" >> "$REPORT"
`;

const VERIFY = `
table "$SOURCE" | sort > "$SCRATCH/before"
measure source < "$SCRATCH/before" >> "$REPORT"
notes
cat "$SCRATCH/theirs/report" >> "$REPORT"
status=0
synchronize --dry-run --itemize-changes --checksum "$@" > "$SCRATCH/differences" || status=$?
[ $status = 0 ] || fail 1 "rsync ended with $status"
[ "$ME" = 0 ] || { grep -v ' \\./$' "$SCRATCH/differences" > "$SCRATCH/theirs.d" || true; mv "$SCRATCH/theirs.d" "$SCRATCH/differences"; }
parted | sed 's/^/hard links: /' >> "$SCRATCH/differences"
unchanged
for what in files directories symlinks specials bytes; do
  [ "$(sed -n "s/^source.$what=//p" "$REPORT")" = "$(sed -n "s/^target.$what=//p" "$REPORT")" ] || echo "number of $what" >> "$SCRATCH/differences"
done
if [ -s "$SCRATCH/differences" ]; then
  head -8 "$SCRATCH/differences" | cut -c 1-200 | sed 's/^/difference=/' >> "$REPORT"
  fail ${EXIT.different} "$(wc -l < "$SCRATCH/differences" | tr -d ' ') differences"
fi
`;

/** The script of the pod that takes files in, at the destination. For bash. */
export function receiveScript(): string {
  return RECEIVE;
}

/** The script of a task at the source. For bash. */
export function sendScript(task: CrossingTask): string {
  const parts: Readonly<Record<CrossingTask, string>> = {
    'first-copy': FIRST_COPY,
    'last-copy': LAST_COPY,
    verify: VERIFY,
  };
  return [`TASK=${task}`, TABLE, SEND, parts[task]].join('\n');
}
