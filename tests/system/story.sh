#!/bin/bash
# From a villager's SMS to a responder's phone and back, on each family of modems with the settings we ship for it.
. "$(dirname "$0")/lib.sh"

# All three at once: mostly they wait for one another's radio.
if [ $# -eq 0 ]; then
	for profile in huawei-e3131 simcom-sim800 quectel-ec25; do
		bash "$0" "$profile" >"$dir/$profile.out" 2>&1 &
		started+=("$!")
	done
	for pid in "${started[@]}"; do
		wait "$pid"
	done
	cat "$dir"/*.out
	exit
fi
p=$1

# ---- an alert, and what is answered -------------------------------------------------
# gets NAME NUMBER REGEX: such an SMS arrives, once.
gets() {
	await "$p $1" 15 sent "$2" "$3"
	[ "$(sent_count "$2" "$3")" -le 1 ] || fail "$p $1 once" "$(submits "$2")"
}

alert() {
	text +22376000001 'koup de feu a bankass, ils sont sur des motos'
	gets 'alert: duty desk' +22370000099 \
	    '^P1 ATTAQUE: BANKASS/BKS 30PVA443563 .*Vu [0-9]{2}h[0-9]{2}\. .*NON VERIFIE\. Rep OK/GO/NON [0-9]{4}[A-Z]{2}$'
	gets 'alert: liaison of the place' +22370000098 '^P1 ATTAQUE: BANKASS/BKS .*Rep OK/GO/NON [0-9]{4}[A-Z]{2}$'
	gets 'alert: in English' +22370000097 \
	    '^P1 ATTACK: BANKASS/BKS 30PVA443563 .*Seen [0-9]{4}\. .*UNVERIFIED\. Reply OK/GO/NO [0-9]{4}[A-Z]{2}$'
	is "$p alert: the second tier is not told" "$(submits +22370000096)" ''
	is "$p alert: nobody else" "$(submits | cut -f 1 | sort -u | tr '\n' ' ')" '+22370000097 +22370000098 +22370000099 '
	is "$p alert: one number" "$(submits | grep -oE '[0-9]{4}[A-Z]{2}' | cut -c 1-4 | sort -u | wc -l)" 1
	is "$p alert: letters of each one's own" "$(submits | grep -oE '[0-9]{4}[A-Z]{2}' | sort -u | wc -l)" 3
	hasnt "$p alert: no words of the villager" "$(submits)" koup
}

answers_to_it() {
	local first second third
	first=$(token +22370000099) second=$(token +22370000098) third=$(token +22370000097)
	number=${first:0:4}
	text +22370000098 "ok ${second,,}"
	gets 'OK: echo' +22370000098 "^$second BANKASS: OK note [0-9]{2}h[0-9]{2}\. 2 autres"
	text +22370000097 "Go $third 25"
	gets 'GO: echo in English' +22370000097 "^$third BANKASS: OK noted [0-9]{4}\."
	text +22370000099 "NON $first"
	gets 'NON: echo' +22370000099 "^$first BANKASS: OK note"
	is "$p NON: no reminder, somebody goes" "$(submits | grep -Ec 'RAPPEL|REMINDER')" 0
	show=$(ctl --json show "$number")
	has "$p show: OK" "$(grep '"responder":"liaison"' <<<"$show")" '"answer":"OK"'
	has "$p show: GO" "$(grep '"responder":"force"' <<<"$show")" '"answer":"GO"'
	has "$p show: minutes" "$(grep '"responder":"force"' <<<"$show")" '"eta_min":25'
	has "$p show: NON" "$(grep '"responder":"permanence"' <<<"$show")" '"answer":"NON"'
	has "$p show: stage" "$(head -n 1 <<<"$show")" '"stage":"answered"'
	text +22370000098 "GO $third"
	gets "another's letters: not understood" +22370000098 '^Non compris\. Ecrire: OK n'
	text +22376000009 "OK $first"
	await "$p a stranger's OK is for a person to read" 10 decided_as review 2
	is "$p a stranger gets no answer" "$(submits +22376000009)" ''
}

# ---- other shapes of SMS --------------------------------------------------------------
others() {
	modem rx-ucs2 +22376000002 'Coup de feu à Boni — venez vite ŋ 🔥' >/dev/null
	gets 'UCS-2' +22370000099 '^P1 ATTAQUE: BONI/'
	modem rx-long +22376000003 2,1 'Nous sommes les gens du marche et nous vous ecrivons parce que depuis ce matin il se passe des choses tres graves ici, des hommes sont venus avec des motos et ont enleve une femme a Mondoro, aidez nous' >/dev/null
	gets 'two parts, the second first' +22370000099 '^P1 ENLEVEMENT: MONDORO/'
	text +22376000004 'on regarde le match ce soir au stade'
	modem rx-alnum Orange 'coup de feu sur les prix a Djenne' >/dev/null
	await "$p noise" 10 decided_as noise
	await "$p a name as the sender" 10 decided_as operator
	await "$p everything is decided" 10 all_decided
	await "$p the SIM is empty" 15 sim_empty
	await "$p delivery reports come" 15 all_delivered
}

all_delivered() {
	local line
	line=$(ctl --json status)
	[ "$(field delivered "$line")" -gt 0 ] && [ "$(field sent "$line")" = 0 ] && [ "$(field queued "$line")" = 0 ]
}

# ---- what can be asked ------------------------------------------------------------------
# asks KEYS COMMAND…: every line is JSON and has these keys; the form for people says something too.
asks() {
	local keys=$1 name="$p tocsinctl ${2} ${3-}" out key
	shift
	out=$(ctl --json "$@") || fail "$name: exit status" "$?"
	is "$name: JSON" "$(not_json <<<"$out")" ''
	for key in $keys; do
		grep -q "\"$key\":" <<<"$out" || fail "$name: key" "$key is missing in: ${out:0:300}"
	done
	[ -n "$(ctl "$@")" ] || fail "$name: for people" 'it says nothing'
}

exits() {
	local want=$1
	shift
	"$@" >"$dir/said" 2>&1
	is "$p exit status $want: ${*:2}" "$?" "$want"
	[ -s "$dir/said" ] || fail "$p exit status $want: ${*:2}" 'without a word'
}

questions() {
	asks 'version health time rules places responders received undecided to_read queued sent delivered' status
	asks 'line state model imei operator registration signal_dbm sim_used sim_capacity received sent restarts' modems
	asks 'id received line kind state result incident' inbox
	asks 'number state category priority place mgrs reports sources stage opened' incidents
	asks 'number category responder told answer' show "$number"
	asks 'id state priority responder incident line tries text' outbox
	asks 'message why evidence places routes event by' why "$number"
	asks 'message why evidence' why sms 1
	asks 'id text' read 1
	asks 'whole rows' audit verify
	asks 'loaded errors tests' reload
	has "$p status: all well" "$(ctl --json status)" '"health":"all well'
	exits 0 ctl status
	exits 1 ctl show 9999
	exits 1 ctl why sms 99999
	exits 1 ctl read 99999
	exits 2 ctl dance
	exits 2 ctl show
	exits 2 ctl status again
	exits 2 ctl --no-such-option
	exits 3 "$bin/tocsinctl" --socket "$dir/nobody" status
}

settings "$p"
modem_start "$p"
daemon_start
await "$p the modem is ready" 30 modem_ready
alert
answers_to_it
others
questions
daemon_stop
is "$p SIGTERM: exit status" "$daemon_status" 0
exits 3 ctl status
is "$p no SMS left twice" "$(submits | sort | uniq -d)" ''
hasnt "$p the log has no number" "$(grep -v warning "$dir/log")" 22376
hasnt "$p the log has no text" "$(grep -v warning "$dir/log")" 'koup'
hasnt "$p every command of its settings is answered" "$(cat "$dir/log")" phone.init
