# What the system tests share: a scratch folder with settings, an emulated modem and a daemon in it. Sourced by bash.
#
# A script sources this, calls settings, modem_start and daemon_start, and says "ok NAME" or "FAIL NAME reason" for each
# thing it checks. Nothing here waits blindly: wait_for polls a condition for a bounded time.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
tree=$PWD
bin=${O:-build}
case $bin in /*) ;; *) bin=$tree/$bin ;; esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/tocsin.XXXXXX") || exit 1
exec {nap_fd}<> <(:)
started=()	# every process of ours
daemon=		# pid of the daemon, empty when there is none
failures=0

# ---- telling ----------------------------------------------------------------------
ok() {
	echo "ok $1"
}

# With the end of the log after the first failures: later ones mostly follow from them.
fail() {
	echo "FAIL $1 ${*:2}" | tr '\n\t' '  '
	echo
	failures=$((failures + 1))
	[ "$failures" -le 3 ] && tail -n 15 "$dir/log" 2>/dev/null | sed 's/^/    log: /'
	return 1
}

# Without it nothing else can be tried.
give_up() {
	fail "$@"
	exit 1
}

is() {
	if [ "$2" = "$3" ]; then ok "$1"; else fail "$1" "'$2', not '$3'"; fi
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

# check NAME COMMAND…: by its exit status.
check() {
	if "${@:2}"; then ok "$1"; else fail "$1" "${*:2}"; fi
}

# ---- waiting ----------------------------------------------------------------------
nap() {
	read -r -t "${1:-0.05}" -u "$nap_fd"
	return 0
}

# wait_for SECONDS COMMAND…: until it succeeds; 1 when it did not in time.
wait_for() {
	local until=$((SECONDS + $1 + 1))
	shift
	while ! "$@"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		nap
	done
}

# await NAME SECONDS COMMAND…: a check of a condition that may take a while.
await() {
	if wait_for "${@:2}"; then ok "$1"; else fail "$1" "not within $2 s: ${*:3}"; fi
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# ---- settings ---------------------------------------------------------------------
# settings [PROFILE]: tocsin.conf, responders.conf and modems.d/m1.conf in $dir. The rules are the tree's own, the modem's
# settings those we ship for its family, but for the device.
settings() {
	local profile=${1:-huawei-e3131}
	mkdir -p "$dir/modems.d"
	cat >"$dir/tocsin.conf" <<-END
	[gateway]
	state = state
	control = control
	transport = $bin/tocsin-modem
	[files]
	rules = $tree/rules
	responders = responders.conf
	modems = modems.d
	END
	responder >"$dir/responders.conf" permanence +22370000099 fr DUTY '*' 1
	responder >>"$dir/responders.conf" liaison +22370000098 fr CLA Bankass 1
	responder >>"$dir/responders.conf" force +22370000097 en PKF '*' 1
	responder >>"$dir/responders.conf" reserve +22370000096 fr CLA '*' 2
	sed "s|^device = .*|device = $dir/tty|" "modem-configs/$profile.conf" >"$dir/modems.d/m1.conf"
}

# Without the seconds that at115200 gives a serial line to settle.
quick_line() {
	sed -i 's/^connection = .*/connection = dku2at/' "$dir/modems.d/m1.conf"
}

# responder NAME NUMBER LANGUAGE TYPES AREAS TIER
responder() {
	printf '[%s]\nnumber = %s\nlanguage = %s\ntypes = %s\nareas = %s\ntier = %s\n' "$@"
}

