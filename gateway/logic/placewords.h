/* Words that make a name a place, and names that are ordinary words. Folded, one table for each purpose. */
#ifndef TOCSIN_PLACEWORDS_H
#define TOCSIN_PLACEWORDS_H

#include <stddef.h>
#include <stdint.h>

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
	/* countries, and the river: too wide to say where */
	"afrique", "algerie", "burkina", "france", "guinee", "mali", "mauritanie", "niger", "sahel", "senegal",
	"soudan",
	"angola", "benin", "cameroun", "chine", "congo", "egypte", "gabon", "gambie", "ghana", "guinea", "kenya", "liberia",
	"libye", "maroc", "nigeria", "russie", "rwanda", "somalie", "tchad", "togo", "tunisie", "turquie", "ukraine",
	/* greetings and blessings */
	"alhamdoulilah", "alhamdulillah", "aleikoum", "aleykoum", "akbar", "alaykum", "allah", "allahou", "allahu", "amina", "barka", "inchallah", "mabrouk",
	"salam", "salaam", "sallah", "salamaleikoum", "samay", "walay", "wallah",
	NULL
};

/* Peoples and languages: no places ("village bozo", "camp bella") but at the end of a name ("Libe Peulh"). */
static const char *const peoples[] = {
	"arabe", "arabes", "bambara", "bambaras", "bella", "bellah", "bobo", "bozo", "bozos", "daoussahak",
	"dogon", "dogons", "dozo", "dozos", "foulbe", "fulani", "fulbe", "habe", "malinke", "maure", "maures",
	"minianka", "mossi", "peul", "peulh", "peulhs", "peuls", "senoufo", "songhai", "songhay", "songhoy",
	"soninke", "sonrai", "tamacheck", "tamachek", "tamasheq", "touareg", "touaregs",
	NULL
};

/* Ordinary words that are place names as well: only with a strong cue ("village de", a capital in mid-sentence, alone). */
static const char *const ordinary_words[] = {
	/* French */
	"aller", "amere", "ami", "ane", "arbre", "avion", "bague", "bala", "balani", "bali", "balle", "banane", "banco",
	"bande", "bandit", "bar", "barbe", "barrage", "bas", "base", "basse", "batie", "bebe", "bec", "belle",
	"ben", "beni", "bergerie", "beta", "bete", "bien", "ble", "bois", "boisson", "bol", "bon", "bonjour",
	"bonne", "bord", "boule", "bourgou", "bout", "bravo", "brule", "caisse", "camp", "cap", "car", "cas", "cela",
	"champ", "chef", "chie", "col", "colline", "cor", "cote", "coup", "cri", "cru", "dada", "dame",
	"danger", "dansa", "danser", "date", "demain", "denie", "deux", "dieu", "dimanche", "dira", "dire",
	"dit", "dite", "dodo", "dome", "don", "dont", "dort", "dose", "doua", "duo", "dur", "dure", "eau",
	"encore", "ete", "faire", "fait", "faut", "femme", "fer", "fera", "feu", "fil", "fin", "foi", "foire",
	"fois", "fond", "force", "fore", "fort", "fosse", "fou", "fuir", "fuite", "fut", "gagna", "gale",
	"gamin", "gare", "gaz", "gel", "gens", "grand", "grottes", "guere", "guerre", "heure", "hier", "homme",
	"ici", "idem", "issa", "jet", "jeu", "jeune", "jour", "juin", "jus", "kilo", "kiri", "kola", "lac",
	"lait", "lame", "lasse", "liberte", "lire", "lit", "loi", "loin", "long", "lot", "loua", "louer",
	"lundi", "mai", "main", "maire", "maison", "mal", "malade", "male", "malle", "mama", "maman", "mana",
	"mande", "mania", "manie", "manioc", "mardi", "mare", "marigo", "marigot", "mari", "marin", "mars", "massa", "masse",
	"massi", "mata", "matin", "media", "mena", "mene", "mer", "merci", "mere", "messe", "mil", "mima",
	"mine", "mini", "minima", "mission", "mode", "mono", "more", "mort", "mot", "moto", "moue", "mourra",
	"mur", "nene", "nez", "nom", "nono", "nord", "note", "noye", "nue", "nuit", "nul", "orange", "ouest",
	"oui", "page", "paix", "pan", "panne", "papa", "para", "pare", "pari", "parle", "part", "passa",
	"patine", "pays", "peine", "pele", "pene", "perd", "pere", "perla", "peu", "peur", "pic", "pied",
	"pique", "pire", "place", "plan", "pole", "pont", "porte", "poste", "pot", "prime", "pris", "prix",
	"pur", "pure", "quand", "radio", "rame", "ras", "rat", "rien", "riz", "roi", "rose", "route", "rue",
	"sable", "sabre", "sac", "sage", "sake", "sale", "sali", "salle", "samedi", "sang", "sante", "saut",
	"seau", "sec", "segment", "sekou", "sel", "seme", "sene", "sens", "senti", "sera", "serie", "set",
	"seul", "severe", "siege", "sien", "sire", "site", "ski", "soin", "soir", "sol", "sole", "solo",
	"sono", "sort", "sorte", "sorti", "sot", "sou", "soufi", "souk", "soumis", "source", "sous", "soute",
	"soutien", "sud", "suite", "sure", "table", "tables", "tabou", "tant", "tar", "tard", "tas", "tata",
	"taxi", "tele", "temps", "tende", "tenue", "terre", "tete", "thon", "tic", "tiede", "tien", "tiens",
	"tir", "tira", "tire", "tires", "tirs", "titre", "toit", "tole", "tomate", "tomba", "tombe", "tombola",
	"tonne", "tonton", "tot", "total", "toto", "tour", "tri", "trois", "tuba", "tue", "tuer", "vache",
	"van", "vente", "ver", "vers", "vie", "village", "vite", "voila", "voir", "voix", "vol", "vote", "vu",
	"zero", "zinzin", "zone",
	/* English */
	"bad", "bag", "big", "boy", "come", "day", "dead", "did", "die", "do", "end", "far", "fire", "food",
	"from", "go", "gone", "good", "had", "has", "have", "help", "here", "hot", "how", "if", "into", "kill",
	"killed", "know", "let", "like", "man", "many", "men", "new", "now", "old", "one", "out", "run", "sad",
	"said", "same", "saw", "see", "some", "take", "ten", "than", "then", "there", "time", "today", "too",
	"two", "very", "war", "water", "way", "were", "what", "when", "where", "why", "will", "with", "yes",
	NULL
};

