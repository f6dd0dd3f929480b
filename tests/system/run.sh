#!/bin/bash
# `make run`: the whole job in a scratch folder. Type what a villager texts, see what is understood and which SMS leave.
#
# Without a terminal it plays a story by itself, and checks it: 0 when every SMS that should have left did.
# MODEM=/dev/ttyUSB0 RESPONDER=+22370000099: a real modem; what is sent goes to that one number.
. "$(dirname "$0")/lib.sh"
real=${MODEM-}
profile=${PROFILE-huawei-e3131}
interactive=
expected=0 arrived=0

say() {
	printf '%s\n' "$*"
}

# ---- who is told --------------------------------------------------------------------
# NUMBER NAME LANGUAGE TYPES AREAS TIER WORDS…
cast=(
	'+22370000099 permanence fr DUTY * 1 the duty desk, in French'
	'+22370000097 force en PKF * 1 the protection force, in English'
	'+22370000098 liaison fr CLA Bankass,Koro 2 the liaison in Bankass and Koro, in French, when the others cannot'
)

write_settings() {
	local row number name language types areas tier words
	settings "$profile"
	: >"$dir/responders.conf"
	for row in "${cast[@]}"; do
		set -f
		read -r number name language types areas tier words <<<"$row"
		set +f
		responder "$name" "$number" "$language" "$types" "$areas" "$tier" >>"$dir/responders.conf"
	done
	# A demonstration has less patience than a night in the field: 5, 10, 20 and 30 minutes there.
	printf '[timers]\np1_reminder_min = 1\np1_next_tier_min = 2\np1_all_tiers_min = 3\np1_unanswered_min = 4\n' \
	    >>"$dir/tocsin.conf"
}

