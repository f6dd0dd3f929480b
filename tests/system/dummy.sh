#!/usr/bin/env bash
# The shipped settings for libgammu's "dummy" phone: it connects, takes what is sent, and costs nothing.
. "$(dirname "$0")/lib.sh"

settings
quick_line
# The emulated modem only listens, so that every dispatch goes to the dummy.
sed -i 's/^send = .*/send = no/' "$dir/modems.d/m1.conf"
mkdir "$dir/folder"
sed "s|^device = .*|device = $dir/folder|" modem-configs/dummy.conf >"$dir/modems.d/m2.conf"
modem_start huawei-e3131
daemon_start

both_ready() {
	[ "$(ctl --json modems | grep -c '"state":"ready"')" = 2 ]
}
all_sent() {
	[ "$(ctl --json outbox | grep -c '"state":"sent"')" = 3 ]
}
await "the dummy is ready beside a real line" 20 both_ready
text +22376000001 coup de feu a bankass
await "what the dummy takes counts as sent" 10 all_sent
is "nothing left by the line that only listens" "$(submits | wc -l)" 0
has "every dispatch says which line took it" "$(ctl --json outbox)" '"line":"m2"'
