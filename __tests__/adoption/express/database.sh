#!/usr/bin/env bash
# Runs an empty PostgreSQL on this port of 127.0.0.1 until it is ended. Its files are in the rehearsal's folder.
set -euo pipefail
port=$1
data=$REHEARSAL_FOLDER/postgresql

# Debian has the server's programs in a folder for each version, and not in PATH.
for programs in /usr/lib/postgresql/*/bin; do PATH=$programs:$PATH; done
command -v initdb >/dev/null || { echo "PostgreSQL isn't installed: apt-get install postgresql" >&2; exit 1; }

as_user=
if [ "$(id -u)" = 0 ]; then
  # PostgreSQL refuses to run as root. Debian's package has a user for it, who needs a way to the folder.
  as_user="setpriv --reuid=postgres --regid=postgres --clear-groups"
  chmod o+x "${REHEARSAL_FOLDER%/*}" "$REHEARSAL_FOLDER"
  install --directory --owner=postgres --mode=700 "$data"
  cd "$data"
fi
$as_user initdb --pgdata="$data" --username=shop --auth=trust --encoding=UTF8 --locale=C --no-sync
exec $as_user postgres -D "$data" -c listen_addresses=127.0.0.1 -p "$port" -c unix_socket_directories= -c fsync=off
