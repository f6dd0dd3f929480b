#!/bin/bash
# kill -9 of the daemon and of its modem program at random moments under load: nothing is lost, nothing is done twice.
#
# KILLS=20 kills, SEED=N the same moments again. The judge is the emulated network's ledger: what it handed over, and what
# it took to be sent.
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-20}
seed=${SEED:-$(date +%s)}
RANDOM=$((seed % 32768))
pace=0.5	# seconds between two SMS

# ---- the load ---------------------------------------------------------------------
# message N: every fourth is a new alert, the next one tells of the same, the others are what people write.
message() {
	case $(($1 % 4)) in
	0) echo "coup de feu a ${village[$1 / 4 % ${#village[@]}]}, lettre $1 du comite" ;;
	1) echo "attaque a ${village[$1 / 4 % ${#village[@]}]} venez vite, lettre $1 du comite" ;;
	*) echo "bonjour la famille, ici lettre $1 du comite" ;;
	esac
}

inject() {
	local n=0 words
	while [ ! -e "$dir/enough" ]; do
		n=$((n + 1))
		words=$(message "$n")
		text "$(printf '+22376%06d' "$n")" "$words" && echo "$words" >>"$dir/injected"
		nap "$pace"
	done
}

# ---- the blows ----------------------------------------------------------------------
restarts=0 modem_kills=0

kill_one() {
	local child
	nap "$((RANDOM % 3)).$((RANDOM % 10))$((RANDOM % 10))"
	child=$(children)
	if [ $((RANDOM % 3)) -eq 0 ] && [ -n "$child" ]; then
		# shellcheck disable=SC2086
		kill -KILL $child 2>/dev/null && modem_kills=$((modem_kills + 1))
		return
	fi
	kill -KILL "$daemon"
	wait "$daemon" 2>/dev/null
	restarts=$((restarts + 1))
	daemon_spawn
}

# ---- the judgement --------------------------------------------------------------------
at_rest() {
	# Of one moment: a doubtful row that is queued again between two questions would be seen by neither.
	local line
	line=$(ctl --json status 2>/dev/null) || return 1
	[ "$(field queued "$line")" = 0 ] && [ "$(field sending "$line")" = 0 ] &&
	    [ "$(field unknown "$line")" = "$(given_up)" ] && sim_empty && all_decided && all_reported
}

# Each SMS that left was asked a delivery report for, and none lies with the modem any more.
all_reported() {
	[ "$(events report)" -eq "$(events submit)" ] && [[ $(modem sim) == *' SR=0/'*' reports=0' ]]
}

# Of how many messages the ledger tells this.
events() {
	awk -F '\t' -v e="$1" '$2 == e { print $3 }' "$dir/ledger" | sort -u | wc -l
}

# Rows of unknown fate that were sent as often as is allowed stay so.
given_up() {
	ctl --json outbox | grep '"state":"unknown"' | grep -c '"resent":3'
}

read_inbox() {
	local id
	for ((id = 1; id <= received; id++)); do
		ctl --json read "$id" | field text
	done | sort >"$dir/stored"
}

# Per text: how often the network took it, and how often it may have: once, and once more for every time its fate was unknown.
count_sends() {
	submits | sort | uniq -c | sed -E 's/^ *([0-9]+) /\1\t/' >"$dir/submitted"
	ctl --json outbox | while read -r line; do
		printf '%s\t%s\t%s\t%s\n' "$(number_of "$(field responder "$line")")" "$(field text "$line")" \
		    "$(field resent "$line")" "$(field state "$line")"
	done >"$dir/intended"
	awk -F '\t' 'NR == FNR { taken[$2 "\t" $3] = $1; next }
		{ key = $1 "\t" $2; rows++; may[key] += 1 + $3; doubts += $3 }
		$4 == "sent" || $4 == "delivered" { must[key]++ }
		END {
			for (key in taken) {
				all += taken[key]
				if (taken[key] > may[key]) { too_often++; print "too often: " key > "/dev/stderr" }
			}
			for (key in must)
				if (taken[key] < must[key]) { never++; print "never left: " key > "/dev/stderr" }
			print rows + 0, all + 0, doubts + 0, too_often + 0, never + 0
		}' "$dir/submitted" "$dir/intended"
}

number_of() {
	sed -n "/^\[${1}\]/,/^number/s/^number = //p" "$dir/responders.conf"
}

# Alerts of which somebody who should have been told got no SMS: NUMBER RESPONDER a line. Whose SMS was in doubt four
# times does not count: that he is reminded is for the ladder.
untold() {
	local line number who
	ctl --json outbox | grep '"state":"unknown"' | grep '"resent":3' >"$dir/given_up"
	ctl --json incidents | while read -r line; do
		number=$(printf '%04d' "$(field number "$line")")
		for who in $(ctl --json show "$number" | sed -n 's/.*"responder":"\([^"]*\)".*/\1/p') permanence; do
			grep -q "^$(number_of "$who")	.*$number[A-Z][A-Z]$" "$dir/sent" ||
			    grep "\"responder\":\"$who\"" "$dir/given_up" | grep -q "$number" || echo "$number $who"
		done
	done
}

judge() {
	local rows all doubts too_often never accepted reports texts alerts
	received=$(status received)
	accepted=$(events accept)
	reports=$(events report)
	read_inbox
	sort "$dir/injected" >"$dir/wanted"
	texts=$(grep -c . "$dir/stored")
	is 'every SMS the network handed over was injected by us' "$accepted" "$(wc -l <"$dir/wanted")"
	is 'every one is in the inbox, once' "$(grep . "$dir/stored" | diff - "$dir/wanted" | head -n 5)" ''
	is 'and every delivery report, once' "$((received - texts))" "$reports"
	is 'every message is decided' "$(status undecided)" 0
	check 'the SIM is empty' sim_empty
	read -r rows all doubts too_often never < <(count_sends)
	is 'no SMS left more often than its fate was unknown' "$too_often" 0
	is 'every SMS said to be sent was taken by the network' "$never" 0
	submits >"$dir/sent"
	alerts=$(ctl --json incidents | wc -l)
	check 'there are alerts' [ "$alerts" -gt 2 ]
	is 'of every alert everybody was told' "$(untold | head -n 5)" ''
	has 'the audit is whole' "$(ctl --json audit verify)" '"whole":true'
	echo "seed $seed: $((restarts + modem_kills)) kills ($restarts daemon, $modem_kills modem program); $accepted SMS in, $reports reports," \
	    "$alerts alerts; $rows SMS intended, $all taken, $doubts of them again in doubt," \
	    "$(wc -l <"$dir/given_up") given up after four doubts"
}

settings
quick_line
printf '[timers]\np1_reminder_min = 600\np1_next_tier_min = 700\np1_all_tiers_min = 800\np1_unanswered_min = 900\n' >>"$dir/tocsin.conf"
mapfile -t village < <(villages)
: >"$dir/injected"
modem_start huawei-e3131
daemon_start
inject &
injector=$!
started+=("$injector")
for ((k = 0; k < kills; k++)); do
	kill_one
done
touch "$dir/enough"
wait "$injector"
await 'everything comes to rest' 240 at_rest
judge
