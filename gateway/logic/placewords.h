/* Words that make a name a place, and names that are ordinary words. Folded, one table for each purpose. */
#ifndef TOCSIN_PLACEWORDS_H
#define TOCSIN_PLACEWORDS_H

/* Included by mention.c only: these are its tables. Every list ends with NULL. */

/*
 * Never a place, whatever stands before: they follow "village de" too ("le village de ma mere"),
 * or are what people call each other.
 */
static const char *const never_places[] = {
	/* French */
	"a", "au", "aux", "avec", "c", "ca", "ce", "ces", "cet", "cette", "d", "dans", "de", "des", "du",
	"elle", "elles", "en", "est", "et", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "lui", "m",
	"ma", "mais", "me", "mes", "moi", "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ou", "par",
	"pas", "plus", "pour", "qu", "que", "qui", "s", "sa", "sans", "se", "ses", "si", "soi", "son", "sont",
	"sur", "t", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "tu", "un", "une", "va", "vos",
	"votre", "vous", "y", "ya",
	/* English */
	"all", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "for", "he", "her", "him",
	"his", "i", "in", "is", "it", "its", "my", "no", "not", "of", "or", "our", "she", "so", "that", "the",
	"their", "them", "they", "this", "to", "us", "was", "we", "who", "you", "your",
	/* peoples and languages: "village bozo", "camp bella" */
	"arabe", "arabes", "bambara", "bambaras", "bella", "bellah", "bobo", "bozo", "bozos", "daoussahak",
	"dogon", "dogons", "dozo", "dozos", "foulbe", "fulani", "fulbe", "habe", "malinke", "maure", "maures",
	"minianka", "mossi", "peul", "peulh", "peulhs", "peuls", "senoufo", "songhai", "songhay", "songhoy",
	"soninke", "sonrai", "tamacheck", "tamachek", "tamasheq", "touareg", "touaregs",
	NULL
};

