#!/bin/bash
# tocsin-rules: what an editor of rules sees of check, explain, backtest, harvest and fmt, and what a script can rely on.
. "$(dirname "$0")/lib.sh"
rules=$bin/tocsin-rules
pack=$dir/rules
mine=$pack/99-mine.rules
mkdir -p "$pack"
cp rules/*.rules rules/*.tsv "$pack/"

# run WORDS…: into $out (stdout), $err and $status
run() {
	out=$("$rules" "$@" 2>"$dir/err")
	status=$?
	err=$(cat "$dir/err")
}

# ---- check --------------------------------------------------------------------------
run check "$pack"
is 'check: the rules we ship' "$status" 0
has 'check: counts' "$out" ' 0 errors, '
printf 'ATK 8 fr\nnoize foot match\nATX 8 fr tir\nATK 8 fr tir !nov\n' >"$mine"
run check "$pack"
is 'check: faults' "$status" 1
has 'check: all of them' "$out" ': 4 errors'
has 'check: what is missing' "$err" '99-mine.rules:1:9: error: '
has 'check: a misspelt statement' "$err" "did you mean 'noise'?"
has 'check: a misspelt category' "$err" "unknown category 'ATX' (did you mean 'ATK'?)"
has 'check: a misspelt mark' "$err" "did you mean '!now'?"
has 'check: a caret' "$err" $'  ATK 8 fr tir !nov\n               ^'
run check --json "$pack"
is 'check --json: exit status' "$status" 1
is 'check --json: is JSON' "$(printf "%s" "$out" | not_json)" ''
has 'check --json: a fault' "$out" '{"level":"error","file":"'"$mine"'","line":1,"col":9,'
has 'check --json: the sum' "$out" '{"sound":false,"errors":4,'
printf 'ATK 8 fr  zirabo\nATK 5 fr  zirabo kasa\nATK 7 fr  /(z+i+)+q/\ntest "le fil jaune" != ATK\n' >"$mine"
mkdir "$dir/small"
cp "$pack/00-categories.rules" "$mine" "$dir/small/"
run check "$dir/small"
is 'check: warnings are no errors' "$status" 0
has 'check: never tested' "$err" '99-mine.rules:1:1: warning: no test line makes use of this rule'
has 'check: unreachable' "$err" "can never count, a shorter one weighs more: 'zirabo kasa' (for 'zirabo' 99-mine.rules:1)"
has 'check: explosive' "$err" '99-mine.rules:3:12: warning: this pattern can explode'
has 'check: a test of nothing' "$err" '99-mine.rules:4:1: warning: this tests nothing yet'
run check --strict "$dir/small"
is 'check --strict: warnings are errors' "$status" 1
run test "$dir/small"
hasnt 'test: only tests' "$err" '99-mine.rules:1:1: warning'
run check "$dir/nowhere"
is 'check: no folder' "$status" 1
run check --colour "$pack"
is 'check: a wrong option' "$status" 2

# ---- explain ------------------------------------------------------------------------
printf 'ATK 8 fr  zirabo, kasa koro\nATK 6 fr  wilobo\n' >"$mine"
run explain --rules "$pack" 'zirabo wilobo a Bankass'
has 'explain: highlighted' "$out" '[zirabo] [wilobo] a Bankass'
has 'explain: the rule' "$out" '99-mine.rules:1'
has 'explain: the sum' "$out" 'ATK 8 + 6 = 14'
has 'explain: the place' "$out" 'place: Bankass'
run explain --rules "$pack" --why-not ATK 'kasa bamako koro'
has 'explain --why-not: the reason' "$out" 'why not ATK: no rule of ATK finds anything'
has 'explain --why-not: the nearest' "$out" "ATK 8 'kasa koro'"
run explain --rules "$pack" --why-not ATK 'pas de coups de feu a koro'
has 'explain --why-not: what denied it' "$out" "is denied by $pack/10-french.rules:"
run explain --rules "$pack" --why-not NIX 'zirabo'
is 'explain --why-not: no such category' "$status" 1
out=$(printf 'zirabo\n\nbonjour\n\xff\xfe\n' | "$rules" explain --json --rules "$pack" --why-not ATK)
is 'explain: one text a line' "$(wc -l <<<"$out")" 4
is 'explain --json: is JSON' "$(printf "%s" "$out" | not_json)" ''
hasnt 'explain: no colours in a file' "$("$rules" explain --rules "$pack" zirabo)" $'\033'
rm "$mine"

# ---- backtest -----------------------------------------------------------------------
cp -r "$pack" "$dir/new"
printf 'ATK 9 fr  gnangara\nnoise thé  kolokolo\n' >"$dir/new/99-mine.rules"
sed -i 's/thé/the/' "$dir/new/99-mine.rules"
printf 'id\ttext\tlabel\na1\tgnangara bankass\tATK\na2\tle kolokolo est bon\tNUL\na3\tcoups de feu a koro\tATK\n' >"$dir/texts.tsv"
run backtest --rules "$pack" --against "$dir/new" "$dir/texts.tsv"
is 'backtest: exit status' "$status" 0
has 'backtest: what changes' "$out" 'UNK P3 review → ATK P1 auto'
has 'backtest: because of which rule' "$out" "+ ATK 9 'gnangara'  99-mine.rules:1"
has 'backtest: noise' "$out" 'UNK P3 review → NUL'
has 'backtest: the sum' "$out" '3 messages, 2 change: class 2'
has 'backtest: against the labels' "$out" 'headline as labelled: 2 → 3 of 3'
run backtest --rules "$pack" --against "$dir/new" --json --jobs 1 "$dir/texts.tsv"
is 'backtest --json: is JSON' "$(printf "%s" "$out" | not_json)" ''
has 'backtest --json: a change' "$out" '{"id":"a1","text":"gnangara bankass","old":{"codes":"UNK"'
one=$(grep -v seconds <<<"$out")
run backtest --rules "$pack" --against "$dir/new" --json --jobs 3 "$dir/texts.tsv"
is 'backtest: the same with more processes' "$(grep -v seconds <<<"$out")" "$one"
run backtest --rules "$pack" --against "$dir/new" --limit 1 "$dir/texts.tsv"
has 'backtest --limit' "$out" '(and 1 more'
run backtest --rules "$pack" --against "$pack" "$dir/texts.tsv"
has 'backtest: the same pack changes nothing' "$out" ', 0 change'
run backtest --rules "$pack" --against "$dir/new" "$dir/nowhere.tsv"
is 'backtest: no corpus' "$status" 1
run backtest --rules "$pack" "$dir/texts.tsv"
is 'backtest: against nothing' "$status" 2

# ---- score --------------------------------------------------------------------------
printf 'id\ttext\tlang\tfrom\tlabel\tpriority\n1\tcoups de feu a koro\tfr\tx\tATK\tP1\n2\tcoups de feu a koro\tfr\tx\tNUL\t-\n' >"$dir/score.tsv"
run score --json --rules "$pack" "$dir/score.tsv"
is 'score --json: is JSON' "$(printf "%s" "$out" | not_json)" ''
has 'score --json: the sum' "$out" '{"headlines":1,"samples":2,'

# ---- a backup of a real store -----------------------------------------------------------
settings
quick_line
modem_start huawei-e3131
daemon_start
await 'the modem is ready' 30 modem_ready
text +22376000001 'gnangara bankass'
text +22376000002 'tontine zaman demain matin'
text +22376000003 'Ali et tontine zaman demain matin 77'
text +22376000004 'la tontine zaman demain matin'
long="le long message commence ici et il ne finit pas tout de suite car il faut plus de cent soixante lettres pour que le telephone \
le coupe en deux parties dont la seconde dit gnangara"
text +22376000005 "$long"
await 'all are decided' 20 all_decided
ctl backup "$dir/copy.db" >/dev/null
daemon_stop
run backtest --rules "$pack" --against "$dir/new" "$dir/copy.db"
is 'backtest: a backup without its key' "$status" 1
has 'backtest: a backup without its key, told' "$err" '--key FILE'
head -c 32 /dev/urandom >"$dir/other.key"
chmod 600 "$dir/other.key"
run backtest --rules "$pack" --against "$dir/new" --key "$dir/other.key" "$dir/copy.db"
is 'backtest: a backup with another key' "$status" 1
before=$(sha256sum <"$dir/copy.db")
key=$(find "$dir/state" -name '*key*' -type f | head -n 1)
run backtest --rules "$pack" --against "$dir/new" --key "$key" "$dir/copy.db"
is 'backtest: a backup' "$status" 0
has 'backtest: a backup: its messages' "$out" '5 messages, 2 change: class 2'
has 'backtest: a backup: a long SMS put together' "$out" "$long"
is 'backtest: the backup is not changed' "$(sha256sum <"$dir/copy.db")" "$before"

# ---- harvest ------------------------------------------------------------------------
run harvest --rules "$pack" --key "$key" "$dir/copy.db"
is 'harvest: exit status' "$status" 0
has 'harvest: a phrase' "$out" 'tontine zaman demain matin '
has 'harvest: its counts' "$out" '# 3 unread, 0 noise, 0 alerts'
hasnt 'harvest: no names' "$out" 'ali'
hasnt 'harvest: no numbers' "${out#*take}" '77'
hasnt 'harvest: nothing rare' "$out" 'gnangara'
is 'harvest: its lines are comments' "$(grep -vc '^#' <<<"$out")" 0
run harvest --rules "$pack" --key "$key" --json --least 1 "$dir/copy.db"
is 'harvest --json: is JSON' "$(printf "%s" "$out" | not_json)" ''

# ---- fmt ----------------------------------------------------------------------------
printf 'ATK   8 fr coup ,tir*   !now # so\n' >"$dir/one.rules"
chmod 640 "$dir/one.rules"
run fmt --check "$dir/one.rules"
is 'fmt --check: exit status' "$status" 1
is 'fmt --check: changes nothing' "$(cat "$dir/one.rules")" 'ATK   8 fr coup ,tir*   !now # so'
run fmt "$dir/one.rules"
is 'fmt: lays out' "$(cat "$dir/one.rules")" 'ATK 8 fr  coup, tir*  !now  # so'
is 'fmt: keeps the mode' "$(stat -c %a "$dir/one.rules")" 640
run fmt --check --json "$dir/one.rules"
is 'fmt: twice is once' "$status" 0
run check --json "$pack"
version=$(grep -o '"tests":[0-9]*' <<<"$out")
run fmt "$pack"
run check --json "$pack"
is 'fmt: the rules we ship pass their tests as before' "$status $(grep -o '"tests":[0-9]*' <<<"$out")" "0 $version"