/* The same in languages of the Sahel; among French words they need less: a weak cue. */
static const char *const sahel_words[] = {
	/* Bambara */
	"ala", "alaya", "asi", "ba", "baara", "baba", "baga", "bagan", "balan", "bamana", "ban", "bana",
	"banifin", "banna", "bari", "baro", "bato", "bee", "bena", "bere", "bi", "bila", "bilali", "bin",
	"bira", "bo", "bogo", "boh", "boli", "bolo", "bora", "bori", "boto", "chioni", "da", "daba", "dafa",
	"dafara", "dala", "dali", "dan", "danga", "dankan", "dara", "deme", "demeni", "den", "di", "dilan",
	"dili", "dimi", "dinge", "dingue", "donba", "dongo", "doni", "doro", "dougouba", "dugu", "duguba",
	"fa", "faga", "fali", "fan", "fana", "fanga", "fara", "farala", "farama", "fari", "farin", "faso",
	"fe", "fen", "fila", "fini", "fo", "folo", "folow", "foni", "foro", "foroko", "fourou", "funu", "furu",
	"ga", "galo", "gosi", "ha", "hali", "hara", "jama", "jamana", "jan", "jara", "ji", "jigi", "jo",
	"joli", "jon", "ka", "kaba", "kaban", "kaia", "kala", "kalan", "kali", "kallan", "kalo", "kama",
	"kamalen", "kamba", "kan", "kana", "kanba", "kanga", "kangare", "kangari", "karaba", "kari", "kasi",
	"ke", "kela", "kele", "kelen", "keleya", "keme", "kemena", "kene", "kenema", "kenesso", "kenye",
	"kenyereye", "kenyie", "kera", "kere", "kerin", "kira", "ko", "koba", "kofe", "kogo", "koko", "koli",
	"kolo", "kolon", "koloni", "komi", "komogo", "kongo", "kongoba", "koni", "konkon", "kono", "konona",
	"kora", "kosa", "kosebe", "kote", "koun", "kouna", "koungo", "kuma", "kun", "kuna", "kungo", "kunu",
	"kura", "laban", "labo", "lamini", "lo", "lon", "mada", "maga", "mago", "mako", "makono", "malo",
	"mara", "marka", "mina", "misen", "misira", "mogo", "mogow", "mori", "moso", "mugu", "musa", "muso",
	"na", "naani", "nali", "nana", "nani", "nege", "neni", "nere", "ngala", "ngomi", "niena", "nin", "nka",
	"nogo", "ntola", "ntolatan", "ntori", "nyama", "nyan", "nyine", "o", "olu", "saalo", "saba", "sabali",
	"sabara", "sabare", "saga", "sagola", "sama", "samari", "sanga", "sani", "sara", "saraka", "saran",
	"saya", "sebe", "segen", "segi", "senou", "senu", "seri", "sigi", "sili", "sine", "sini", "sinsin",
	"sion", "sira", "siri", "sirila", "siro", "sisan", "soba", "sogo", "solomani", "soma", "sona", "soni",
	"sonson", "sooni", "soro", "soroba", "soroli", "sorona", "soso", "su", "sugu", "suma", "sunkalo",
	"taa", "taga", "tali", "tama", "taman", "tanga", "tara", "tege", "teli", "tena", "tenin", "teri", "ti",
	"tibi", "tila", "tile", "togo", "tomo", "tono", "tora", "toro", "toura", "tuma", "tun", "tura", "u",
	"wa", "waati", "wala", "wara", "wari", "wele", "wili", "wolo", "woro", "woyo", "wula", "wuli", "yala",
	"yan", "ye", "yele", "yen", "yera", "yere", "yereyere",
	/* Fulfulde, Songhay, Tamasheq, Hausa */
	"ad", "bone", "daga", "dagh", "duu", "goo", "haa", "hala", "jaka", "jam", "kam", "koyra", "kwara",
	"laabi", "laboo", "manga", "mi", "mo", "nane", "nda", "nder", "oo", "ra", "tan", "tin", "waawi",
	"walla", "wan", "wanda", "waro", "wodi", "wuro", "yaa", "yimbe", "yo",
	NULL
};

