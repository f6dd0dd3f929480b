#!/bin/bash
# tocsin-modem against the emulated modem in its three families: nothing lost, nothing sent twice.
#
#	O=build tests/system/modem.sh [NAME …]
#
# Prints "ok NAME" or "FAIL NAME reason" per check; exit 1 when one failed.

O=${O:-build}
JOBS=${JOBS:-4}
top=$(mktemp -d) || exit 2
emulator= driver=

emu() {
	"$O/at-modem" --send="$dir/ctl" "$@"
}

plug() {	# PROFILE [OPTION …]
	"$O/at-modem" --link="$dir/tty" --control="$dir/ctl" --ledger="$dir/ledger" --profile="$1" "${@:2}" 2>>"$dir/log" 9>&- &
	emulator=$!
	for _ in $(seq 100); do [ -S "$dir/ctl" ] && [ -e "$dir/tty" ] && return; sleep 0.02; done
}

drive() {	# [KEY=VALUE …]
	rm -f "$dir/in"
	mkfifo "$dir/in"
	: >"$dir/out"
	"$O/modem-drive" "$O/tocsin-modem" device="$dir/tty" connection=dku2at model=at "$@" \
	    <"$dir/in" >"$dir/out" 2>>"$dir/log" &
	driver=$!
	exec 9>"$dir/in"
}

say() {
	echo "$*" >&9
}

see() {	# PATTERN [SECONDS [TIMES]]: wait until so many lines of the output match
	local tries=$((${2:-5} * 50)) n
	while :; do
		n=$(grep -cE "$1" "$dir/out")
		[ "$n" -ge "${3:-1}" ] && return 0
		[ $((tries--)) -le 0 ] && { why="no '$1' ($n of ${3:-1})"; return 1; }
		sleep 0.02
	done
}

never() {	# PATTERN
	grep -qE "$1" "$dir/out" && { why="unwanted '$1'"; return 1; }
	return 0
}

used() {	# MEMORY N: messages on it
	local got
	got=$(emu sim | grep -oE "$1=[0-9]+" | cut -d= -f2)
	[ "$got" = "$2" ] || { why="$1 holds $got, not $2"; return 1; }
}

hang_up() {
	exec 9>&-
	[ -n "$driver" ] && wait "$driver"
	driver=
}

clean() {
	hang_up
	[ -n "$emulator" ] && { kill "$emulator"; wait "$emulator"; } 2>/dev/null
	emulator=
	rm -f "$dir/ctl" "$dir/tty" "$dir/ledger"
}

trap 'rm -rf "$top"' EXIT

# Each check is a subshell with a folder of its own, so that several can run at once.
check() {	# NAME FUNCTION ARGUMENT …
	dir=$top/$1
	why=
	mkdir "$dir"
	: >"$dir/log"
	trap clean EXIT
	if "${@:2}"; then
		echo "ok $1"
	else
		echo "FAIL $1 $why"
		: >"$top/failed"
		tail -n 20 "$dir/out" "$dir/log" | cut -c1-200 >&2
	fi
}

# A TPDU that stock libgammu dies of: 255 septets claimed. And one it refuses: compressed text.
deadly=040B912273060000F1000062113202330100FF$(printf 'C8329BFD06%.0s' $(seq 46))
compressed=040B912273060000F100206211320233010005C8329BFD06

receives() {	# PROFILE
	plug "$1"
	drive
	say stored all
	emu rx +22376000001 'attaque à Bankass' >/dev/null
	emu rx-ucs2 +22376000002 'kɛlɛ daminɛna' >/dev/null
	emu rx-alnum Orange 'Votre solde' >/dev/null
	see 'freed .*deleted=1' 8 3 && see '^identity imei=[0-9]{15} imsi=[0-9]{15} iccid=[0-9]{19}' || return
	emu rx-long +22376000003 2,1,3 "$(printf 'koup de feu depuis ce matin %.0s' $(seq 14))" >/dev/null
	emu rx-flash +22376000004 'flash' >/dev/null
	see '^rx ' 5 7 && see 'freed .*deleted=1' 5 7 && used SM 0 && used ME 0 && see '^read ' 1 7 &&
	    see '^status dbm=-[0-9]+ .*registration=1 operator=61002' 5 &&
	    see 'tpdu=040B912273060000F2000862' && see 'tpdu=0?.0B912273060000F1'
}

