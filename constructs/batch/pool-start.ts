import { PATHS } from './pool-config';

/**
 * Starts HTCondor as it is, without the image's supervisor, which wants root. HTCondor reads keys and tokens only from files of its own
 * that nobody else can read, so they are copied. It must not be process 1 ("may crash", says `base/start.sh` of the images), so bash is,
 * which hands on the request to stop: jobs then have their time to end. The logs go where `kubectl logs` finds them.
 */
export const START_SCRIPT = `#!/bin/bash
set -euo pipefail
umask 077
state=${PATHS.state}
mkdir -p "$state"/{log,run,lock,spool,execute,tokens.d,passwords.d}
copy() {
  local file
  for file in "$1"/*; do
    if [ -f "$file" ]; then cat "$file" > "$2/\${file##*/}"; fi
  done
}
copy ${PATHS.tokens} "$state/tokens.d"
copy ${PATHS.keys} "$state/passwords.d"
touch "$state/log/MasterLog"
tail -q -n +1 -F "$state/log/MasterLog" "$state"/log/{Collector,Negotiator,Sched,Start}Log 2>/dev/null &
logs=$!
condor_master -f &
master=$!
trap 'kill -TERM "$master"' TERM INT
code=0
wait "$master" || code=$?
while kill -0 "$master" 2>/dev/null; do
  code=0
  wait "$master" || code=$?
done
kill "$logs" 2>/dev/null || true
exit "$code"
`;