name_of() {
	local row
	for row in "${cast[@]}"; do
		[ "${row%% *}" = "$1" ] && row=${row#* } && echo "${row%% *}" && return
	done
	return 1
}

# ---- what was understood, in plain words -------------------------------------------
declare -A label

read_labels() {
	local word code rest
	while read -r word code rest; do
		[ "$word" = category ] && [[ $rest =~ ^\"[^\"]*\"\ +\"([^\"]*)\" ]] && label[$code]=${BASH_REMATCH[1]}
	done < <(cat rules/*.rules)
}

# each OBJECTS: one flat {object} of a JSON array a line.
each() {
	grep -o '{[^{}]*}' <<<"$1"
}

# part JSON KEY: the [array] of that key. No array of ours holds a ] outside of strings that we made.
part() {
	local rest=${1#*\""$2"\":[}
	[ "$rest" != "$1" ] && echo "${rest%%]*}"
}

words_of() {
	local object list=''
	while read -r object; do
		[ "$(field state "$object")" = counted ] || continue
		list+="${list:+, }\"$(field words "$object")\" ($(basename "$(field rule "$object")" .rules) line $(field line "$object"))"
	done < <(each "$(part "$1" evidence)")
	echo "${list:-no words of a rule}"
}

place_of() {
	local places object list='' n=0
	places=$(part "$1" places)
	while read -r object; do
		[ -n "$object" ] || continue
		n=$((n + 1))
		[ "$n" -le 3 ] && list+="${list:+ or }$(field name "$object")"
	done < <(each "$places")
	[ -n "$list" ] || { echo 'no place found'; return; }
	if [ "$(field ambiguous "$1")" = true ]; then
		echo "place not sure: $list"
	else
		object=$(each "$places" | head -n 1)
		echo "at $(field name "$object"), cercle $(field c3 "$object"), give or take $(field radius_m "$object") m"
	fi
}

told_of() {
	local object why told='' others=''
	while read -r object; do
		[ -n "$object" ] || continue
		if [ "$(field send "$object")" = true ]; then
			told+="${told:+, }$(field responder "$object")"
		else
			why=$(field why "$object")
			# Behind "ATK: PKF A: ", what the matrix says.
			[[ $why =~ ^[A-Z]+:\ [A-Z/]+\ [A-Z-]:\ (.+)$ ]] && why=${BASH_REMATCH[1]}
			others+="${others:+; }$(field responder "$object"): $why"
		fi
	done < <(each "$(part "$1" routes)")
	echo "told: ${told:-nobody}${others:+   (not told: $others)}"
}

alert_number() {
	ctl --json incidents | grep "\"incident\":$1," | field number
}

# explain ID RESULT INCIDENT: two or three lines about one decided message.
explain() {
	local why code
	why=$(ctl --json why sms "$1" | head -n 1)
	code=$(field headline "$why")
	case $2 in
	alert | joined)
		say "   understood: ${label[$code]-$code}, priority $(field priority "$why"), $(place_of "$why")"
		say "   because of: $(words_of "$why")"
		if [ "$2" = alert ]; then
			say "   new alert $(alert_number "$3"); $(told_of "$why")"
		else
			say "   joins alert $(alert_number "$3"): one event, not a second alarm"
		fi
		;;
	noise) say "   understood: ordinary talk ($(basename "$(field noise_rule "$why")") line $(field noise_line "$why")): stored, nobody is told" ;;
	operator) say "   understood: from a name or short code, nobody is behind it: stored, never an alert, never answered" ;;
	command) say "   understood: $(field verb "$why") of a responder, about alert $(alert_number "$3")" ;;
	review)
		code=$(field verb "$why") && [ "$code" != none ] &&
		    say "   $code of a responder, but its number and letters fit no alert he was told of: he is told how to write it" && return
		say "   not understood: no rule is sure, so a person will read it; the duty desk hears of it in its digest"
		;;
	waiting) say "   a part of a long SMS: understood as far as it goes, the rest is waited for" ;;
	report) ;;	# the network's delivery reports
	*) say "   result: $2" ;;
	esac
}

# ---- as it happens --------------------------------------------------------------------
clear_line() {
	[ -n "$interactive" ] && printf '\r\033[K'
}

prompt() {
	[ -n "$interactive" ] && printf '> '
}

show_sms() {
	local name=''
	[ -n "$real" ] || name=$(name_of "$1")
	say "-> $1${name:+ ($name)}  $2"
}

# One line of the ledger or of the daemon's log.
happened() {
	local line=$1 columns
	case $line in
	*$'\tsubmit\t'*)
		IFS=$'\t' read -r -a columns <<<"$line"
		clear_line
		show_sms "${columns[3]}" "${columns[5]}"
		prompt
		;;
	*' inbox.decided '*)
		[[ $line =~ id=([0-9]+).*result=([a-z]+)\ incident=([0-9]+) ]] || return
		[ "${BASH_REMATCH[2]}" = report ] && return
		clear_line
		explain "${BASH_REMATCH[@]:1:3}"
		prompt
		;;
	*' modem.lost '* | *' store.'*)
		clear_line
		say "   log: $line"
		prompt
		;;
	*' outbox.sent '*)
		[ -n "$real" ] && [[ $line =~ id=([0-9]+) ]] || return
		show_sms "$RESPONDER" "$(ctl --json outbox | grep "\"id\":${BASH_REMATCH[1]}," | field text)"
		;;
	esac
}

watch() {
	local line
	while IFS= read -r line; do
		happened "$line"
		echo >>"$dir/watched"
	done
}

start_watching() {
	: >>"$dir/ledger"
	: >"$dir/watched"
	watch < <(exec tail --pid=$$ -q -n +1 -F "$dir/ledger" "$dir/log" 2>/dev/null) &
	started+=("$!")
}

# Everything that was written is on the screen.
watched_all() {
	[ "$(wc -l <"$dir/watched")" -ge "$(cat "$dir/ledger" "$dir/log" | wc -l)" ]
}

# ---- starting ---------------------------------------------------------------------------
introduce() {
	local row number name words
	say "tocsin, with an emulated $profile modem on a pseudo-terminal. Nothing leaves this machine; all files"
	say "are in $dir and go when you quit (KEEP=1 keeps them). Who is told of an alert:"
	say
	for row in "${cast[@]}"; do
		set -f
		read -r number name _ _ _ _ words <<<"$row"
		set +f
		printf '   %s  %-11s %s\n' "$number" "$name" "$words"
	done
	say
	say 'Here a reminder comes after 1 minute and the next ones are told after 2 (5 and 10 in the field). Starting the modem …'
	say
}

start_all() {
	write_settings
	modem_start "$profile"
	daemon_start
	wait_for 30 modem_ready || { fail 'the modem becomes ready'; exit 1; }
}

# ---- the prompt -------------------------------------------------------------------------
show_help() {
	say '   +22376000001 koup de feu a bankass     a villager texts; any number that is not a responder of the list'
	say '   +22370000099 OK 4071KT                 a responder answers: OK (read), GO 30 (going, minutes), NON (cannot),'
	say '                                          SUR (on site), FIN (over), with the number and letters of the SMS'
	say '   Orange promotion attaque de prix       a name as the sender, as operators have'
	say '   status | incidents | inbox | outbox | modems | show 4071 | why 4071      as tocsinctl answers'
	say '   quit                                   or Ctrl-D'
}

do_line() {
	local line=$1 first=${1%% *} rest=''
	[[ $line == *' '* ]] && rest=${line#* }
	case $first in
	'') ;;
	help | aide | '?') show_help ;;
	quit | exit | fin) return 1 ;;
	status | incidents | inbox | outbox | modems | show | why | audit | read)
		# shellcheck disable=SC2086
		ctl $line
		;;
	+[0-9]* | [0-9]*)
		if [ -z "$rest" ]; then
			say "   a text is missing: $first koup de feu a bankass"
		else
			modem rx "$first" "$rest" >"$dir/answer" || say "   $(cat "$dir/answer")"
		fi
		;;
	[A-Z]*[a-z]*)
		if [ -n "$rest" ]; then modem rx-alnum "$first" "$rest" >/dev/null; else say '   help shows what can be typed'; fi
		;;
	*) say '   an SMS starts with the number it comes from: +22376000001 koup de feu a bankass   (help shows more)' ;;
	esac
	return 0
}

converse() {
	local line
	interactive=1
	say 'Type what a villager texts, after any number:   +22376000001 koup de feu a bankass'
	say 'Answer as a responder, with what its SMS says:  +22370000099 OK 4071KT'
	say 'help shows more, quit ends.'
	say
	start_watching
	prompt
	while IFS= read -r line; do
		do_line "$line" || break
		prompt
	done
	say
}

# ---- the story ----------------------------------------------------------------------------
settled() {
	all_decided && nothing_queued && sim_empty && watched_all
}

texts() {
	wait_for 20 settled
	say
	say "$1 texts: $2"
	modem rx "$1" "$2" >/dev/null
}

# expect NUMBER REGEX [N]: that an SMS like this reaches that responder, for the Nth time.
has_arrived() {
	[ "$(sent_count "$1" "$2")" -ge "$3" ]
}

expect() {
	expected=$((expected + 1))
	if wait_for 15 has_arrived "$1" "$2" "${3-1}"; then
		arrived=$((arrived + 1))
	else
		say "   MISSING: an SMS to $1 like: $2"
	fi
}

expect_result() {
	wait_for 15 logged "result=$1 " || say "   MISSING: a message decided as $1"
}

play() {
	local token
	start_watching
	say 'No terminal: a story is played. Lines with -> are the SMS as the emulated network took them.'
	texts +22376000001 'koup de feu a bankass, ils sont sur des motos'
	expect +22370000099 '^P1 ATTAQUE: BANKASS.*Rep OK/GO/NON [0-9]{4}[A-Z]{2}$'
	expect +22370000097 '^P1 ATTACK: BANKASS.*Reply OK/GO/NO [0-9]{4}[A-Z]{2}$'
	texts +22376000002 'on tire sur nous a bankass venez vite'
	expect_result joined
	texts +22376000003 'match ce soir au stade, grosse attaque de djoliba'
	expect_result noise
	wait_for 20 settled
	say
	say 'Orange (a name, as operators have) texts: coup de feu sur les prix a bankass'
	modem rx-alnum Orange 'coup de feu sur les prix a bankass' >/dev/null
	expect_result operator
	token=$(token +22370000097)
	texts +22370000097 "GO $token 25"
	expect +22370000097 "^$token BANKASS: OK noted"
	token=$(token +22370000099)
	texts +22370000099 "ok $token"
	expect +22370000099 "^$token BANKASS: OK note"
	texts +22376000004 'ils tirent sur nous aidez nous'
	expect +22370000099 '^P1 ATTAQUE: LIEU INCONNU.*Rep OK [0-9]{4}[A-Z]{2}$'
	texts +22376000005 'des hommes armes ont enleve deux personnes a koro'
	expect +22370000099 '^P1 ENLEVEMENT: KORO'
	expect +22370000097 '^P1 ABDUCTION: KORO'
	token=$(token +22370000097)
	texts +22370000097 "NO $token"
	expect +22370000097 "^$token KORO: OK noted"
	expect +22370000099 '^RAPPEL 1/3 P1 ENLEVEMENT KORO'
	token=$(token +22370000099)
	texts +22370000099 "NON $token"
	expect +22370000099 "^$token KORO: OK note"
	expect +22370000098 '^P1 ENLEVEMENT: KORO'
	wait_for 10 sim_empty || say '   MISSING: the SIM is not empty'
	wait_for 20 settled
	say
	say "story: $arrived of $expected expected SMS arrived"
	[ "$arrived" -eq "$expected" ]
}

# ---- a real modem -----------------------------------------------------------------------
with_modem() {
	if [ -z "${RESPONDER-}" ]; then
		say "RESPONDER is missing: the number that is told of alerts, as in"
		say "   make run MODEM=$real RESPONDER=+22370000099"
		return 2
	fi
	[[ $RESPONDER =~ ^\+[0-9]{7,15}$ ]] || { say "RESPONDER is not an international number like +22370000099: $RESPONDER"; return 2; }
	[ -c "$real" ] || { say "$real is not a serial device"; return 2; }
	settings "$profile"
	responder responder "$RESPONDER" fr DUTY,PKF '*' 1 >"$dir/responders.conf"
	printf '[gammu]\ndevice = %s\nconnection = at115200\n[tocsin]\nsend = yes\n' "$real" >"$dir/modems.d/m1.conf"
	say "tocsin on $real: text the number of its SIM. Alerts go to $RESPONDER. Ctrl-C ends. The log:"
	daemon_start
	start_watching
	tail --pid="$daemon" -n +1 -f "$dir/log" &
	started+=("$!")
	wait "$daemon"
}

read_labels
if [ -n "$real" ]; then
	with_modem
	exit
fi
introduce
start_all
if [ -t 0 ]; then
	converse
else
	play
fi