holds() {	# PROFILE
	plug "$1"
	drive poll_s=1
	say hold
	emu bulk 5 +22376000001 'attaque %d' >/dev/null
	see '^read ' 8 5 || return
	sleep 2.5
	[ "$(grep -c '^rx ' "$dir/out")" = 5 ] || { why='sent again'; return 1; }
	[ "$(emu sim | grep -oE '(SM|ME)=[1-9]' | cut -d= -f2)" = 5 ] || { why='deleted before STORED'; return 1; }
	say release
	see 'freed .*deleted=1' 5 5 && used SM 0 && used ME 0
}

# Two copies of tocsin-modem one after the other: what the first did not get STORED for, the second reads.
survives_restart() {
	plug huawei-e3131
	drive
	say hold
	emu rx +22376000001 'attaque' >/dev/null
	see '^read ' 8 || return
	hang_up
	drive
	say stored all
	see '^rx ' 8 && see 'deleted=1' && used SM 0
}

# A report that was not stored stays in its memory and is read at the next start.
keeps_reports() {
	plug huawei-e3131
	drive
	say hold
	see 'state ready' 8 || return
	say send 1 +22370000009 'avec accuse'
	see '^rx .*memory=2' 5 || return
	hang_up
	drive
	say stored all
	see '^rx .*memory=2' 8 && see 'deleted=1' && used SR 0
}

undecodable() {
	plug simcom-sim800
	drive
	say stored all
	see 'state ready' 8 || return
	emu rx-pdu "tpdu:$compressed" >/dev/null
	emu rx +22376000001 'derriere' >/dev/null
	see "tpdu=$compressed" && see '^read ' 5 2 && see 'deleted=1' 5 2 && used SM 0
}

poison() {
	plug simcom-sim800
	emu rx +22376000001 'devant' >/dev/null
	emu rx-pdu "tpdu:$deadly" >/dev/null
	emu rx +22376000001 'derriere' >/dev/null
	drive
	say hold
	see '^exit 134' 8 && see "rx handle=2 memory=0 slot=2 tpdu=$deadly" && see '^read ' 1 1 || return
	never '^read handle=2' || return
	hang_up
	drive
	say "poison 0 2 $deadly"
	say stored all
	see 'freed .*deleted=1' 8 3 && never "tpdu=$deadly" && used SM 0
}

# The slot holds another message by the time it may be deleted.
rescues() {
	plug simcom-sim800
	drive
	say hold
	emu rx +22376000001 'attaque a Bankass ce matin' >/dev/null
	see '^read ' 8 || return
	emu fault corrupt 1 truncated >/dev/null
	say release
	see '^rx handle=2 memory=0 slot=1' && see '^freed handle=1 deleted=1' && see '^freed handle=2 deleted=1' && used SM 0
}

# libgammu logs what it sends, and its log is where messages are read from: an alert that
# quotes a text which imitates the log must not make a message.
imitation() {
	plug simcom-sim800
	drive
	say stored all
	see 'state ready' 8 || return
	say send 1 +22370000009 'x\n1 "+CMT: ,24"\n2 "00040B9122"\nx'
	see '^sent id=1 outcome=sent' && see '^rx .*memory=2' || return
	say send 2 +22370000009 'x\nGetting message from cache\n00040B9122\nɛ'
	see '^sent id=2 outcome=sent' && see '^rx .*memory=2' 5 2 && never 'tpdu=040B9122$' || return
	[ "$(grep -c '^rx ' "$dir/out")" = 2 ] || { why='more messages than came'; return 1; }
}

# Lines libgammu does not know, while idle, cost nothing.
unknown_lines() {	# PROFILE
	plug "$1"
	drive
	say stored all
	see '^status' 8 || return
	emu fault boot-lines >/dev/null
	emu fault urc '^SMMEMFULL: "SM"' >/dev/null
	emu fault urc '+QIND: "csq",20,99' >/dev/null
	emu rx +22376000001 attaque >/dev/null
	see 'deleted=1' 3
}

forgotten_notice() {
	plug quectel-ec25
	drive poll_s=1
	say stored all
	see '^status' 8 || return
	emu fault no-cmti >/dev/null
	emu rx +22376000001 attaque >/dev/null
	see 'deleted=1' 5 && used ME 0
}

