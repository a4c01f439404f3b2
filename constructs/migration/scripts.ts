/** What a pod of a migration does with the files of a claim. */
export type CopyTask = 'survey' | 'first-copy' | 'last-copy' | 'verify';

/** How a task that failed says why, as its exit code. */
export const EXIT = {
  /** The user it runs as cannot read everything, or cannot give files to their owners. */
  forbidden: 10,
  /** The target is too small. */
  space: 11,
  /** Somebody wrote to the source while nobody should. */
  changed: 12,
  /** Source and target differ. */
  different: 13,
  /** The image's rsync cannot do what is needed. */
  unable: 14,
} as const;

/** How a task says what it found and why it ends. Needs `REPORT`. */
export const REPORTING = `say() { printf '%s\\n' "$1" >> "$REPORT"; }
fail() { say "problem=$2"; exit "$1"; }
case "$(rsync --version)" in *'no ACLs'* | *'no xattrs'*) fail ${EXIT.unable} 'its rsync lacks ACLs or extended attributes' ;; esac`;

/** What of the extended attributes rsync is told to take along. Needs `ME`. */
export const FILTERS = `if [ "$ME" = 0 ]; then
  set -- '--filter=-x security.selinux' '--filter=-x system.*' '--filter=-x trusted.*'
else
  set -- '--filter=+x user.*' '--filter=-x *'
fi`;

/**
 * What every task begins with. Arguments: source, target, report, a directory for itself, size of the target in bytes. The report is the container's
 * termination message: `name=value`, one a line. What is too long for it goes to `SCRATCH`. `sh`, `find`, `stat` and `awk` are BusyBox's or GNU's.
 *
 * `lost+found` of the target belongs to its file system: it is left alone, unless the source has files of its own there.
 * Labels of SELinux belong to the pod that mounts, ACLs travel by themselves, and a user may write extended attributes of
 * its own namespace only. Times are compared to the nanosecond: left to itself, rsync takes a file of the same size and second for
 * the same. The directory of the volume itself belongs to the storage where the copy is not root.
 */
const PRELUDE = `
set -eu
SOURCE=$1 TARGET=$2 REPORT=$3 SCRATCH=$4 SIZE=$5
export LC_ALL=C SOURCE TARGET SCRATCH
: > "$REPORT"
${REPORTING}
ME=$(id -u) OWN=$TARGET
{ [ -r "$SOURCE" ] && [ -x "$SOURCE" ]; } || fail ${EXIT.forbidden} "user $ME cannot read the volume"
PRUNE= KEEP=
if [ ! -d "$SOURCE/lost+found" ] || { [ "$ME" != 0 ] && [ ! -r "$SOURCE/lost+found" ]; }; then
  PRUNE='-path ./lost+found -prune -o' KEEP='--exclude=/lost+found'
fi
${FILTERS}
synchronize() { rsync -aHAXS --numeric-ids --delete --modify-window=-1 $KEEP "$@" "$SOURCE/" "$TARGET/"; }
count() { find . $PRUNE "$@" -print0 | tr -cd '\\000' | wc -c | tr -d ' '; }
measure() {
  cd "$1"
  say "$2.files=$(count -type f)"
  say "$2.directories=$(count -type d)"
  say "$2.symlinks=$(count -type l)"
  say "$2.specials=$(count ! -type f ! -type d ! -type l)"
  find . $PRUNE -type f -exec stat -c '%h %i %s %b' {} + |
    awk -v name="$2" '
      $1 == 1 || !seen[$2]++ { bytes += $3; allocated += $4 * 512; if ($4 * 512 < $3) sparse++ }
      END { printf "%s.bytes=%.0f\\n%s.allocated=%.0f\\n%s.sparse=%d\\n", name, bytes, name, allocated, name, sparse }
    ' >> "$REPORT"
}
listing() { (cd "$SOURCE" && find . $PRUNE -exec stat -c '%i %z %s %n' {} + | sort); }
unchanged() {
  listing > $SCRATCH/after
  cmp -s $SCRATCH/before $SCRATCH/after && return 0
  diff $SCRATCH/before $SCRATCH/after | sed -n 's/^[<>] [^.]*[^/]* \\.\\//changed=/p' | sort -u | head -5 >> "$REPORT" || true
  fail ${EXIT.changed} 'the source was written to while it was read'
}
`;

