#!/bin/bash
# Rules edited while the daemon runs: good ones become effective, bad ones never replace what is in force.
. "$(dirname "$0")/lib.sh"

log_lines() {
	grep -c "$1" "$dir/log"
}

settings
quick_line
own_rules
mine=$dir/rules/99-mine.rules

# ---- tocsind -n ---------------------------------------------------------------------
out=$("$bin/tocsind" -n -c "$dir/tocsin.conf" 2>"$dir/err")
is '-n with good files: exit status' "$?" 0
has '-n with good files: says what it read' "$out" 'all well'
printf 'ATK 8 fr\n' >"$mine"
"$bin/tocsind" -n -c "$dir/tocsin.conf" >"$dir/out" 2>"$dir/err"
is '-n with a broken rule: exit status' "$?" 1
has '-n with a broken rule: where' "$(cat "$dir/err")" 'rules/99-mine.rules:1:'
"$bin/tocsind" -n -c "$dir/nowhere.conf" >"$dir/out" 2>&1
is '-n without settings: exit status' "$?" 1
has '-n without settings: which file' "$(cat "$dir/out")" 'nowhere.conf'
"$bin/tocsind" --wrong >"$dir/out" 2>&1
is 'a wrong option: exit status' "$?" 2
has 'a wrong option: usage' "$(cat "$dir/out")" 'usage: tocsind'
printf 'colour = blue\n' | cat "$dir/tocsin.conf" - >"$dir/wrong.conf"
"$bin/tocsind" -n -c "$dir/wrong.conf" >"$dir/out" 2>&1
is '-n with an unknown setting: exit status' "$?" 1
has '-n with an unknown setting: named' "$(cat "$dir/out")" "'colour'"
rm "$mine"

# ---- reload -------------------------------------------------------------------------
modem_start huawei-e3131
daemon_start
await 'the modem is ready' 30 modem_ready
before=$(status rules)
text +22376000001 'gnangara bankass'
await 'an unknown word is for a person' 10 decided_as review

printf 'ATK 9 fr  gnangara\ntest "gnangara a bankass" = ATK P1 auto\n' >"$mine"
out=$(ctl --json reload)
is 'reload of a good edit: exit status' "$?" 0
has 'reload of a good edit: says so' "$out" '"loaded":true'
check 'another version is in force' [ "$(status rules)" != "$before" ]
text +22376000002 'gnangara bankass'
await 'the new rule is effective' 15 sent +22370000099 '^P1 ATTAQUE: BANKASS'
good=$(status rules)

printf 'ATK 9 fr  gnangara\nATK 8 fr  zaka   bolo\nATK fifty fr  horon\n' >"$mine"
out=$(ctl reload 2>&1)
is 'reload of a bad edit: exit status' "$?" 1
has 'reload of a bad edit: file, line and column' "$out" 'rules/99-mine.rules:3:5: error: '
has 'reload of a bad edit: the line' "$out" '  ATK fifty fr  horon'
has 'reload of a bad edit: a caret below' "$out" '      ^'
has 'reload of a bad edit: nothing was changed' "$out" 'what was in force stays in force'
is 'the old rules stay' "$(status rules)" "$good"

printf 'ATK 9 fr  gnangara\ntest "gnangara a bankass" = NUL\n' >"$mine"
out=$(ctl reload 2>&1)
is 'reload with a test that fails: exit status' "$?" 1
has 'reload with a test that fails: where' "$out" 'rules/99-mine.rules:2:'
is 'the old rules stay again' "$(status rules)" "$good"

# ---- SIGHUP -------------------------------------------------------------------------
reloads() {
	[ "$(log_lines 'reload.done')" -ge "$1" ]
}
n=$(log_lines 'reload.done')
printf 'ABD 9 fr  karakoro\n' >"$mine"
kill -HUP "$daemon"
await 'SIGHUP reloads' 10 reloads $((n + 1))
check 'SIGHUP: another version is in force' [ "$(status rules)" != "$good" ]
text +22376000003 'karakoro douentza'
await 'SIGHUP: the new rule is effective' 15 sent +22370000099 '^P1 ENLEVEMENT: DOUENTZA'
good=$(status rules)
printf 'ABD nine fr  karakoro\n' >"$mine"
kill -HUP "$daemon"
await 'SIGHUP with a bad edit is refused' 10 logged 'reload.refused errors=[1-9]'
await 'SIGHUP with a bad edit: the fault is in the log' 5 logged 'rules/99-mine.rules:1:5: error: '
is 'SIGHUP with a bad edit: the old rules stay' "$(status rules)" "$good"
rm "$mine"
cp "$dir/responders.conf" "$dir/responders.whole"
responder typo '223 70 00 00 5O' fr DUTY '*' 1 >>"$dir/responders.conf"
n=$(log_lines 'reload.refused')
refused_again() {
	[ "$(log_lines 'reload.refused')" -gt "$n" ]
}
kill -HUP "$daemon"
await 'SIGHUP with a number mistyped is refused' 10 refused_again
await "SIGHUP with a number mistyped: the log says where" 5 logged 'responders.conf:[0-9]+:[0-9]+: error: '
hasnt 'SIGHUP with a number mistyped: but names nobody' "$(cat "$dir/log")" '70 00 00 5'
has 'SIGHUP with a number mistyped: who asks is shown it' "$(ctl reload 2>&1)" '223 70 00 00 5O'
mv "$dir/responders.whole" "$dir/responders.conf"

