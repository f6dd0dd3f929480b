#!/bin/bash
# Places while the daemon runs: imports of every form, broken ones, what operators add and forget, and that it lasts.
. "$(dirname "$0")/lib.sh"

# ---- files to import --------------------------------------------------------------
# geonames ID NAME ALIASES LAT LON CODE
geonames() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\tP\t%s\tML\t\t04\t\t\t\t0\t\t270\tAfrica/Bamako\t2012-01-18\n' "$1" "$2" "$2" "$3" "$4" \
	    "$5" "$6"
}

make_files() {
	mkdir -p "$dir/in"
	{
		geonames 1 Kankelena 'KKL,Kankélèna,كنكلينا' 14.2 -3.4 PPL
		geonames 2 Wolokorobo '' 14.3 -3.5 WLL
		geonames 3 Nowhere '' 0 0 PPL
		geonames 4 Swapped '' -3.5 14.3 PPL
		for i in {1..300}; do
			geonames "1$i" "Filler $i" '' "13.$i" "-5.$i" PPL
		done
	} >"$dir/in/ML.txt"
	gzip -k "$dir/in/ML.txt"
	xz -k "$dir/in/ML.txt"
	printf 'name,lat,lon,kind,admin1,admin2,aliases\n"Sarawala, le grand",14.41,-3.61,village,Mopti,Bandiagara,"Sarwala;SWL"\n' \
	    >"$dir/in/offices.csv"
	printf '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-3.7,14.7]},%s\n' \
	    '"properties":{"name":"Tendelibougou","aliases":["Tendeli"]}}]}' >"$dir/in/survey.geojson"
	head -c 300 "$dir/in/ML.txt.gz" >"$dir/in/cut.gz"
	printf 'name,lat,lon\nA1,95,3\nB1,0,0\nC1,14,-3\n' >"$dir/in/bad.csv"
}

places() {
	status places
}

find_place() {
	ctl --json gazetteer find "$1"
}

# refused NAME WORDS COMMAND…: exit status 1, a sentence with these words, and as many places as before.
refused() {
	local before after out code
	before=$(places)
	out=$(ctl gazetteer "${@:3}" 2>&1)
	code=$?
	after=$(places)
	is "$1: exit status" "$code" 1
	has "$1: says why" "$out" "$2"
	is "$1: changes nothing" "$after" "$before"
}

imports() {
	local out shipped
	shipped=$(places)
	for file in ML.txt ML.txt.gz ML.txt.xz; do
		out=$(ctl --json gazetteer import "$dir/in/$file")
		is "import $file" $? 0
		has "import $file: report" "$out" '"imported":"ml","read":304,"kept":302,"refused":2'
		is "import $file: in force" "$(places)" $((shipped + 302))
	done
	is "a progress row is told" "$(grep -c '"progress":' <<<"$out" | awk '{ print ($1 > 0) }')" 1
	has 'a refused line is told' "$out" 'ML.txt.xz:3 refused: 0,0 is in the sea'
	has 'a swapped line is told' "$out" ':4 refused: lat and lon look swapped'
	has 'found by its name' "$(find_place kankelena)" '"kind":"PPL","c3":"BKS"'
	has 'found by an Arabic alias' "$(find_place كنكلينا)" '"name":"Kankelena"'
	refused 'an airport is no alias' 'no place is called' find KKL
	ctl gazetteer import "$dir/in/offices.csv" >"$dir/out" 2>&1
	is 'import CSV' $? 0
	has 'CSV: alias' "$(find_place sarwala)" '"name":"Sarawala, le grand"'
	check 'import GeoJSON' ctl gazetteer import "$dir/in/survey.geojson" >/dev/null
	has 'GeoJSON: alias' "$(find_place tendeli)" '"name":"Tendelibougou"'
}

broken() {
	refused 'a cut archive' truncated import "$dir/in/cut.gz"
	refused 'mostly faulty' 'more places were refused than kept' import "$dir/in/bad.csv"
	refused 'no such file' 'nothing was changed' import "$dir/in/nothing"
	refused 'another country' 'no usable place' import "$dir/in/ML.txt" NE
	is 'nothing is left over' "$(find "$dir/state/places" -name '.*' -type f | wc -l)" 0
	is 'no process is left over' "$(children | wc -w)" "$processes"
}