const SURVEY = `
measure "$SOURCE" source
cd "$SOURCE"
if [ "$ME" != 0 ]; then
  MINE="! -user $ME"
  for group in $(id -G); do THEIRS="\${THEIRS:-} ! -group $group"; done
  find . $PRUNE -print > /dev/null 2> $SCRATCH/errors || fail ${EXIT.forbidden} "user $ME cannot read every directory"
  unread=$(find . $PRUNE -type f -exec sh -c 'for f; do [ -r "$f" ] || echo; done' sh {} + | wc -l | tr -d ' ')
  [ "$unread" = 0 ] || fail ${EXIT.forbidden} "user $ME cannot read $unread of the files"
  foreign=$(count ! -path . \\( $MINE -o $THEIRS \\))
  [ "$foreign" = 0 ] || fail ${EXIT.forbidden} "$foreign files and directories belong to others than user $ME and its groups"
  devices=$(count \\( -type b -o -type c \\))
  [ "$devices" = 0 ] || fail ${EXIT.forbidden} "$devices files are devices"
fi
`;

/**
 * Copies by `synchronize`, and tells what came of it. `OWN` is where rsync sees the volume's own directory, which a user that is not root may
 * not change; rsync says so and has copied the rest.
 */
export const COPY = `copy() {
  status=0
  synchronize "$@" 2> "$SCRATCH/errors" || status=$?
  cat "$SCRATCH/errors" >&2
  case $status in
    0) return 0 ;;
    24)
      [ "$TASK" = first-copy ] && return 0
      fail ${EXIT.changed} 'files vanished from the source while it was read' ;;
    23)
      others=$(grep -v '^rsync error:' "$SCRATCH/errors" | grep -vF "\\"$OWN/.\\"" || true)
      [ "$ME" = 0 ] || [ -n "$others" ] || return 0 ;;
  esac
  say "error=$(grep -v '^rsync error:' "$SCRATCH/errors" | head -3 | cut -c 1-300 | tr '\\n' ' ' || true)"
  grep -q 'No space left\\|Disk quota exceeded' "$SCRATCH/errors" && fail ${EXIT.space} 'the target is full'
  fail 1 "rsync ended with $status"
}`;

const FIRST_COPY = `
measure "$SOURCE" source
bytes=$(sed -n 's/^source.allocated=//p' "$REPORT")
room=$(df -Pk "$TARGET" | awk 'NR == 2 { printf "%.0f", $2 * 1024 }')
awk -v a="$bytes" -v b="$SIZE" -v c="$room" 'BEGIN { exit !(a > b || a > c) }' &&
  fail ${EXIT.space} "the files take $bytes bytes, the target has $SIZE by its claim and $room by its file system"
copy "$@"
`;

/**
 * A file whose links were parted in the source stays linked in the target, as rsync only ever links. What has another number
 * of links there is made anew.
 */
const LAST_COPY = `
listing > $SCRATCH/before
copy "$@"
relinked=$(cd "$TARGET" && find . $PRUNE -links +1 ! -type d -exec sh -c '
  for f; do [ "$(stat -c %h "$f")" = "$(stat -c %h "$SOURCE/$f")" ] || { rm -f -- "$f"; echo; }; done' sh {} + | wc -l | tr -d ' ')
[ "$relinked" = 0 ] || copy "$@"
unchanged
measure "$SOURCE" source
`;

const VERIFY = `
listing > $SCRATCH/before
measure "$SOURCE" source
measure "$TARGET" target
synchronize --dry-run --itemize-changes --checksum "$@" > $SCRATCH/differences
[ "$ME" = 0 ] || { grep -v ' \\./$' $SCRATCH/differences > $SCRATCH/theirs || true; mv $SCRATCH/theirs $SCRATCH/differences; }
(cd "$TARGET" && find . $PRUNE -links +1 ! -type d -exec sh -c '
  for f; do [ "$(stat -c %h "$f")" = "$(stat -c %h "$SOURCE/$f")" ] || printf "hard links: %s\\n" "$f"; done' sh {} +) >> $SCRATCH/differences
unchanged
for what in files directories symlinks specials bytes; do
  [ "$(sed -n "s/^source.$what=//p" "$REPORT")" = "$(sed -n "s/^target.$what=//p" "$REPORT")" ] || echo "number of $what" >> $SCRATCH/differences
done
if [ -s $SCRATCH/differences ]; then
  head -8 $SCRATCH/differences | cut -c 1-200 | sed 's/^/difference=/' >> "$REPORT"
  fail ${EXIT.different} "$(wc -l < $SCRATCH/differences | tr -d ' ') differences"
fi
`;

/** The shell script of a task. */
export function scriptOf(task: CopyTask): string {
  const parts: Readonly<Record<CopyTask, readonly string[]>> = {
    survey: [SURVEY],
    'first-copy': [COPY, FIRST_COPY],
    'last-copy': [COPY, LAST_COPY],
    verify: [VERIFY],
  };
  return [`TASK=${task}`, PRELUDE, ...parts[task]].join('\n');
}
