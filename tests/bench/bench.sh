#!/bin/bash
# `make bench`: first the parts (tests/bench/bench.c), then the whole: real processes on an emulated modem without latency.
# BURST=1000 and ALERTS=30 set how many SMS, TEXTS=1000000 how many texts.
. "$(dirname "$0")/../system/lib.sh"
burst=${BURST:-1000}
alerts=${ALERTS:-30}
texts=${TEXTS:-1000000}

now_ms() {
	local up
	read -r up _ </proc/uptime
	echo $((10#${up/./} * 10))
}

# Processor time of a process in ms; ticks are 1/100 s.
cpu_ms() {
	awk '{ print ($14 + $15) * 10 }' "/proc/$1/stat"
}

peak_kb() {
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$1/status"
}

at_commands() {
	modem stats | grep -oE ' at=[0-9]+' | cut -d = -f 2
}

child() {
	set -- $(children)
	echo "${1-}"
}

row() {
	printf '  %-34s %s\n' "$@"
}

quiet() {
	sim_empty && all_decided && nothing_queued
}

# ---- idle -------------------------------------------------------------------------
idle() {
	local d m
	d=$(cpu_ms "$daemon") m=$(cpu_ms "$(child)")
	nap 10
	row 'idle, 10 s: tocsind' "$((($(cpu_ms "$daemon") - d) / 10)) ms/s"
	row 'idle, 10 s: tocsin-modem' "$((($(cpu_ms "$(child)") - m) / 10)) ms/s"
}

# ---- a burst of SMS that are no alerts: all of the way in, nothing of the way out -------
all_in() {
	[ "$(status received)" -ge "$1" ] && quiet
}

into_the_inbox() {
	local start before d m ms commands
	before=$(status received) d=$(cpu_ms "$daemon") m=$(cpu_ms "$(child)") commands=$(at_commands)
	start=$(now_ms)
	modem bulk "$burst" +22376100000 'bonjour la famille, ici lettre %d du comite de gestion du puits' >/dev/null
	wait_for 300 all_in $((before + burst)) || fail 'the burst is received'
	ms=$(($(now_ms) - start))
	[ "$(status received)" -eq $((before + burst)) ] || fail 'each SMS of the burst once' "$(status received)"
	row "burst of $burst SMS" "$ms ms, $((burst * 1000 / ms)) SMS/s from the SIM to a decision, the SIM empty"
	row '  AT commands' "$((($(at_commands) - commands) * 100 / burst))/100 per SMS"
	row '  processor time of tocsind' "$((($(cpu_ms "$daemon") - d) * 1000 / burst)) us/SMS"
	row '  processor time of tocsin-modem' "$((($(cpu_ms "$(child)") - m) * 1000 / burst)) us/SMS"
}

# ---- single alerts: from the SIM of the gateway to the network --------------------------
# Milliseconds from each alert that reached the SIM to the first SMS about it.
latencies() {
	awk -F '\t' '$2 == "accept" && $6 ~ /^\+223762/ { at = $1 } $2 == "submit" && at { print $1 - at; at = 0 }' "$dir/ledger" | sort -n
}

percentile() {
	sed -n "$((($(wc -l <"$dir/latency") * $1 + 99) / 100))p" "$dir/latency"
}

out_to_responders() {
	local i commands sent
	mapfile -t village < <(villages)
	commands=$(at_commands) sent=$(submits | wc -l)
	for ((i = 1; i <= alerts; i++)); do
		text "$(printf '+223762%05d' "$i")" "coup de feu a ${village[i % ${#village[@]}]}"
		wait_for 10 there_are $((sent + 2 * i)) || fail 'an alert is dispatched' "${village[i % ${#village[@]}]}"
		wait_for 10 quiet
	done
	sent=$(($(submits | wc -l) - sent))
	latencies >"$dir/latency"
	row "$alerts single alerts, SIM to SIM" "median $(percentile 50) ms, 95 of 100 within $(percentile 95) ms"
	row '  AT commands' "$((($(at_commands) - commands) * 10 / (alerts + sent)))/10 per SMS, in and out ($alerts in, $sent out, their reports)"
}

there_are() {
	[ "$(submits | wc -l)" -ge "$1" ]
}

memory() {
	row 'memory at most: tocsind' "$(peak_kb "$daemon") kB"
	row 'memory at most: tocsin-modem' "$(peak_kb "$(child)") kB"
}

# An old pack against a new one, on a file of texts.
backtest() {
	cp -r rules "$dir/new-rules"
	printf 'ATK 9 fr  gnangara, moto est en panne\n' >"$dir/new-rules/99-new.rules"
	"$bin/bench" --texts "$texts" >"$dir/texts"
	row "backtest of $texts texts" "$("$bin/tocsin-rules" backtest --against "$dir/new-rules" --limit 1 "$dir/texts" | tail -n 1 |
	    grep -oE '[0-9.]+ s, .*')"
	rm "$dir/texts"
}

echo 'the parts'
mkdir "$dir/bench"
"$bin/bench" "$dir/bench" || exit 1
backtest
echo 'the whole'
settings
quick_line
modem_start huawei-e3131
ready_from=$(now_ms)
daemon_start
row 'start until tocsinctl is answered' "$(($(now_ms) - ready_from)) ms"
wait_for 30 modem_ready || { fail 'the modem is ready'; exit 1; }
row 'start until the modem is ready' "$(($(now_ms) - ready_from)) ms"
wait_for 10 quiet
nap 2
idle
into_the_inbox
out_to_responders
memory
exit "$((failures > 0))"