# A copy of the rules that a test may edit; $dir/tocsin.conf then uses it.
own_rules() {
	mkdir -p "$dir/rules"
	cp rules/*.rules rules/*.tsv rules/*.matrix "$dir/rules/"
	sed -i 's|^rules = .*|rules = rules|' "$dir/tocsin.conf"
}

# Villages so far from each other that no alert joins another: one degree is 111 km.
villages() {
	grep -v '^#' rules/gazetteer.tsv | awk -F '\t' 'NR > 1 && $1 ~ /^[A-Z][a-z]+$/ && length($1) > 5 {
		for (i = 0; i < n; i++)
			if (($2 - lat[i]) ^ 2 + ($3 - lon[i]) ^ 2 < 0.09)
				next
		lat[n] = $2; lon[n++] = $3; print $1
	}'
}

# ---- the modem --------------------------------------------------------------------
# modem_start PROFILE [OPTION…]: its line is $dir/tty, its ledger $dir/ledger.
modem_start() {
	"$bin/at-modem" --link="$dir/tty" --control="$dir/modem" --ledger="$dir/ledger" --profile="$1" \
	    "${@:2}" >>"$dir/modem.out" 2>&1 &
	modem=$!
	started+=("$modem")
	wait_for 5 [ -S "$dir/modem" ] || give_up "the emulated modem starts" "$(tail -n 3 "$dir/modem.out")"
}

# modem COMMAND…: one scripting command; its answer without the "ok".
modem() {
	local answer
	answer=$("$bin/at-modem" --send="$dir/modem" "$@") || {
		echo "$answer"
		return 1
	}
	answer=${answer#ok}
	echo "${answer# }"
}

# text NUMBER WORDS…: a villager, or a responder, texts.
text() {
	modem rx "$@" >/dev/null
}

sim_empty() {
	modem wait-empty 0 >/dev/null
}

# submits [NUMBER]: every SMS the network took, oldest first: NUMBER TAB TEXT.
submits() {
	awk -F '\t' -v to="${1-}" '$2 == "submit" && (to == "" || $4 == to) { print $4 "\t" $6 }' "$dir/ledger"
}

# sent NUMBER REGEX: an SMS like this left for that number.
sent() {
	submits "$1" | cut -f 2- | grep -Eq -- "$2"
}

# How many of them.
sent_count() {
	submits "$1" | cut -f 2- | grep -Ec -- "$2"
}

# token NUMBER: what that responder was told last to answer with: 4071KT
token() {
	submits "$1" | grep -oE '[0-9]{4}[A-Z]{2}' | tail -n 1
}

# ---- the daemon -------------------------------------------------------------------
# daemon_start [WRAPPER…]: starts it, and waits until it answers.
daemon_start() {
	daemon_spawn "$@"
	wait_for 10 answers || give_up "the daemon starts"
}

daemon_spawn() {
	"$@" "$bin/tocsind" -c "$dir/tocsin.conf" >>"$dir/log" 2>&1 </dev/null &
	daemon=$!
	started+=("$daemon")
}

answers() {
	ctl status >/dev/null 2>&1
}

daemon_stop() {
	[ -n "$daemon" ] || return 0
	kill -TERM "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	daemon_status=$?
	daemon=
}

# The programs of the daemon's modems.
children() {
	cat "/proc/$daemon/task/$daemon/children" 2>/dev/null
}

# ctl [OPTION…] COMMAND…: tocsinctl.
ctl() {
	timeout 60 "$bin/tocsinctl" --socket "$dir/control" "$@"
}

# field KEY [LINE]: the value of a key of a flat JSON object; of the first line of stdin without LINE.
field() {
	local line=${2-} key='"'$1'":("(([^"\\]|\\.)*)"|[^][{},"]+)'
	[ $# -gt 1 ] || read -r line
	[[ $line =~ $key ]] || return 1
	case ${BASH_REMATCH[1]} in
	'"'*) echo "${BASH_REMATCH[2]}" ;;
	*) echo "${BASH_REMATCH[1]}" ;;
	esac
}

status() {
	ctl --json status | field "$1"
}

modem_ready() {
	ctl --json modems 2>/dev/null | grep -q '"state":"ready"'
}

# Every message has its decision.
all_decided() {
	local line
	line=$(ctl --json status 2>/dev/null) || return 1
	[ "$(field undecided "$line")" = 0 ] && [ "$(field waiting_parts "$line")" = 0 ]
}

# decided_as RESULT [N]: so many messages were (1).
decided_as() {
	[ "$(ctl --json inbox "$1" 2>/dev/null | wc -l)" -ge "${2-1}" ]
}

nothing_queued() {
	local line
	line=$(ctl --json status 2>/dev/null) || return 1
	[ "$(field queued "$line")" = 0 ] && [ "$(field sending "$line")" = 0 ]
}

logged() {
	grep -Eq -- "$1" "$dir/log"
}

# Lines on stdin that are not JSON; "nothing" when there is no line at all. Strings, then the plain values, then whatever holds
# only values become V, until nothing changes.
not_json() {
	sed -E 's/"([^"\\]|\\.)*"/S/g; s/\b(true|false|null)\b/V/g; s/-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/V/g
		:again; s/:S/:V/g; s/([[,])S([],])/\1V\2/g; s/\{(S:V(,S:V)*)?\}/V/g; s/\[(V(,V)*)?\]/V/g; tagain' |
	    awk '{ n++ } $0 != "V" { print } END { if (n == 0) print "nothing" }'
}

# ---- the end ----------------------------------------------------------------------
# Only processes of ours, each by its number; the modem programs end with their daemon.
stop_all() {
	local pid
	for pid in "${started[@]}"; do
		kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${started[@]}"; do
		wait_for 10 ended "$pid" || kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	[ -n "${KEEP-}" ] && echo "kept: $dir" >&2 && return
	rm -rf "$dir"
}
trap stop_all EXIT
trap 'exit 130' INT TERM