/* Names of persons that villages bear too; a capital and "chez" say nothing of a place. */
static const char *const person_names[] = {
	"adama", "ali", "alou", "aly", "amadou", "amara", "amina", "awa", "bakary", "boubou", "bourama",
	"cisse", "coulibaly", "demba", "dembele", "diallo", "diarra", "doumbia", "drissa", "fanta", "fatou",
	"fofana", "guindo", "hamadi", "hamma", "hawa", "ibrahim", "kadia", "kante", "kassogue", "keita",
	"konate", "kone", "lamine", "madou", "maiga", "mamadou", "mariam", "modibo", "moumouni", "moussa",
	"nouhoum", "ongoiba", "oumar", "ouologuem", "ousmane", "salif", "samba", "sambo", "sangare", "seydou",
	"sidi", "sidibe", "sidiki", "sissoko", "souleymane", "tall", "tembely", "tiemoko", "toure", "traore",
	"yacouba", "youssouf", "zan",
	"abdou", "abdoul", "abdoulaye", "aboubacar", "adiza", "aguibou", "ahmadou", "ahmed", "aichata", "aissata", "alassane",
	"alhassane", "alpha", "aminata", "arouna", "assan", "assitan", "ba", "bagayoko", "balla", "bamba", "barry", "bintou",
	"boubacar", "bouba", "bourema", "camara", "cheick", "dabo", "daouda", "dembo", "diabate", "diakite", "diassana", "dicko",
	"djeneba", "djibril", "dolo", "dramane", "fanta", "fode", "founeke", "gaoussou", "guindo", "habib", "hamidou",
	"haidara", "hamadoun", "harouna", "hassan", "ibrahima", "idrissa", "ismael", "issiaka", "kadidia", "kadiatou",
	"karim", "kassim", "koita", "koulibaly", "kouyate", "lassana", "lassine", "mahamadou", "mahamane", "malick",
	"mamady", "mamoutou", "mariko", "mahamat", "mohamed", "moctar", "nana", "niang", "niare", "oumou", "ousseini", "rokia",
	"sadio", "safiatou", "sagara", "saliou", "salimata", "samake", "sanogo", "saran", "sekouba", "seriba", "sibiri", "sidibe",
	"sidy", "sira", "sissoko", "soumaila", "soumare", "sow", "tamboura", "tangara", "tapily", "theodore", "togola", "yaya",
	"younoussa", "zakaria", "zoumana",
	NULL
};

/* Towns whose names are words too, but whose loss costs more than a doubt: a weak cue ("a", "de", a neighbour) is enough. */
static const char *const known_homographs[] = {
	"bama", "bamba", "bara", "baye", "ber", "bla", "boni", "bore", "dia", "dogo", "dori", "gao", "kani",
	"kati", "kollo", "kona", "konna", "koro", "laye", "lere", "mane", "nara", "pel", "sah", "san", "say",
	"segue", "simbi", "sio", "songo", "toma", "tonka", "tori", "yoro",
	NULL
};

