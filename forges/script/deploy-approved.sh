#!/bin/sh
# Deploys an environment if that still does what was approved. Usage: deploy-approved.sh <environment> <approved preview.json>
# The comparison is made again while the engine holds the lock of the state, so that of two approvals only one is deployed, whatever machines they
# run on; the forge's own lock (resource_group, concurrency) only lets the second one wait instead of fail.
set -eu
environment=$1
approved=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).fingerprint' "$2")

npx beamline up "$environment" --expect "$approved"