by_hand() {
	check 'add' ctl gazetteer add Gnimitongo 15.2 -3.1 village Douentza >/dev/null
	has 'add: found' "$(find_place gnimitongo)" '"c3":"DTZ"'
	check 'alias' ctl gazetteer alias Gnimitongo Nyimi >/dev/null
	has 'alias: found' "$(find_place nyimi)" '"name":"Gnimitongo"'
	is 'alias: still one place' "$(find_place gnimitongo | wc -l)" 1
	refused 'add 0,0' '0,0 is in the sea' add Zero 0 0
	refused 'add swapped' 'swapped' add Zero -3 14.5
	refused 'add in another country' 'outside the country' add Paris 48.85 2.35
	refused 'alias of nothing' 'no place is called' alias Zzzz Yyyy
	refused 'forget what is shipped' 'was not added' forget Bankass
	has 'near' "$(ctl --json gazetteer near 15.2 -3.1 | head -n 1)" '"name":"Gnimitongo"'
	has 'list' "$(ctl gazetteer list)" 'survey'
	text +22376000001 'coups de feu a Nyimi'
	await 'an alert at an added place, by its alias' 10 sent +22370000099 '^P1 ATTAQUE: GNIMITONGO/DTZ '
	text +22376000002 'village attaque a Kankelena, ils tirent'
	await 'an alert at an imported place' 10 sent +22370000099 '^P1 ATTAQUE: KANKELENA/BKS '
}

# An alert without a place, which the duty desk then places; a reporter who is enrolled, silenced and forgotten.
placed() {
	local number id out
	check 'reporter add' ctl reporter add '76 00 00 05' Gnimitongo opt-in shared >/dev/null
	out=$(ctl --json reporter list)
	has 'reporter list' "$out" '"opted_in":true,"silent":false,"shared":true,"duress":false,"language":"fr","village":"Gnimitongo"'
	hasnt 'no number is shown' "$out" 76000005
	id=$(field reporter "$out")
	check 'reporter silence' ctl reporter silence "$id"
	has 'is silent' "$(ctl --json reporter list)" '"silent":true'
	check 'reporter forget' ctl reporter forget +22376000005
	is 'reporter list: nobody' "$(ctl --json reporter list)" ''
	text +22376000005 'une mine a explose, il y a des blesses graves'
	await 'an alert without a place' 10 sent +22370000099 '^P1 MINE / ENGIN: LIEU INCONNU'
	number=$(token +22370000099)
	refused_place "$number" Zzyzzyx 'no such place'
	refused_place "$number" '0 0' ''
	check 'place' ctl place "$number" Gnimitongo >/dev/null
	await 'the responders hear where' 10 sent +22370000099 '^MAJ [0-9A-Z]{6}: P1 MINE / ENGIN GNIMITONGO/DTZ'
	check 'place by coordinates' ctl place "$number" 14.0775 -3.5159 >/dev/null
	await 'the responders hear the correction' 10 sent +22370000099 '^CORRECTION [0-9A-Z]{6}: PAS GNIMITONGO\. LIEU = BANKASS/BKS'
	is 'the villager hears nothing' "$(submits +22376000005)" ''
}

# refused_place NUMBER PLACE SENTENCE
refused_place() {
	local out code
	# shellcheck disable=SC2086  # two words are two coordinates
	out=$(ctl place "$1" $2 2>&1)
	code=$?
	is "place $2: exit status" "$code" 1
	has "place $2: says why" "$out" "$3"
}

lasts() {
	local before
	before=$(places)
	daemon_stop
	daemon_start
	is 'after a restart: as many' "$(places)" "$before"
	has 'after a restart: the alias' "$(find_place nyimi)" '"name":"Gnimitongo"'
	check 'forget' ctl gazetteer forget Nyimi
	refused 'forgotten' 'no place is called' find nyimi
	has 'the place itself stays' "$(find_place gnimitongo)" 'Gnimitongo'
	check 'forget an import' ctl gazetteer forget ml
	refused 'its places are gone' 'no place is called' find Wolokorobo
	has 'audit: import' "$(ctl --json audit show)" '"event":"places.imported"'
	has 'audit: add' "$(ctl --json audit show)" '"event":"places.added"'
	has 'audit: forget' "$(ctl --json audit show)" '"event":"places.forgotten"'
	has 'audit: whole' "$(ctl --json audit verify)" '"whole":true'
}

settings
make_files
modem_start huawei-e3131
daemon_start
wait_for 10 modem_ready
processes=$(children | wc -w)
imports
broken
by_hand
placed
lasts
daemon_stop
[ "$failures" -eq 0 ]
