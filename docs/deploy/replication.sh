#!/bin/sh
# Run once, when the data of compose.yaml's primary are made: lets the replica in, and acknowledges a commit only when the
# replica has it, so that what was acknowledged survives the primary.
set -eu
echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "ALTER SYSTEM SET synchronous_standby_names = '*'"
