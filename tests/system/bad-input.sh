#!/bin/bash
# What may go wrong at the edges: a second daemon, hostile SMS, nonsense on the control socket, a modem that is not there.
. "$(dirname "$0")/lib.sh"

settings
quick_line

# ---- a modem that is plugged later ----------------------------------------------------
modem_state() {
	ctl --json modems | field state
}

is_in_state() {
	[ "$(modem_state)" = "$1" ]
}

daemon_start
await 'without a modem the daemon runs and says so' 10 is_in_state absent
has 'without a modem: status' "$(status health)" 'no modem is ready'
modem_start huawei-e3131
text +22376000001 'koup de feu a bankass'
await 'plugged later: it becomes ready' 30 modem_ready
await 'plugged later: what waited on its SIM is dispatched' 15 sent +22370000099 '^P1 ATTAQUE: BANKASS'

# ---- a second daemon --------------------------------------------------------------------
sed "s|^control = .*|control = control2|" "$dir/tocsin.conf" >"$dir/second.conf"
timeout 20 "$bin/tocsind" -c "$dir/second.conf" >"$dir/second" 2>&1 </dev/null
is 'a second daemon: exit status' "$?" 1
has 'a second daemon: why' "$(cat "$dir/second")" 'another'
check 'a second daemon: the first goes on' answers

# ---- hostile SMS ---------------------------------------------------------------------------
# Each is accepted by the SIM as it is; the address is +22376000000, the time some time.
oa=0B912273060000F0 scts=62113202346500
hostile=(
	"040B9122"					# ends in the address
	"04"						# ends after the first octet
	"04FF91$(printf '2%.0s' {1..40})"		# an address of 255 digits
	"04${oa}0000${scts}FF$(printf 'C8%.0s' {1..10})"	# 255 septets of which 11 are there
	"44${oa}0004${scts}14FF$(printf '05%.0s' {1..19})"	# a header of 255 octets in 20
	"44${oa}0000${scts}0500030504"			# a header that ends in its middle
	"44${oa}0000${scts}0A050003000000C8329BFD06"	# part 0 of 0
	"44${oa}0000${scts}0A050003070207C8329BFD06"	# part 7 of 2
	"04${oa}0020${scts}0AC8329BFD065DDF723619"	# compressed
	"07${oa}0000${scts}02C834"			# a message type that is not defined
	"04${oa}00F5${scts}04DEADBEEF"			# data
	"44${oa}0004${scts}0C0605040B8423F001062603"	# a WAP push
	"04${oa}0008${scts}03D83D00"			# half a surrogate
	"02"
	"$(printf 'F%.0s' {1..320})"
)
n=0
for pdu in "${hostile[@]}"; do
	n=$((n + 1))
	modem rx-pdu "tpdu:$pdu" store >/dev/null || fail "hostile SMS $n" 'the emulated network does not take it'
done
text +22376000002 'coup de feu a mondoro'
await 'behind hostile SMS an alert is dispatched' 20 sent +22370000099 '^P1 ATTAQUE: MONDORO'
await 'hostile SMS leave the SIM' 20 sim_empty
await 'hostile SMS are decided' 60 all_decided
is 'hostile SMS are stored, each once' "$(ctl --json inbox | grep -vc '"kind":"report"')" $((2 + n))
unread=$(ctl --json inbox | grep -c '"kind":"undecodable"\|"kind":"binary"')
check 'what cannot be read is said to be so' [ "$unread" -ge 8 ]
is 'of hostile SMS nobody is told' "$(submits | cut -f 2- | grep -Evc 'BANKASS|MONDORO')" 0
is 'the modem program survived them' "$(ctl --json modems | field restarts)" 0
hasnt 'libgammu was not asked to delete in vain' "$(cat "$dir/log")" modem.undeleted

# ---- nonsense on the control socket -------------------------------------------------------------
pid=$daemon
seed=${SEED:-$(date +%s)}
timeout 60 "$bin/garbage" "$dir/control" 300 "$seed" >"$dir/said"
is "nonsense on the control socket (seed $seed)" "$?" 0
await 'and the daemon answers' 10 answers
is 'and it is the same daemon' "$(cat "$dir/state/lock")" "$pid"
text +22376000003 'enlevement de 3 femmes a diafarabe'
await 'and alerts go on' 15 sent +22370000099 '^P1 ENLEVEMENT: DIAFARABE'

exits() {
	ctl "${@:2}" >"$dir/said" 2>&1
	is "tocsinctl ${*:2}: exit status" "$?" "$1"
	check "tocsinctl ${*:2}: a sentence" [ -s "$dir/said" ]
}
exits 2 ''
exits 2 dance
exits 2 show
exits 2 show 1 2 3
exits 2 why sms sms sms
exits 1 show 0
exits 1 show 99999999999999999999
exits 2 backup not-a-path
exits 1 backup /nowhere/at/all
exits 2 audit nothing

# ---- a modem that is pulled out -------------------------------------------------------------------
modem fault unplug >/dev/null
text +22376000004 'coup de feu a douentza'
await 'unplugged: the line is not ready' 30 is_in_state absent
modem fault replug >/dev/null
await 'plugged in again: what the network kept is dispatched' 40 sent +22370000099 '^P1 ATTAQUE: DOUENTZA'
await 'the SIM is empty' 20 sim_empty
daemon_stop
is 'SIGTERM: exit status' "$daemon_status" 0
