#!/bin/bash
# The emulated modem against the stock gammu command and a bare serial line: ok NAME / FAIL NAME reason, a line a check.
set -u
cd "$(dirname "$0")/../.." || exit 1
modem=${O:-build}/at-modem
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# ---- telling --------------------------------------------------------------------
ok() {
	echo "ok $1"
}

fail() {
	echo "FAIL $1 ${*:2}" | tr '\n\t' '  '
	echo
}

# has NAME TEXT WANTED: the text contains what is wanted.
has() {
	case $2 in
	*"$3"*) ok "$1" ;;
	*) fail "$1" "no '$3' in: ${2:0:400}" ;;
	esac
}

hasnt() {
	case $2 in
	*"$3"*) fail "$1" "'$3' in: ${2:0:400}" ;;
	*) ok "$1" ;;
	esac
}

is() {
	if [ "$2" = "$3" ]; then ok "$1"; else fail "$1" "'$2', not '$3'"; fi
}

# pause SECONDS, without a process.
pause() {
	read -r -t "$1" <> <(:)
}

# ---- one modem --------------------------------------------------------------------
# start NAME OPTION…: a modem whose files are $dir/NAME.*; sets $name, and $pid.
start() {
	name=$1
	"$modem" --link="$dir/$name.tty" --control="$dir/$name.ctl" --ledger="$dir/$name.ledger" "${@:2}" &
	pid=$!
	started+=("$pid")
	for _ in {1..500}; do
		[ -S "$dir/$name.ctl" ] && break
		pause 0.02
	done
	printf '[gammu]\ndevice=%s\nconnection=%s\n' "$dir/$name.tty" "${connection:-dku2at}" >"$dir/$name.rc"
}

ctl() {
	"$modem" --send="$dir/$name.ctl" "$@"
}

gam() {
	timeout 30 gammu -c "$dir/$name.rc" "$@" </dev/null 2>&1
}

# ledger EVENT COLUMN: that column of all such lines, one word each.
ledger() {
	awk -F '\t' -v e="$1" -v c="$2" '$2 == e { print $c }' "$dir/$name.ledger" | tr '\n' ' '
}

# The bare line: written to as descriptor 7, read as 8, a pipe, since bash reads ahead from a tty and loses that
# at the end of a subshell.
line_open() {
	# shellcheck disable=SC2094  # a line is for both
	exec 7>"$dir/$name.tty" 8< <(exec cat "$dir/$name.tty" 2>/dev/null)
	at 'ATE0' >/dev/null
}

line_close() {
	exec 7>&- 8<&-
}

answer() {
	local text='' one
	while IFS= read -r -t "${1:-1}" one <&8; do
		one=${one//$'\r'/}
		text+=${one:+$one|}
		case $one in
		OK | ERROR | +CM[ES]' ERROR:'* | 'COMMAND NOT SUPPORT' | 'NO CARRIER') break ;;
		esac
	done
	echo "$text"
}

# at COMMAND [SECONDS]: sends it and reads up to the result code.
at() {
	printf '%s\r' "$1" >&7
	answer "${2:-1}"
}