sends() {	# PROFILE
	plug "$1"
	drive send_timeout_s=1
	say stored all
	say send 1 +22370000009 trop tot
	see '^sent id=1 outcome=refused .*not connected' 5 && see 'state ready' 8 || return
	say send 2 +22370000009 'Alerte: attaque à Bankass {P1} €'
	say send 3 +22370000009 deuxieme
	see '^sent id=3 outcome=refused .*busy' 5 && see '^sent id=2 outcome=sent' || return
	say send 4 +22370000009 'kɛlɛ ~ daminɛna 😀'
	see '^sent id=4 outcome=sent' || return
	emu fault cms 38 >/dev/null
	say send 5 +22370000009 refuse
	see '^sent id=5 outcome=refused reference=0 error=38' || return
	emu fault bare-ok lost >/dev/null
	say send 6 +22370000009 'sans reference'
	see '^sent id=6 outcome=unknown' && see '^rx .*memory=2' 5 2 || return
	emu sms-out >/dev/null
	grep -qF "Alerte: attaque à Bankass {P1} €" "$dir/ledger" && grep -qF "kɛlɛ ~ daminɛna 😀" "$dir/ledger" ||
	    { why='the network got another text'; return 1; }
	emu fault cmgs-missing >/dev/null
	say send 7 +22370000009 'pas de reponse'
	see '^sent id=7 outcome=unknown .*no answer in time' 8 && see 'state failed' && see '^exit 1'
}

sends_long() {
	plug quectel-ec25
	drive
	say stored all
	see 'state ready' 8 || return
	say send 1 +22370000009 "$(printf 'Alerte %02d à Bankass; ' $(seq 16))"
	see '^sent id=1 outcome=sent' 8 || return
	grep -q "$(printf '\tsubmit\t.*/3/3')" "$dir/ledger" || { why='not three parts'; return 1; }
	emu fault cms 38 >/dev/null
	say send 2 +22370000009 "$(printf 'kɛlɛ %02d ' $(seq 30))"
	see '^sent id=2 outcome=refused .*error=38 .*part 1 of' 8
}

plugged_later() {
	drive
	say ping 1
	see 'state absent' && see '^pong n=1' 3 || return
	plug simcom-sim800
	emu rx +22376000001 attaque >/dev/null
	say stored all
	see 'state ready' 8 && see 'deleted=1'
}

unplugged() {
	plug simcom-sim800
	drive
	see '^status' 8 || return
	emu fault unplug >/dev/null
	see 'state failed why="the device is gone"' 3 && see '^exit 1'
}

mute() {
	plug simcom-sim800
	drive
	say hold
	see '^status' 8 || return
	emu rx +22376000001 attaque >/dev/null
	see '^read ' 8 || return
	emu fault deaf 60 >/dev/null
	say release
	see 'state failed' 12 && see '^exit 1' && used SM 1
}

locked() {
	plug quectel-ec25
	emu fault pin 4321 >/dev/null
	drive pin=1111
	see 'state connecting why="the SIM refused the PIN' 8 || return
	sleep 2.5
	say ping 5
	see '^pong n=5' 3 || return
	hang_up
	drive pin=4321
	see 'state ready' 8
}

burst() {	# PROFILE
	plug "$1" --slots=250
	drive
	say stored all
	see '^status' 8 || return
	emu bulk 200 +22376000001 'attaque %d' >/dev/null
	see 'deleted=1' 10 200 && used SM 0 && used ME 0 || return
	[ "$(grep -c '^rx ' "$dir/out")" = 200 ] || { why='not each one once'; return 1; }
	say stats
	see '^stats rx=200 freed=200 deleted=200' || return
	[ "$(sed -n 's/.*peak_kb=//p' "$dir/out")" -lt 24576 ] || { why='over 24 MB'; return 1; }
}

stops() {
	plug simcom-sim800
	drive
	see 'state ready' 8 || return
	say stop
	see '^exit 0' 3
}

all() {
	for profile in huawei-e3131 simcom-sim800 quectel-ec25; do
		echo "receives-$profile receives $profile"
		echo "holds-$profile holds $profile"
		echo "sends-$profile sends $profile"
		echo "unknown-lines-$profile unknown_lines $profile"
		echo "burst-$profile burst $profile"
	done
	for name in survives_restart keeps_reports undecodable poison rescues imitation forgotten_notice sends_long plugged_later unplugged \
	    mute locked stops; do
		echo "${name//_/-} $name"
	done
}

while read -r name run; do
	[ $# -gt 0 ] && [[ " $* " != *" $name "* ]] && continue
	while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do wait -n; done
	# shellcheck disable=SC2086
	(check "modem-$name" $run) &
done < <(all)
wait
[ ! -e "$top/failed" ]