# ---- rollback -------------------------------------------------------------------------
packs() {
	ctl --json rules list | wc -l
}
pack=$(status rule_pack)
printf 'ABD 9 fr  karakoro\nABD 9 fr  bololo\n' >"$mine"
has 'an edit that is not loaded: status says so' "$(ctl --json status)" '"rules_edited":true'
ctl reload >/dev/null 2>&1
is 'each pack has its number' "$(status rule_pack)" $((pack + 1))
bad=$(status rules)
out=$(ctl rules rollback 2>&1)
is 'rollback: exit status' "$?" 0
has 'rollback: the files are told to differ' "$out" 'the rule files were not touched'
is 'rollback: the rules before are in force' "$(status rules)" "$good"
has 'rollback: status says so' "$(status health)" "rolled back: pack $pack is in force"
has 'rollback: which file' "$(ctl --json rules show 2>/dev/null)" '{"file":"99-mine.rules","state":"edited"}'
has 'rollback: in the record' "$(ctl --json audit show)" '"book.rolled_back"'
daemon_stop
daemon_start
is 'rollback: over a restart' "$(status rules)" "$good"
has 'rollback: over a restart, said in the log' "$(cat "$dir/log")" "book.rolled_back pack=$pack"
ctl rules rollback "$bad" >/dev/null 2>&1
is 'rollback to a version' "$(status rules)" "$bad"
out=$(ctl rules rollback 99999 2>&1)
is 'rollback to a pack that is not kept: exit status' "$?" 1
has 'rollback to a pack that is not kept: says so' "$out" "no pack '99999' is kept"
is 'rollback to a pack that is not kept: nothing changes' "$(status rules)" "$bad"
printf 'ABD 9 fr  karakoro\n' >"$mine"
ctl reload >/dev/null 2>&1
is 'a reload ends it' "$(status rolled_back)" false
for i in 1 2 3 4 5 6; do
	printf 'ABD 9 fr  karakoro # %s\n' "$i" >"$mine"
	ctl reload >/dev/null 2>&1
done
is 'six packs are kept' "$(packs)" 6
await 'the modem is ready after a rollback' 30 modem_ready

# ---- other files --------------------------------------------------------------------
printf 'ABD 9 fr  karakoro\n' >"$mine"
cp "$dir/responders.conf" "$dir/responders.good"
printf '[broken]\nnumber = 12\n' >>"$dir/responders.conf"
out=$(ctl reload 2>&1)
is 'a responder without a number: refused' "$?" 1
has 'a responder without a number: where' "$out" 'responders.conf:'
cp "$dir/responders.good" "$dir/responders.conf"
responder newcomer +22370000090 fr DUTY '*' 1 >>"$dir/responders.conf"
ctl reload >/dev/null 2>&1
is 'a new responder: accepted' "$?" 0
text +22376000004 'karakoro mondoro'
await 'a new responder is told' 15 sent +22370000090 '^P1 ENLEVEMENT: MONDORO'

# ---- a start with broken files ---------------------------------------------------------
good=$(status rules)
daemon_stop
is 'SIGTERM: the SMS on its way is waited for' "$(log_lines outbox.unknown)" 0
printf 'ABD nine fr  karakoro\n' >"$mine"
daemon_start
check 'a start with broken rules: says that the last good ones are used' logged 'book.last_good errors=[1-9]'
has 'a start with broken rules: so does status' "$(status health)" 'faults'
is 'a start with broken rules: the last good ones' "$(status rules)" "$good"
await 'the modem is ready again' 30 modem_ready
text +22376000005 'karakoro boni'
await 'a start with broken rules: alerts go on' 15 sent +22370000099 '^P1 ENLEVEMENT: BONI'
rm "$mine"
ctl reload >/dev/null 2>&1
is 'mended: reload' "$?" 0
has 'mended: status' "$(status health)" 'all well'
