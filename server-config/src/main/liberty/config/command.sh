#!/bin/sh
# Runs one command instead of the service and ends with its exit code, for example:
#   sh command.sh compact
#   sh command.sh teardown TEARDOWN
# Takes the same environment as the service; it may run beside it.
home=$(cd "$(dirname "$0")/../../.." && pwd)
name=$(basename "$(cd "$(dirname "$0")" && pwd)")
PS_COMMAND=$(printf '%s\n' "$@")
# Any free port: the service may hold its own.
PS_PORT=0
# What a running server writes must not be written by two.
WLP_OUTPUT_DIR=$(mktemp -d)
trap 'rm -rf "$WLP_OUTPUT_DIR"' EXIT
LOG_DIR=$WLP_OUTPUT_DIR/logs
export PS_COMMAND PS_PORT WLP_OUTPUT_DIR LOG_DIR
"$home/bin/server" run "$name"
