#!/bin/sh
# Previews an environment against a commit, and puts the result on the merge request: one comment, written over each time.
# Does nothing where the changes do not reach the environment. Usage: preview-merge-request.sh <environment> <base commit>
set -eu
environment=$1
base=$2

if ! npx beamline changed --base "$base" | grep -qx "$environment"; then
  echo "the changes do not reach '$environment'"
  exit 0
fi
npx beamline preview "$environment" --base "$base" --format html --out report.html --fail-on critical || [ $? -eq 3 ]
status=0
npx beamline preview "$environment" --base "$base" --format markdown --forge gitlab --out comment.md --fail-on critical || status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ]

if [ -n "${BEAMLINE_COMMENT_TOKEN:-}" ]; then
  node forges/script/comment-gitlab.mjs comment.md
else
  cat comment.md
fi
exit "$status"