/* Ordinary words that are place names as well: only with a strong cue ("village de", a capital in mid-sentence, alone). */
static const char *const ordinary_words[] = {
	/* French */
	"aller", "ami", "ane", "avion", "bala", "balle", "banane", "bande", "bandit", "bar", "barrage", "bas",
	"base", "bebe", "bec", "belle", "ben", "bien", "bobo", "bois", "boisson", "bol", "bon", "bonjour",
	"bonne", "bord", "boule", "bout", "bravo", "brule", "but", "caisse", "camp", "cap", "car", "cas",
	"cela", "champ", "chef", "col", "colline", "cor", "cote", "coup", "cri", "cru", "dada", "dame",
	"danger", "date", "demain", "deux", "dieu", "dimanche", "dire", "dit", "dodo", "don", "dont", "dort",
	"dose", "duo", "dur", "dure", "eau", "encore", "ete", "faire", "fait", "faut", "femme", "fer", "fera",
	"feu", "fil", "fin", "foi", "foire", "fois", "fond", "force", "fort", "fosse", "fou", "fuir", "fuite",
	"fut", "gamin", "gare", "gaz", "gel", "gens", "grand", "guerre", "heure", "hier", "homme", "ici",
	"idem", "jet", "jeu", "jeune", "jour", "juin", "jus", "kilo", "kola", "lac", "lait", "lame", "liberte",
	"lire", "lit", "loi", "loin", "long", "lot", "lundi", "mai", "main", "maire", "maison", "mal",
	"malade", "mama", "maman", "mana", "manioc", "mardi", "mare", "mari", "marin", "mars", "media", "mer",
	"merci", "mere", "mil", "mine", "mission", "mode", "mort", "mot", "moto", "mur", "nez", "nom", "nord",
	"note", "nue", "nuit", "nul", "or", "orange", "ouest", "oui", "page", "paix", "pan", "panne", "papa",
	"para", "parle", "part", "pays", "peine", "perd", "pere", "peu", "peur", "pic", "pied", "pire",
	"place", "plan", "pole", "pont", "porte", "poste", "pot", "prime", "pris", "prix", "pur", "quand",
	"radio", "rame", "ras", "rat", "rien", "riz", "roi", "rose", "route", "rue", "sable", "sabre", "sac",
	"sale", "sali", "salle", "samedi", "sang", "sante", "saut", "seau", "sec", "segment", "sel", "sens",
	"sera", "serie", "set", "seul", "siege", "sire", "site", "ski", "soin", "soir", "sol", "solo", "sono",
	"sort", "sorte", "sorti", "sot", "sou", "soumis", "source", "sous", "soutien", "sud", "suite", "sure",
	"table", "tables", "tant", "tard", "tas", "tata", "taxi", "tele", "temps", "tenue", "terre", "tete",
	"thon", "tic", "tir", "tire", "tirs", "toit", "tomate", "tombe", "tombola", "tonne", "tonton", "tot",
	"total", "toto", "tour", "tri", "trois", "tue", "tuer", "vache", "van", "vente", "ver", "vers", "vie",
	"village", "vite", "voila", "voir", "voix", "vol", "vote", "vu", "zero", "zone",
	/* English */
	"bad", "bag", "big", "boy", "come", "day", "dead", "did", "die", "do", "end", "far", "fire", "food",
	"from", "go", "gone", "good", "had", "has", "have", "help", "here", "hot", "how", "if", "into", "kill",
	"killed", "know", "let", "like", "man", "many", "men", "more", "new", "now", "old", "on", "one", "out",
	"run", "sad", "said", "same", "saw", "say", "see", "some", "take", "ten", "than", "then", "there",
	"time", "today", "too", "two", "very", "war", "water", "way", "were", "what", "when", "where", "why",
	"will", "with", "yes",
	/* Bambara */
	"ala", "ba", "baara", "baba", "baga", "ban", "bana", "bara", "bari", "be", "bee", "bi", "bila", "bin",
	"bo", "boli", "bolo", "bora", "bori", "da", "dafa", "dala", "dan", "dara", "deme", "den", "di", "dia",
	"dilan", "dogo", "doni", "doro", "dugu", "fa", "faga", "fana", "fanga", "fara", "farin", "fe", "fen",
	"fila", "fo", "folo", "folow", "funu", "ga", "galo", "gosi", "ha", "hali", "hara", "jama", "jan",
	"jara", "je", "ji", "jo", "joli", "jon", "ka", "kala", "kalo", "kama", "kan", "kana", "kani", "kasi",
	"ke", "kela", "kele", "kera", "ko", "kofe", "koko", "komi", "kono", "kosebe", "kote", "koun", "kuma",
	"kun", "kunu", "kura", "la", "lo", "lon", "mako", "mara", "mina", "mogo", "mogow", "moso", "musa",
	"muso", "na", "naani", "nana", "nani", "nara", "ne", "nege", "ni", "nin", "nka", "no", "ntola", "nyan",
	"o", "olu", "sa", "saba", "sanga", "sara", "sebe", "seri", "si", "sigi", "sini", "sira", "siri",
	"sisan", "so", "sogo", "soma", "son", "soro", "su", "sugu", "suma", "ta", "taa", "taga", "tali",
	"tara", "te", "tege", "ti", "tile", "to", "togo", "toro", "tuma", "tun", "u", "wa", "waati", "wala",
	"wara", "wari", "wele", "wili", "wolo", "woro", "wula", "yala", "yan", "ye", "yele", "yen", "yere",
	"yoro",
	/* Fulfulde, Songhay, Tamasheq, Hausa */
	"ad", "as", "bone", "daga", "dagh", "duu", "goo", "haa", "hala", "jaka", "jam", "kam", "koyra",
	"kwara", "laabi", "laboo", "manga", "mi", "mo", "nane", "nda", "nder", "oo", "ra", "tan", "tin",
	"waawi", "walla", "wan", "wanda", "waro", "wodi", "wuro", "yaa", "yimbe", "yo",
	/* names of persons that villages bear too */
	"adama", "ali", "alou", "aly", "amadou", "amara", "amina", "awa", "bakary", "boubou", "bourama",
	"cisse", "coulibaly", "demba", "dembele", "diallo", "diarra", "doumbia", "drissa", "fanta", "fatou",
	"fofana", "guindo", "hamadi", "hamma", "hawa", "ibrahim", "issa", "kadia", "kante", "kassogue",
	"keita", "konate", "kone", "lamine", "madou", "maiga", "mamadou", "mariam", "modibo", "moumouni",
	"moussa", "nouhoum", "ongoiba", "oumar", "ouologuem", "ousmane", "salif", "samba", "sambo", "sangare",
	"seydou", "sidi", "sidibe", "sidiki", "sissoko", "souleymane", "tall", "tembely", "tiemoko", "toure",
	"traore", "yacouba", "youssouf", "zan",
	NULL
};

/* Towns whose names are words too, but whose loss costs more than a doubt: a weak cue ("a", "de", a neighbour) is enough. */
static const char *const known_homographs[] = {
	"bamba", "bara", "baye", "ber", "bla", "boni", "bore", "dia", "dogo", "dori", "gao", "kani", "kati",
	"kona", "koro", "lere", "nara", "pel", "sah", "san", "say", "segue", "simbi", "sio", "tonka", "tori",
	"yoro",
	NULL
};

