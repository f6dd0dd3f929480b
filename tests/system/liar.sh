#!/bin/bash
# Transports that lie, flood and fall silent beside a good one: the daemon lives, starts them again later and later, and the good
# line goes on. SECONDS_LONG and LIARS ask for a longer run with more of them.
. "$(dirname "$0")/lib.sh"

liars=${LIARS-4} long=${SECONDS_LONG-4}
settings
quick_line
for ((i = 1; i <= liars; i++)); do
	printf '[gammu]\ndevice = none\n[tocsin]\nprogram = %s\nsend = %s\n' "$bin/liar" "$([ -n "${LIARS-}" ] && echo yes || echo no)" \
	    >"$dir/modems.d/liar$i.conf"
done
modem_start huawei-e3131
export LIAR_SEED=${LIAR_SEED-$RANDOM}
echo "seed $LIAR_SEED"
daemon_start
await 'the good line is ready' 15 modem_ready

files() {
	ls "/proc/$daemon/fd" | wc -l
}
before=$(files)
end=$((SECONDS + long))
while [ "$SECONDS" -lt "$end" ] && kill -0 "$daemon" 2>/dev/null; do
	nap 0.5
done
text +22376000001 'koup de feu a bankass'
if [ -z "${LIARS-}" ]; then	# a liar that may send can say that it did
	await 'an alert goes out by the good line' 10 sent +22370000099 '^P1 ATTAQUE: BANKASS'
	await 'its SMS was freed' 10 sim_empty
fi
check 'the daemon lives' kill -0 "$daemon"
await 'it answers' 10 answers
check 'liars were given up' logged 'modem.lost line=liar'
check 'and started again, each time later' logged 'modem.restart line=liar[0-9]+ in_s=2$'
is 'the record is whole' "$(ctl --json audit verify | field whole)" true
[ "$(files)" -le $((before + liars * 2)) ] && ok 'no file stays open' || fail 'no file stays open' "$before then $(files)"
has 'the good line is up' "$(ctl --json modems | grep '"line":"m1"')" '"state":"ready"'
daemon_stop
is 'SIGTERM: exit status' "$daemon_status" 0
hasnt 'no sanitizer complains' "$(cat "$dir/log")" 'runtime error'
hasnt 'no sanitizer stops it' "$(cat "$dir/log")" 'Sanitizer'
