#!/bin/bash
# A service manager that does not listen must not stop the daemon.
. "$(dirname "$0")/lib.sh"

settings
rm "$dir/modems.d/m1.conf"
"$bin/deaf" "$dir/notify" &
started+=("$!")
wait_for 5 [ -S "$dir/notify" ]
# A beat every two milliseconds fills the queue of any listener in a second.
NOTIFY_SOCKET=$dir/notify WATCHDOG_USEC=4000 daemon_start
nap 2
has 'the beats do not block' "$(timeout 5 "$bin/tocsinctl" --socket "$dir/control" --json status)" '"health"'
daemon_stop
is 'SIGTERM: exit status' "$daemon_status" 0