/* Of the known ones, those that are English words: in an English text not enough. */
static const char *const english_homographs[] = {
	"bore", "mane", "say",
	NULL
};

/* "a dire" is Dire and "to say" too: never behind or before one of these. */
static const char *const before_to_say[] = {
	"rien", "chose", "choses", "trop", "beaucoup", "peu", "mot", "mots", "est", "c", "cest", "ai", "as", "ont", "avons", "avez",
	"avait", "encore", "pas", "plus", "facile", "difficile", "dur", "dure", "jusqu", "tenu", "tient",
	"tiens", "reste", "commence", "continue", "cherche", "veut", "honte", "peur", "j", "ce",
	NULL
};
static const char *const after_to_say[] = {
	"que", "qu", "ke", "k", "vrai", "la", "le", "les", "a", "au", "aux", "un", "une", "si", "pourquoi", "comment", "bonjour", "merci", "oui",
	"non", "tout", "rien", "quoi", "ca", "sa",
	NULL
};

/* What tells the languages apart. "a", "de", "la", "ni" are in both. */
static const char *const french_marks[] = {
	"le", "les", "des", "du", "une", "est", "sont", "dans", "sur", "pour", "ils", "nous", "et", "un", "on", "village", "qui",
	NULL
};
static const char *const english_marks[] = {
	"the", "they", "you", "we", "is", "are", "was", "of", "and", "with", "have", "not", "for", "from", "he", "she", "this", "that",
	"there", "very", NULL
};
static const char *const bambara_marks[] = {
	"ye", "be", "bee", "ka", "ko", "tun", "min", "nana", "taa", "don", "aw", "an", "kelen", "b", "k", "y", "te", "ma", "kono",
	"kan", "bora", "sisan", "wa", "mogo", "mogow", "nin", "o", "u", NULL
};

/* What names of several words may begin with, though it is a word by itself: "I-n-Ekar", "El Oualadji". */
static const char *const particles[] = {
	"el", "i", "in", "m", "n", "ti", "tin",
	NULL
};

/* Before a place. */
static const char *const words_at[] = {
	"a", "au", "aux", "o", "dans", "dan", "ds", "den", "sur", "chez", "at", "in", "inside", "ici", "depuis", "\xD9\x81\xD9\x8A",
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
	"village", "wuro", "hameau", "campement", "camp", "ville", "localite", "quartier", "secteur",
	"fraction", "foret", "puits", "pont", "marche", "foire", "ecole", "lycee", "mosquee", "eglise",
	"barrage", "csref", "cscom", "hopital", "mairie", "dispensaire", "poste", "gare", "port", "bac",
	"colline", "mare", "forage", "aeroport", "centre", "zone", "entree", "sortie",
	"town", "market", "well", "bridge", "school", "hospital", "\xD9\x82\xD8\xB1\xD9\x8A\xD8\xA9",
	"\xD9\x85\xD8\xAF\xD9\x8A\xD9\x86\xD8\xA9",
	NULL
};
/* Behind a place: "Koro dugu", "Bankass sira kan", "Gao laboo ra". */
static const char *const words_behind[] = {
	"dugu", "dugou", "fan", "sira", "kwara", "koyra", "laboo", "kin", "village", "town", "market",
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
/* Behind two places with "ni" between: Bambara for between them. */
static const char *const between_behind[] = {
	"ce", "cema", "cemance", "cemanceyoro", "furance", "furence",
	NULL
};
/* "deplaces de X": where they come from. */
static const char *const people_words[] = {
	"deplace", "deplaces", "deplacees", "deplacer", "exode", "familles", "fuyards", "gens", "habitants", "population", "populations",
	"refugies", "rescapes", "ressortissants", "survivants", "villageois",
	NULL
};
static const char *const joining_words[] = {
	"et", "and", "ni", "a", "to", "jusqu", "vers",
	NULL
};

/* Roles, by the word that stands before ("pres de X"); those with "de" are read across it. */
static const char *const near_words[] = {
	"pres", "proche", "cote", "cotes", "kote", "environs", "environ", "alentours", "alentour", "autour", "loin", "near",
	"around", "derriere", "\xD9\x82\xD8\xB1\xD8\xA8",
	NULL
};
static const char *const toward_words[] = {
	"vers", "ver", "direction", "destination", "toward", "towards", "to", "jusqu", "\xD9\x86\xD8\xAD\xD9\x88",
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
	"pas", "non", "not", "jamais",
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