# What comes unasked within so many seconds.
listen() {
	local text='' one
	while IFS= read -r -t "${1:-0.3}" one <&8; do
		one=${one//$'\r'/}
		text+=${one:+$one|}
	done
	echo "$text"
}

# submit LENGTH HEX [SECONDS]: the answer behind the prompt.
submit() {
	printf 'AT+CMGS=%d\r' "$1" >&7
	IFS= read -r -t 1 -d ' ' _ <&8
	printf '%s\032' "$2" >&7
	answer "${3:-1}"
}

# "bien recu 412" to +22370000099, without and with TP-SRR; the SIM's own centre.
plain=0011000B912273000090F90000FF0DE274D90D9297C775102D2603
reported=0031000B912273000090F90000FF0DE274D90D9297C775102D2603

# ---- what every family must do with the gammu command ---------------------------------
long=$(seq -s ' ' 1 100)

with_gammu() {
	local n=$1 out count
	start "$n" --profile="$n" --memory=SM
	out=$(gam --identify)
	has "$n identify: manufacturer" "$out" "$2"
	has "$n identify: model" "$out" "$3"
	has "$n identify: IMSI" "$out" 610021234567890
	ctl rx +22376000001 koup de feu a bankass >/dev/null
	ctl rx +22376000002 'Attaque à Boni [{urgent}] 5€' >/dev/null
	ctl rx-ucs2 +22376000003 'ⴰⵣⵓⵍ Ɓoni ŋ' >/dev/null
	ctl rx-alnum Orange bonjour >/dev/null
	out=$(gam getallsms)
	has "$n getallsms: text" "$out" 'koup de feu a bankass'
	has "$n getallsms: extension table" "$out" 'Attaque à Boni [{urgent}] 5€'
	has "$n getallsms: UCS-2" "$out" 'ⴰⵣⵓⵍ Ɓoni ŋ'
	has "$n getallsms: sender" "$out" '"+22376000003"'
	has "$n getallsms: alphanumeric sender" "$out" '"Orange"'
	has "$n getallsms: centre" "$out" '"+22370009900"'
	has "$n getallsms: count" "$out" '4 SMS parts in 4 SMS sequences'
	gam deleteallsms 1 >/dev/null
	is "$n deleteallsms: ids" "$(ledger delete 3)" '1 2 3 4 '
	ctl rx-long +22376000001 2,4,1,3 "$long $long" >/dev/null
	out=$(gam geteachsms)
	has "$n geteachsms: parts in any order" "$out" "98 99 100 1 2 3"
	has "$n geteachsms: one sequence" "$out" '4 SMS parts in 1 SMS sequences'
	gam deletesms 1 1 >/dev/null
	has "$n deletesms: frees the slot" "$(ctl sim)" 'SM=3/20'
	has "$n sendsms" "$(gam sendsms TEXT +22370000099 -text 'bien reçu {412} €')" 'OK, message reference=0'
	is "$n sendsms: text" "$(ctl out 1)" 'ok +22370000099	bien recu {412} €'
	out=$(gam sendsms TEXT +22370000099 -len 400 -text "$long")
	has "$n sendsms, two parts: references" "$out" 'message reference=2'
	is "$n sendsms, two parts: text" "$(ctl out 2)" "ok +22370000099	$long"
	gam sendsms TEXT +22370000099 -unicode -text 'Ɓoni ŋ 🔥' >/dev/null
	is "$n sendsms, UCS-2: text" "$(ctl out 3)" 'ok +22370000099	Ɓoni ŋ 🔥'
	is "$n sendsms: count" "$(ctl sms-out)" 'ok 3 parts=4'
	has "$n stats" "$(ctl stats)" '+CMGS=4'
	count=$(ledger wire 3)
	is "$n ledger: every wire was answered" "$(ledger answered 3)" "$count"
	ctl balance 'Solde: 1250 F CFA' >/dev/null
	has "$n getussd" "$(gam getussd '*123#')" 'Solde: 1250 F CFA'
	has "$n networkinfo" "$(gam networkinfo)" '610 02 (Orange, Mali), LAC 03EB, CID 5A3C'
	has "$n getsmsc" "$(gam getsmsc)" '"+22370009900"'
	gam setsmsc 1 +22370001111 >/dev/null
	has "$n setsmsc" "$(gam getsmsc)" '"+22370001111"'
	gam deleteallsms 1 >/dev/null
	ctl report delay 1500 >/dev/null
	gam sendsms TEXT +22370000099 -report -text 'with report' >/dev/null
	{ pause 0.7; ctl rx +22376000001 'arrive'; } >/dev/null 2>&1 &
	out=$(timeout -s INT 2.5 gammu -c "$dir/$n.rc" monitor 2>&1 </dev/null)
	has "$n monitor: notified" "$out" 'SMS message received'
	# libgammu takes the 0 of a Huawei's +CMTI for a location of its own, which start at 1, and asks for slot -1.
	[ "$n" = huawei-e3131 ] && return
	has "$n monitor: text" "$out" 'arrive'
	has "$n monitor: report" "$out" 'Delivery status      : Delivered'
}

# The connection most guides name spends seconds in settling the line; once is enough.
at_speed() {
	connection=at115200 start at115200 --profile=huawei-e3131
	has 'identify at115200' "$(gam --identify)" '867989010000012'
}

# ---- the bare line ------------------------------------------------------------------------
check_results() {
	start results --profile=huawei-e3131
	line_open
	is 'AT' "$(at AT)" 'OK|'
	is 'several commands in a line' "$(at 'AT+CMEE=1;+CSQ;+CGMM')" '+CSQ: 18,99|E3131|OK|'
	is 'unknown to a Huawei' "$(at AT+XYZZY)" 'COMMAND NOT SUPPORT|'
	is 'CMEE=2 has words' "$(at 'AT+CMEE=2;+CFUN=99')" '+CME ERROR: incorrect parameters|'
	is 'CMEE=0 has none' "$(at 'AT+CMEE=0;+CFUN=99')" 'ERROR|'
	at 'ATE1' >/dev/null
	is 'echo' "$(at 'AT+CSQ')" 'AT+CSQ|+CSQ: 18,99|OK|'
	at 'ATE0' >/dev/null
	printf 'AT%05000d\r\0\0\377\376\r;;=?,"\r' 0 >&7
	head -c 3000 "$modem" >&7
	printf '\032\033\r' >&7
	listen 0.2 >/dev/null
	is 'hostile input is survived' "$(at ATE0)" 'OK|'
	is 'COPS in numbers' "$(at 'AT+COPS=3,2;+COPS?')" '+COPS: 0,2,"61002",2|OK|'
	is 'names follow CSCS' "$(at 'AT+CSCS="UCS2";+COPS=3,0;+COPS?')" '+COPS: 0,0,"004F00720061006E006700650020004D004C",2|OK|'
	is 'CFUN=1,1' "$(at 'AT+CFUN=1,1')" 'OK|'
	local where
	for _ in {1..40}; do
		where=$(ctl tty)
		[ "$where" = 'ok unplugged open=0' ] && break
		pause 0.05
	done
	is 'CFUN=1,1: a stick leaves the bus' "$where" 'ok unplugged open=0'
	line_close
	for _ in {1..50}; do
		[ -e "$dir/$name.tty" ] && break
		pause 0.1
	done
	line_open
	is 'CFUN=1,1: and comes back as new' "$(at 'AT+CSCS?')" '+CSCS: "IRA"|OK|'
	line_close
}

check_incoming() {
	start incoming --profile=huawei-e3131 --slots=3
	line_open
	at 'AT+CNMI=2,1,0,2,0' >/dev/null
	ctl bulk 5 +22376000000 'message %d' >/dev/null
	is 'CMTI for what fits, and a line about the rest' "$(listen)" \
	    '+CMTI: "SM",0|+CMTI: "SM",1|+CMTI: "SM",2|^SMMEMFULL: "SM"|'
	is 'sim: used, capacity, waiting' "$(ctl sim)" 'ok SM=3/3 ME=0/100 SR=0/20 pending=2 reports=0'
	is 'ledger: pending' "$(ledger pending 3)" '4 5 '
	has 'CMGR' "$(at 'AT+CMGR=1')" '+CMGR: 0,,'
	has 'CMGR again: read' "$(at 'AT+CMGR=1')" '+CMGR: 1,,'
	is 'CMGD answers before the next CMTI' "$(at 'AT+CMGD=1')$(listen)" 'OK|+CMTI: "SM",1|^SMMEMFULL: "SM"|'
	is 'first in, first out' "$(ledger accept 3)" '1 2 3 4 '
	is 'CMGL of the unread' "$(at 'AT+CMGL=0' | grep -o '+CMGL: [0-9],[0-9]' | tr '\n' ' ')" '+CMGL: 0,0 +CMGL: 1,0 +CMGL: 2,0 '
	at 'AT+CMGD=0,4' >/dev/null
	is 'CMGD=,4 deletes all, the last comes' "$(ledger accept 3)$(listen)" '1 2 3 4 5 +CMTI: "SM",0|'
	has 'an empty slot' "$(at 'AT+CMGR=2')" 'ERROR: 321'
	is 'CPMS' "$(at 'AT+CPMS="SR","SM","SM"')" '+CPMS: 0,20,1,3,1,3|OK|'
	at 'AT+CPMS="SM","SM","SM"' >/dev/null
	ctl rx-flash +22376000009 alerte >/dev/null
	has 'flash is not stored' "$(listen)" '+CMT: ,'
	ctl rx-pdu 040B911346610089F60000208062917314080CC8F71D14969741F977FD07 >/dev/null
	has 'a raw TPDU gets a centre' "$(at 'AT+CMGR=1')" '07912273009009F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07'
	ctl rx-at 1030390661 +31641600986 How are you? >/dev/null
	has 'time stamp as told' "$(at 'AT+CMGR=2')" '20806291731400'
	at 'AT+CMGD=0,4;+CNMI=2,2,0,0,0' >/dev/null
	ctl rx-8bit +22376000001 DEADBEEF >/dev/null
	has 'mt=2 routes, 8 bit' "$(listen)" '04DEADBEEF'
	at 'AT+CNMI=0,1,0,0,0' >/dev/null
	ctl rx +22376000001 a >/dev/null
	is 'CNMI mode 0 keeps the line' "$(listen)" ''
	is 'and gives it back' "$(at 'AT+CNMI=2')$(listen)" 'OK|+CMTI: "SM",0|'
	at 'AT+CLIP=1' >/dev/null
	ctl call +22376000005 1 >/dev/null
	is 'RING and CLIP' "$(listen)" 'RING|+CLIP: "+22376000005",145,,,,0|'
	is 'CHUP' "$(at 'AT+CHUP')" 'OK|'
	has 'ledger: the call' "$(ledger call 5)" 'refused'
	is 'wait-empty times out' "$(ctl wait-empty 50)" 'error timeout'
	at 'AT+CMGD=0,4' >/dev/null
	is 'wait-empty' "$(ctl wait-empty 1000)" 'ok'
	line_close
}

check_outgoing() {
	start outgoing --profile=huawei-e3131
	line_open
	at 'AT+CMEE=1' >/dev/null
	is 'CMGS' "$(submit 26 $plain)" '+CMGS: 0|OK|'
	is 'CMGS: wrong length' "$(submit 27 $plain)" '+CMS ERROR: 304|'
	ctl reference 255 >/dev/null
	is 'TP-MR 255' "$(submit 26 $plain)" '+CMGS: 255|OK|'
	submit 26 $plain >/dev/null
	is 'TP-MR wraps' "$(ledger submit 5)" '0 255 0 '
	ctl fault cms 38 2 >/dev/null
	is 'fault cms' "$(submit 26 $plain)$(submit 26 $plain)" '+CMS ERROR: 38|+CMS ERROR: 38|'
	is 'fault cms ends, nothing left' "$(ctl sms-out)" 'ok 3 parts=3'
	ctl fault bare-ok accepted >/dev/null
	submit 26 $plain >/dev/null
	ctl fault bare-ok lost >/dev/null
	submit 26 $plain >/dev/null
	ctl fault cmgs-missing >/dev/null
	is 'fault cmgs-missing: silence' "$(submit 26 $plain 0.2)" ''
	ctl fault cmgs-lost >/dev/null
	is 'fault cmgs-lost: silence' "$(submit 26 $plain 0.2)" ''
	is 'accepted: bare-ok accepted, cmgs-missing' "$(ctl sms-out)" 'ok 5 parts=5'
	ctl fault cmgs-late 800 >/dev/null
	is 'fault cmgs-late: the modem is free meanwhile' "$(submit 26 $plain 0.1)$(at AT+CSQ)" '+CSQ: 18,99|OK|'
	has 'fault cmgs-late: it comes' "$(listen 1)" '+CMGS: 3|OK|'
	has 'ledger: answered' "$(ledger answered 4)" 'OK OK nothing nothing +CMGS: 3'
	ctl report delay 50 >/dev/null
	ctl report status 70 >/dev/null
	at 'AT+CNMI=2,1,0,2,0' >/dev/null
	submit 26 $reported >/dev/null
	is 'CDSI' "$(listen)" '+CDSI: "SR",0|'
	at 'AT+CPMS="SR"' >/dev/null
	has 'the report in SR' "$(at 'AT+CMGR=0')" '06040B912273000090F9'
	at 'AT+CNMI=2,1,0,1,0' >/dev/null
	submit 26 $reported >/dev/null
	has 'CDS with its status' "$(listen)" '46|'
	is 'ledger: report' "$(ledger report 6)$(ledger report 7)" '70 70 SR:0 +CDS '
	at 'AT+CPMS="SM","SM"' >/dev/null
	printf 'AT+CMGW=26\r%s\032' $plain >&7
	is 'CMGW' "$(answer)" '> |+CMGW: 0|OK|'
	has 'CMSS' "$(at 'AT+CMSS=0')" '+CMGS: 6|OK|'
	is 'out' "$(ctl out 1)" 'ok +22370000099	bien recu 412'
	is 'wait-out' "$(ctl wait-out 9 10)" 'ok 9'
	is 'wait-out times out' "$(ctl wait-out 10 50)" 'error timeout 9'
	line_close
}

check_faults() {
	start faults --profile=quectel-ec25 --memory=SM
	line_open
	ctl rx +22376000001 un >/dev/null
	ctl rx +22376000002 deux >/dev/null
	listen 0.05 >/dev/null
	ctl fault deaf 0.8 >/dev/null
	is 'fault deaf' "$(at AT 0.1)" ''
	listen 0.9 >/dev/null
	is 'fault deaf ends' "$(at AT)" 'OK|'
	ctl fault slow 500 >/dev/null
	is 'fault slow' "$(at AT 0.1)$(answer)" 'OK|'
	ctl fault cme 100 >/dev/null
	at 'AT+CMEE=1' >/dev/null
	is 'fault cme ends' "$(at 'AT+CMEE=1;+CSQ')" '+CSQ: 18,99|OK|'
	ctl fault urc-inside-next-dialogue '+QIND: "act","LTE"' >/dev/null
	is 'fault urc-inside-next-dialogue' "$(at AT+CSQ)" '+CSQ: 18,99|+QIND: "act","LTE"|OK|'
	ctl fault urc ^RSSI:12 >/dev/null
	is 'fault urc' "$(listen)" '^RSSI:12|'
	ctl fault split 2 20 >/dev/null
	is 'fault split' "$(at AT+CSQ)" '+CSQ: 18,99|OK|'
	ctl fault hang-read 1 >/dev/null
	is 'fault hang-read' "$(at AT+CMGR=1 0.1)" ''
	has 'fault hang-read ends' "$(at AT+CMGR=1)" '+CMGR:'
	ctl fault hang-read 1 >/dev/null
	hasnt 'fault hang-read: a list stops there' "$(at AT+CMGL=4 0.1)" 'OK|'
	ctl fault corrupt 1 >/dev/null
	has 'fault corrupt: compressed coding' "$(at AT+CMGR=1)" '0000F20020'
	ctl fault garbage 500 >/dev/null
	listen 0.1 >/dev/null
	is 'fault garbage' "$(at AT)" 'OK|'
	ctl fault no-signal >/dev/null
	is 'fault no-signal' "$(at 'AT+CSQ;+CREG?')" '+CSQ: 99,99|+CREG: 0,2|OK|'
	ctl rx +22376000003 trois >/dev/null
	has 'fault no-signal: the centre waits' "$(ctl sim)" 'SM=2/20 ME=0/127 SR=0/20 pending=1'
	ctl fault no-signal off >/dev/null
	is 'and delivers' "$(listen)" '+CMTI: "SM",2|'
	ctl fault sim-full >/dev/null
	ctl rx +22376000004 quatre >/dev/null
	has 'fault sim-full' "$(ctl sim)" 'pending=1'
	ctl fault sim-full off >/dev/null
	has 'fault sim-full off' "$(ctl sim)" 'SM=4/20 ME=0/127 SR=0/20 pending=0'
	listen 0.05 >/dev/null
	ctl fault power-loss 0.6 >/dev/null
	is 'fault power-loss: silence' "$(at AT 0.1)" ''
	has 'fault power-loss: boot' "$(listen 1)" 'RDY|+CFUN: 1|+CPIN: READY|+QUSIM: 1|+QIND: SMS DONE|'
	is 'fault power-loss: the SIM keeps, settings go' "$(at 'ATE0;+CMEE?;+CPMS="SM"')" 'ATE0;+CMEE?;+CPMS="SM"|+CMEE: 0|+CPMS: 4,20,4,20,4,20|OK|'
	ctl fault pin 4321 87654321 >/dev/null
	is 'fault pin' "$(at 'AT+CMEE=1;+CPIN?')" '+CPIN: SIM PIN|OK|'
	is 'fault pin: SMS commands' "$(at 'AT+CMGL=4')" '+CMS ERROR: 311|'
	is 'wrong PIN' "$(at AT+CPIN=0000)$(at AT+CPIN=0000)$(at AT+CPIN=0000)" '+CME ERROR: 16|+CME ERROR: 16|+CME ERROR: 12|'
	is 'PUK' "$(at AT+CPIN?)$(at 'AT+CPIN="87654321","1111"')" '+CPIN: SIM PUK|OK|OK|'
	has 'unlocked' "$(listen)$(at AT+CPIN?)" '+CPIN: READY|OK|'
	local before after
	before=$(readlink "$dir/$name.tty")
	ctl fault unplug >/dev/null
	is 'fault unplug: the link is gone' "$(readlink "$dir/$name.tty")" ''
	# The old tty is still open here, so the new one has another name.
	ctl fault replug >/dev/null
	after=$(readlink "$dir/$name.tty")
	hasnt 'fault replug: another tty' "$after" "$before"
	line_open
	is 'fault replug: it answers' "$(at AT)" 'OK|'
	has 'fault: unknown' "$(ctl fault nonsense)" 'error faults: '
	has 'fault: wrong use' "$(ctl fault cms)" 'error usage: fault cms N'
	line_close
}

check_program() {
	local out
	"$modem" --nonsense 2>/dev/null
	is 'bad option: exit status' $? 2
	"$modem" --link="$dir/x" --profile=nokia 2>/dev/null
	is 'bad profile: exit status' $? 2
	"$modem" --send="$dir/none" sim 2>/dev/null
	is 'no modem to talk to: exit status' $? 1
	start program --profile=simcom-sim800
	ctl rx nobody hello >/dev/null
	is 'a refused command: exit status' $? 1
	timeout 2 "$modem" --send="$dir/program.ctl" subscribe >"$dir/events" &
	pause 0.2
	ctl rx +22376000001 hello >/dev/null
	kill "$pid"
	wait "$pid"
	is 'SIGTERM: exit status' $? 0
	wait $!
	has 'subscribe' "$(cat "$dir/events")" '	accept	1	SM	1	+22376000001	'
	is 'SIGTERM: link and socket are gone' "$(echo "$dir"/program.[tc]*)" "$dir/program.[tc]*"
	is 'ledger: columns' "$(cut -f 2-6 "$dir/program.ledger" | grep accept)" 'accept	1	SM	1	+22376000001'
	out=$(printf '%s\n' '+22376000001 koup de feu' /sim hello | "$modem" --link="$dir/p.tty" --prompt)
	is 'prompt ends with its input' $? 0
	has 'prompt: command' "$out" 'ok SM=1/20'
	has 'prompt: advice' "$out" 'an SMS starts with a number'
}

# part COMMAND…: in a process of its own, which ends its modem.
part() {
	started=()
	trap 'kill "${started[@]}" 2>/dev/null; wait' EXIT
	"$@"
}

# All at once: most of the time goes by in gammu's waits.
outputs=()
in_background() {
	outputs+=("$dir/out.${#outputs[@]}")
	part "$@" >"${outputs[-1]}" 2>&1 &
}
in_background with_gammu huawei-e3131 Huawei E3131
in_background with_gammu simcom-sim800 SIMCOM_Ltd SIM800L
in_background with_gammu quectel-ec25 Quectel EC25
in_background at_speed
for check in results incoming outgoing faults program; do
	in_background "check_$check"
done
wait
cat "${outputs[@]}"
! grep -q -v '^ok ' "${outputs[@]}"
