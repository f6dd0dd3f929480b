#!/bin/bash
# The disk takes nothing any more: alerts go on, the SIM keeps what is not stored; then the disk is back.
#
# A file size limit on the daemon stands for the disk: each write to a file fails as on a full one, whoever runs the test.
. "$(dirname "$0")/lib.sh"

disk_fails() {
	prlimit --pid "$daemon" --fsize=1:unlimited
}

disk_is_back() {
	prlimit --pid "$daemon" --fsize=unlimited:unlimited
}

# The log is a file too: it goes through a pipe, which has no size.
mkfifo "$dir/pipe"
cat <"$dir/pipe" >>"$dir/log" &
started+=("$!")
exec {keep_open}>"$dir/pipe"

daemon_start_piped() {
	"$@" "$bin/tocsind" -c "$dir/tocsin.conf" 2>"$dir/pipe" </dev/null &
	daemon=$!
	started+=("$daemon")
	wait_for 10 answers || give_up 'the daemon starts'
}

in_memory() {
	[ "$(status store_in_memory)" = "$1" ]
}

on_sim() {
	local answer
	answer=$(modem sim)
	[[ $answer =~ SM=([0-9]+)/ ]] && [ "${BASH_REMATCH[1]}" -eq "$1" ]
}

# A modem program that starts anew offers again what lies on its SIM; by itself it does so once a minute.
offer_again() {
	# shellcheck disable=SC2046
	kill -KILL $(children)
}

settings
quick_line
modem_start huawei-e3131
modem report off >/dev/null
daemon_start_piped env
await 'the modem is ready' 30 modem_ready
text +22376000001 'koup de feu a bankass'
await 'before: dispatched' 15 sent +22370000099 '^P1 ATTAQUE: BANKASS'
await 'before: the SIM is empty' 10 sim_empty

# ---- full -----------------------------------------------------------------------------
disk_fails
text +22376000002 'coup de feu a mondoro'
await 'full: the alert is dispatched' 15 sent +22370000099 '^P1 ATTAQUE: MONDORO'
await 'full: in English too' 15 sent +22370000097 '^P1 ATTACK: MONDORO'
check 'full: status says so' in_memory true
has 'full: and why' "$(status health)" 'the disk fails'
check 'full: the log says so' logged 'store.in_memory'
text +22376000003 'enlevement de 3 femmes a diafarabe'
await 'full: another alert is dispatched' 15 sent +22370000099 '^P1 ENLEVEMENT: DIAFARABE'
token=$(token +22370000099)
text +22370000099 "OK $token"
await 'full: an answer is understood' 15 sent +22370000099 "^$token DIAFARABE: OK note"
token=$(submits +22370000099 | grep BANKASS | grep -oE '[0-9]{4}[A-Z]{2}')
text +22370000099 "GO $token"
await 'full: an alert from before is known' 15 sent +22370000099 "^$token BANKASS: OK note"
await 'full: nothing waits to be sent' 10 nothing_queued
check 'full: the SIM keeps all four' on_sim 4
is 'full: nothing was deleted' "$(awk -F '\t' '$2 == "delete"' "$dir/ledger" | wc -l)" 1
before=$(submits | wc -l)
offer_again
await 'full: the modem is ready again' 20 modem_ready
await 'full: and offers what it has once more' 20 on_sim 4
is 'full: nothing is dispatched twice' "$(submits | wc -l)" "$before"

# ---- back ------------------------------------------------------------------------------
disk_is_back
await 'back: status says so' 20 in_memory false
has 'back: all well' "$(status health)" 'all well'
offer_again
await 'back: the SIM is emptied' 30 sim_empty
await 'back: everything is decided' 10 all_decided
is 'back: every message is stored, once' "$(status received)" 5
is 'back: nothing was dispatched twice' "$(submits | wc -l)" "$before"
has 'back: the answer is kept' "$(ctl --json show "${token:0:4}")" '"answer":"GO"'
has 'back: the audit is whole' "$(ctl --json audit verify)" '"whole":true'
daemon_stop
is 'back: SIGTERM: exit status' "$daemon_status" 0

# ---- a start on a full disk ---------------------------------------------------------------
daemon_start_piped prlimit --fsize=1:unlimited
check 'a start on a full disk: the daemon runs' answers
await 'a start on a full disk: the modem is ready' 20 modem_ready
text +22376000004 'coup de feu a douentza'
await 'a start on a full disk: alerts go on' 15 sent +22370000099 '^P1 ATTAQUE: DOUENTZA'
check 'a start on a full disk: status says so' in_memory true
disk_is_back
await 'and it comes back' 20 in_memory false
offer_again
await 'and the SIM is emptied' 30 sim_empty
is 'and everything is there, once' "$(status received)" 6
is 'and the earlier alerts too' "$(ctl --json incidents | wc -l)" 4
is 'no SMS left twice' "$(submits | sort | uniq -d)" ''
