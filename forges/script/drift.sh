#!/bin/sh
# Says what was changed by hand in some environments, and who did it. For a nightly job of any forge, or cron. Exit code 2 when something drifted, 1 when
# an environment could not be looked at. Usage: drift.sh <environment>...
set -eu
worst=0
for environment in "$@"; do
  status=0
  npx beamline drift "$environment" || status=$?
  if [ "$status" -ne 0 ] && [ "$worst" -ne 1 ]; then worst=$status; fi
done
exit "$worst"
