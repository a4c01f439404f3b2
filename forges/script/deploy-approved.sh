#!/bin/sh
# Deploys an environment if that still does what was approved, one deployment at a time. Usage: deploy-approved.sh <environment> <approved preview.json>
# The lock holds on this machine; jobs on several machines need that of their forge (resource_group, concurrency) as well.
set -eu
environment=$1
approved=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).fingerprint' "$2")

exec 9>"${TMPDIR:-/tmp}/beamline-$environment.lock"
flock 9
npx beamline preview "$environment" --expect "$approved" --fail-on critical || [ $? -eq 3 ]
npx beamline up "$environment"