/* Before a place. */
static const char *const words_at[] = {
	"a", "au", "aux", "dans", "sur", "chez", "at", "in", "inside", "ici", "depuis", "\xD9\x81\xD9\x8A",
	"\xD8\xB9\xD9\x84\xD9\x8A",
	NULL
};
static const char *const words_of[] = {
	"de", "d", "du", "des", "of",
	NULL
};
static const char *const articles[] = {
	"la", "le", "les", "l", "the",
	NULL
};

/* "village de X", "marche X": a strong cue. */
static const char *const place_nouns[] = {
	"village", "villages", "hameau", "campement", "camp", "ville", "localite", "quartier", "secteur",
	"fraction", "foret", "puits", "pont", "marche", "foire", "ecole", "lycee", "mosquee", "eglise",
	"barrage", "csref", "cscom", "hopital", "mairie", "dispensaire", "poste", "gare", "port", "bac",
	"colline", "mare", "forage", "aeroport", "centre", "zone", "entree", "sortie", "dugu", "wuro", "koyra",
	"town", "market", "well", "bridge", "school", "hospital", "\xD9\x82\xD8\xB1\xD9\x8A\xD8\xA9",
	"\xD9\x85\xD8\xAF\xD9\x8A\xD9\x86\xD8\xA9",
	NULL
};
/* Behind a place: "Koro dugu", "Bankass sira kan", "Gao laboo ra". */
static const char *const words_behind[] = {
	"dugu", "dugou", "sira", "kwara", "koyra", "laboo", "wuro", "kin", "village", "town", "market",
	NULL
};
static const char *const road_words[] = {
	"route", "axe", "piste", "troncon", "road", "goudron", "voie", "trajet",
	NULL
};
static const char *const between_words[] = {
	"entre", "between",
	NULL
};
static const char *const joining_words[] = {
	"et", "and", "ni", "a", "to", "jusqu", "vers",
	NULL
};

/* Roles, by the word that stands before ("pres de X"); those with "de" are read across it. */
static const char *const near_words[] = {
	"pres", "proche", "cote", "environs", "environ", "alentours", "alentour", "autour", "loin", "near",
	"around", "derriere", "\xD9\x82\xD8\xB1\xD8\xA8",
	NULL
};
static const char *const toward_words[] = {
	"vers", "direction", "destination", "toward", "towards", "to", "jusqu", "\xD9\x86\xD8\xAD\xD9\x88",
	NULL
};
static const char *const from_words[] = {
	"venant", "vient", "viennent", "venu", "venus", "venue", "venues", "provenance", "quitte", "quittent",
	"quitter", "quittant", "fui", "fuient", "fuir", "fuyant", "from", "depart", "\xD9\x85\xD9\x86",
	NULL
};
static const char *const arrival_words[] = {
	"arrive", "arrives", "arrivent", "arrivee", "arrivees", "arriver", "arrivant", "arrived", "arriving",
	"rentre", "rentres", "refugie", "refugies", "refugiees", "accueilli", "accueillis",
	NULL
};
static const char *const denial_words[] = {
	"pas", "not", "jamais",
	NULL
};
static const char *const kilometre_words[] = {
	"km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "bornes",
	NULL
};

static const struct { const char *word; uint32_t reach_m; } area_words[] = {
	{ "cercle", 40000 }, { "region", 100000 }, { "commune", 15000 }, { "arrondissement", 20000 }, { "departement", 40000 },
	{ "province", 40000 }, { "district", 40000 },
};

static const struct { const char *word; double bearing_deg; } directions[] = {
	{ "nord", 0 }, { "north", 0 }, { "sud", 180 }, { "south", 180 }, { "est", 90 }, { "east", 90 }, { "ouest", 270 },
	{ "west", 270 }, { "northeast", 45 }, { "northwest", 315 }, { "southeast", 135 }, { "southwest", 225 },
	{ "nordest", 45 }, { "nordouest", 315 }, { "sudest", 135 }, { "sudouest", 225 },
};

/* Before or behind a name: a person's, not a place's. */
static const char *const titles[] = {
	"monsieur", "mr", "m", "mme", "madame", "mlle", "docteur", "dr", "colonel", "capitaine", "lieutenant",
	"general", "commandant", "adjudant", "sergent", "caporal", "imam", "marabout", "oncle", "tante",
	"tonton", "frere", "soeur", "papa", "maman", "fils", "cousin", "cousine", "ami", "prefet",
	"gouverneur", "ministre", "president", "depute", "hadj", "hadji", "elhadj", "cheick", "cheikh",
	"nomme", "nommee", "appelle", "ag", "ould", "ben", "bint", "walet",
	NULL
};
static const char *const patronyms[] = {
	"ag", "ould", "bint", "walet",
	NULL
};

#endif
