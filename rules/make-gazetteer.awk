# Merges the rows that make-gazetteer.sh collects: one row a place, with its cercle. First file: cercles.tsv.

function radians(x) { return x * 3.14159265358979 / 180 }

function kilometres(lat1, lon1, lat2, lon2,   x) {
	x = sin(radians(lat1)) * sin(radians(lat2)) + \
	    cos(radians(lat1)) * cos(radians(lat2)) * cos(radians(lon2 - lon1))
	if (x > 1)
		x = 1
	return 6371.0088 * atan2(sqrt(1 - x * x), x)
}

# Enough folding to see that two lists mean the same place; the daemon folds again, and better.
function fold(s) {
	s = tolower(s)
	gsub(/à|á|â|ã|ä|À|Á|Â/, "a", s); gsub(/è|é|ê|ë|È|É|Ê|ɛ/, "e", s); gsub(/ì|í|î|ï|Î|Ï/, "i", s)
	gsub(/ò|ó|ô|õ|ö|Ô|ɔ/, "o", s); gsub(/ù|ú|û|ü/, "u", s); gsub(/ç/, "c", s); gsub(/ɲ/, "ny", s)
	gsub(/ŋ/, "ng", s); gsub(/’|[-' ]/, "", s)
	return s
}

# Latin with its accents and hooks (lead bytes C2-CA, E1 B8-BB) or Arabic (D8-DD); not IATA codes of airports.
function wanted(alias) {
	if (alias == "" || alias ~ /^[A-Z][A-Z][A-Z]$/ || length(alias) > 47)
		return 0
	if (alias ~ /^[a-z]/)		# transliterations from other scripts, and web addresses
		return 0
	return alias ~ /^([ -~]|[\302-\312].|[\330-\335].|\341[\270-\273].)*$/
}

function add_alias(row, alias) {
	if (!wanted(alias) || alias == name[row] || index("," aliases[row] ",", "," alias ",") > 0)
		return
	aliases[row] = aliases[row] (aliases[row] == "" ? "" : ",") alias
}

# The row that is already there for this place: its name within 5 km (10 for a seat, which is a town), or one
# of its other names within 2.
function known(names, n,   i, j, list, m, row, limit) {
	for (i = 1; i <= n; i++) {
		m = split(rows_of[fold(names[i])], list, " ")
		for (j = 1; j <= m; j++) {
			row = list[j]
			limit = i > 1 ? 2 : kind[row] ~ /^PPL[AC]/ ? 10 : 5
			if (country[row] == $6 && kilometres(lat[row], lon[row], $3, $4) < limit)
				return row
		}
	}
	return 0
}

FNR == NR {
	if (/^#/ || $1 == "country")
		next
	seats++
	seat_country[seats] = $1; seat_c3[seats] = $2; seat[seats] = $3
	seat_lat[seats] = $4; seat_lon[seats] = $5; seat_region[seats] = $6; seat_kind[seats] = $8
	seat_old_region[seats] = $10; seat_old_cercle[seats] = $11
	if ($7 != "")
		by_area[$1, $7] = by_area[$1, $7] " " seats
	next
}

{
	n = split($2 "," $9, names, ",")
	row = known(names, n)
	if (row == 0) {
		row = ++rows
		name[row] = $2; lat[row] = $3; lon[row] = $4; kind[row] = $5; country[row] = $6; source[row] = $10
	} else if ($1 == 2)
		kind[row] = $5		# what cercles.tsv says is a seat is one
	if ($7 != "" && area[row] == "")
		area[row] = $7
	if ($8 > population[row])
		population[row] = $8
	for (i = 1; i <= n; i++) {
		add_alias(row, names[i])
		if (index(rows_of[fold(names[i])] " ", " " row " ") == 0)
			rows_of[fold(names[i])] = rows_of[fold(names[i])] " " row
	}
}

# Cercles made since 2012 lie inside an area that GeoNames counts as one: only the named seat itself belongs to them.
function cercle_of(row,   i, best, d, least, m, list) {
	for (i = 1; i <= seats; i++)
		if (seat_country[i] == country[row] && seat[i] == name[row] && \
		    kilometres(lat[row], lon[row], seat_lat[i], seat_lon[i]) < 5)
			return i
	if ((country[row], area[row]) in by_area) {
		m = split(by_area[country[row], area[row]], list, " ")
		return list[1]
	}
	least = 1e9
	for (i = 1; i <= seats; i++) {
		if (seat_country[i] != country[row])
			continue
		d = kilometres(lat[row], lon[row], seat_lat[i], seat_lon[i])
		if (seat_kind[i] == "PPLC" && d > 15)	# a capital is a district of its own, and no wider
			continue
		if (d < least) {
			least = d
			best = i
		}
	}
	return best
}

END {
	for (row = 1; row <= rows; row++) {
		if (kind[row] == "NOT")		# places-by-hand.tsv: there is no such place
			continue
		c = cercle_of(row)
		print name[row], lat[row], lon[row], kind[row], country[row], seat_region[c], seat[c], seat_c3[c], \
		    population[row] + 0, aliases[row], seat_old_region[c], seat_old_cercle[c], source[row]
	}
}
