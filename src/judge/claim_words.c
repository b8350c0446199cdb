/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a sentence says besides its claim, as far as tables of words can tell: that it holds only sometimes, for some, or from some day
 * on; that it holds for more or less than the number; and that it promises what no mark of it checks.
 */
#include <judge/claims.h>

#include <base/catch.h>
#include <base/cleanup.h>
#include <inttypes.h>
#include <string.h>

/* ---- limits ---- */

/* Honest forms of the words below, whatever the sentence is about. */
static const char honest[] =
    "without|no|ohne|keine|jede any|jede|jegliche|exception|exceptions|ausnahme|ausnahmen exception|exceptions|ausnahme|ausnahmen/"
    "without|no|ohne|keine exception|exceptions|ausnahme|ausnahmen/"
    "other|anyone|anybody|someone|somebody|people|persons|personen|person than|außer|ausser its|the|their|his|her|dem|der|den|seinem|ihrem "
    "author~|autor~|verfasser~|urheber~/"
    "than|außer|ausser its|the|their|his|her|dem|der|den|seinem|ihrem author|authors|autor|autorin|autors|verfasser|urheber/"
    "at most/most recent/half|halbe|halben|halbes year|jahr/so|as often as/"
    "no|nobody|none|never|not|cannot|niemand|kein~|nicht|nie * waive~|overrid~|overrul~|bypass~|circumvent~|skip~|omit~|umgeh~|umgangen|"
    "übergangen|übersprungen/"
    "against|gegen bypass~|circumvent~|umgeh~";

/* A sentence with one of these holds sometimes, for some, if something, or is hoped for. */
static const char limits[] =
    /* if */
    "unless|if|when|whenever|where|wherever|provided|insofar|inasmuch|sofern|insofern|soweit|insoweit|falls|wenn|sobald|solange|"
    "vorausgesetzt|vorbehaltlich/es sei denn/"
    "as|so long as/in case|cases/in as|so far/subject to availab~|discretion|exception~|agreement|workload|time|need/"
    "as|where|if|than|when possible|needed|necessary|appropriate|applicable|practicable|feasible|reasonable/"
    "wo|nach|bei möglich~|sinnvoll|nötig|machbar|angemessen|erforderlich|zumutbar|bedarf/"
    /* but not */
    "except~|excluding|exempt~|exemption~|barring|excused|ausnahme~|ausgenommen|außer|ausser|abgesehen|befreit|dispens~|waive~|overrid~|"
    "overrul~|bypass~|circumvent~|skip|skips|skipped|omit~|umgeh~|umgangen|übergangen|übersprungen|discretion~|ermessen|entfällt|"
    "entfallen|verzicht~/"
    "other than/apart|aside from/save|but for/all|alle but|bis/bis auf/"
    "or|oder|bzw * explain~|explanation|justif~|document~|reason|excuse~|begründ~|erklär~|dokumentier~|vermerk~|notier~|not|nicht|"
    "otherwise/"
    /* how often, how many, which */
    "rarely|seldom|hardly|scarcely|sometimes|occasionally|mostly|partly|partially|generally|typically|usually|normally|commonly|"
    "frequently|often|ideally|preferably|mainly|largely|predominantly|primarily|nearly|almost|practically|virtually|selten|kaum|"
    "manchmal|gelegentlich|teilweise|teils|meist|meistens|zumeist|oft|häufig|gewöhnlich|üblicherweise|normalerweise|grundsätzlich|"
    "prinzipiell|idealerweise|überwiegend|größtenteils|weitgehend|vorwiegend|hauptsächlich|mehrheitlich|möglichst|gegebenenfalls|ggf|"
    "bedarfsweise|nahezu|beinahe|fast/"
    "in|im|as|zum general|principle|allgemeinen|prinzip|normalfall|regelfall|rule|teil/in der regel/"
    "most|many|some|several|few|half|majority|certain|selected|important|major|significant|larger|bigger|non-trivial|nontrivial|viele|"
    "einige|manche|mehrere|wenige|etliche|bestimmte|ausgewählte|hälfte|mehrheit|prozent|percent|wichtige|wichtigen|größere|größeren|"
    "wesentliche|wesentlichen|nennenswerte~/die meisten/"
    "only|nur on|auf|bei/"
    /* not now, not surely */
    "false|untrue|falsch|unwahr|soon|eventually|planned|plan|plans|geplant|planen|intend~|beabsichtig~|demnächst|künftig|zukünftig|"
    "vorerst|vorläufig|formerly|previously|bislang|ehemals|damals|früher|strive~|streben|strebt|angestrebt|aim|aims|try|tries|attempt~|"
    "bemüh~|versuchen|versucht|recommend~|empfohlen|empfiehlt|empfehlen|encourage~|desirable|wünschenswert|advised|advisable|ratsam|suggest~|"
    "probably|likely|presumably|supposedly|hopefully|hope|believe|think|wahrscheinlich|vermutlich|hoffentlich|angeblich|goal|ziel/"
    "used to/in future|zukunft/until further|now/for the time/for|right now";

/* "may be signed" promises nothing, and people who may do something are what a sentence can be about. */
static const char rights[] =
    "who may|can|could * what/who may|can/wer|wem|welche~ * darf|dürfen|kann|können/"
    "what everybody|everyone|somebody|someone|people|they|he|she may|can/"
    "may|can|darf|dürfen|kann|können * not|only|never|no|nicht|nur|kein~|nie|niemals|niemand|weder|erst|ausschließlich/"
    "not|only|no|nobody|none|never|nothing|nicht|nur|kein~|niemand|nie|niemals|nichts|ausschließlich * may|can|darf|dürfen|kann|können/"
    "only|no|nobody|nur|kein~|niemand * , * , may|can|darf|dürfen|kann|können";
static const char leaves_open[] =
    "may|can|could|might|should|kann|können|könnte|könnten|darf|dürfen|dürfte|dürften|sollte|sollten|optional|freiwillig|voluntarily";

/* ---- what is peculiar to kinds ---- */

/* "is built only when ...", "is blocked unless ...", "if tests fail, ..." */
#define ONLY_WHEN(acts)                                                                \
	acts " only when|if|once|after|wenn/only|nur|erst " acts " when|if|once|after|wenn|sobald|nachdem/" \
	"only|nur|erst " acts " , when|if|once|wenn|sobald|nachdem/nur|erst dann " acts " , wenn"
#define MERGED "merged|accepted|integrated|gemergt|übernommen|angenommen|eingespielt"
#define BUILT "built|released|published|shipped|gebaut|veröffentlicht|ausgeliefert"
#define BLOCKED "blocked|stopped|refused|prevented|blockiert|verhindert|gestoppt|abgelehnt"

struct peculiar {
	const char *kind;
	const char *conditions; /* such a sentence may name them and still hold always */
	const char *counted;    /* what its number counts */
	bool lasts;             /* its period is the least, not the most */
};

static const struct peculiar peculiars[] = {
	{ "reviewed-changes", ONLY_WHEN(MERGED), NULL, false },
	{ "traced-changes", ONLY_WHEN(MERGED), NULL, false },
	{ "gated-releases",
	    ONLY_WHEN(BUILT) "/" BLOCKED " unless|until|if|when|bis|wenn|solange/" BLOCKED " , unless|until|if|when|bis|wenn|solange/"
	    "if|when|wenn|sobald|falls * fail~|fehlschl~|scheiter~|fehlgeschl~", NULL, false },
	{ "reviewers", ONLY_WHEN(MERGED),
	    "reviewer~|people|person|persons|personen|approv~|freigab~|other|others|ander~|prüfer~|kolleg~|colleague~|developer~|"
	    "entwickler~|engineer~|member~|mitglied~|mitarbeit~|independent|unabhängig~", false },
	{ "people", NULL,
	    "people|person|persons|personen|develop~|entwickler~|mitarbeit~|engineer~|member~|mitglied~|named|holder~", false },
	{ "retention", NULL, NULL, true },
};

static const struct peculiar *
peculiar_of(const struct claim *claim)
{
	static const struct peculiar none = { "", NULL, "", false };
	for (size_t i = 0; i < sizeof peculiars / sizeof peculiars[0]; i++) {
		if (strcmp(peculiars[i].kind, claim->kind->name) == 0)
			return &peculiars[i];
	}
	return &none;
}

bool
claim_counts(const struct claim *claim, const char *sentence)
{
	return docs_counts(sentence, claim->number.value, peculiar_of(claim)->counted);
}

/* ---- bounds ---- */

static const char *const no_less[] = { "no|not|nicht fewer|less|weniger|more|mehr|longer|länger|later|später than|als/"
				       "not|nicht * more|mehr|longer|länger than|als/at|am most|least of|all", NULL };
static const char too_few[] = "at most|maximum/höchstens|maximal|maximum/up to/bis zu/fewer|less|under|weniger than|als/unter";
static const char too_much[] = "at least|minimum/mindestens|minimal/more|longer|mehr|länger than|als/über";
static const char too_seldom[] = "at most every|once|twice|yearly|annually|quarterly|monthly/"
				 "höchstens|maximal alle|einmal|zweimal|jährlich~|vierteljährlich~|monatlich~/no|not|nicht more|öfter|häufiger often|als/"
				 "less|seltener often|als/earliest|frühestens/after|for|nach|für at least/nach|für mindestens/no|not earlier|sooner than";

/* "at most two people" isn't "two people", nor "at least 300 seconds" "300 seconds". */
static bool
bounds_wrongly(const struct claim *claim, const char *sentence)
{
	static const char *const nothing[] = { NULL };
	if (claim->number.value == 0)
		return false;
	if (claim->kind->parameter == CLAIM_SECONDS)
		return docs_says_besides(sentence, no_less, too_much);
	if (claim->kind->parameter == CLAIM_NUMBER || peculiar_of(claim)->lasts)
		return docs_says_besides(sentence, no_less, too_few) || docs_says(sentence, "no|not|nicht more|mehr than|als");
	return docs_says_besides(sentence, nothing, too_seldom);
}

bool
claim_limited(const struct claim *claim, const char *sentence)
{
	const char *const struck[] = { honest, peculiar_of(claim)->conditions, NULL };
	static const char *const about_rights[] = { rights, NULL };
	return docs_says_besides(sentence, struck, limits) || docs_says_besides(sentence, about_rights, leaves_open)
	    || bounds_wrongly(claim, sentence);
}

/* ---- more than the claim ---- */

/* What no mark promises that isn't about it: its words, or the sentence that is written for it, speak of it. */
static const struct {
	const char *what, *words;
} topics[] = {
	{ "signatures", "signed|unsigned|signature|signatures|signiert~|unsigniert~|signatur|signaturen" },
	{ "reviews or approvals", "review|reviews|reviewed|approve~|approval~|freigegeben|freigabe|freigaben|vier-augen~" },
	{ "encryption", "encrypt~|verschlüsselt|verschlüsselung" },
	{ "backups", "backup~|backed-up|restore~|sicherungskopie~|wiederherg~/backed up" },
	{ "a second factor", "mfa|2fa|two-factor|multi-factor|zwei-faktor~|mehr-faktor~/second factor/zweite~ faktor" },
	{ "training", "trained|training|trainings|geschult|schulung|schulungen" },
	{ "firewalls", "firewall~|proxy|proxies" },
	{ "scans for malware", "malware|virus|viruses|antivirus|schadsoftware|virenscan~" },
	{ "logs", "logged|logging|monitored|protokolliert|überwacht" },
};

static bool
speaks_of(const struct claim_kind *k, const char *words)
{
	/* What such a kind speaks of is its parameter. */
	if (k->parameter == CLAIM_WORD && k->english[0] == '%')
		return true;
	return docs_says(k->says, words) || docs_says(k->english, words) || docs_says(k->german, words);
}

static bool
covers(const struct claim *claim, const struct docs_number *n)
{
	const struct claim_kind *k = claim->kind;
	if (k->english == NULL)
		return true;
	/* Whoever speaks of dual control says "two". */
	if (n->unit == DOCS_COUNT && n->value == 2 && docs_says("two", k->says))
		return true;
	const enum docs_unit unit = k->parameter == CLAIM_SECONDS ? DOCS_SECONDS : claim->number.unit;
	return claim->number.value > 0 && claim->number.value == n->value && unit == n->unit;
}

static bool
any_covers(const struct claim *claims, size_t count, const struct docs_number *n)
{
	for (size_t i = 0; i < count; i++) {
		if (covers(&claims[i], n))
			return true;
	}
	return false;
}

static bool
any_speaks_of(const struct claim *claims, size_t count, const char *words)
{
	for (size_t i = 0; i < count; i++) {
		if (claims[i].kind->english == NULL || speaks_of(claims[i].kind, words))
			return true;
	}
	return false;
}

static const char *
in_words(struct arena *arena, const struct docs_number *n)
{
	static const char *const units[] = { "", " seconds", " days", " months", "" };
	if (n->unit == DOCS_UNREAD_NUMBER)
		return "a number that can't be compared";
	return arena_printf(arena, "%" PRIu32 "%s", n->value, units[n->unit]);
}

enum assay_status
claim_says_more(const struct claim *claims, size_t count, const char *sentence, struct arena *arena, const char **ret_what,
    struct assay_error *err)
{
	struct docs_number numbers[DOCS_NUMBERS_MAX];
	static const char *const off[] = { "signed|signs|sign off", NULL };
	const size_t stated = docs_numbers(sentence, numbers);
	*ret_what = stated == DOCS_NUMBERS_MAX ? "many numbers" : NULL;
	for (size_t i = 0; i < stated && *ret_what == NULL; i++) {
		const bool how_many = !numbers[i].article || numbers[i].unit != DOCS_COUNT;
		if (!CATCH(sentence_more_numbers, how_many && !any_covers(claims, count, &numbers[i])))
			continue;
		*ret_what = in_words(arena, &numbers[i]);
		if (*ret_what == NULL)
			return arena_full(err);
	}
	for (size_t i = 0; i < sizeof topics / sizeof topics[0] && *ret_what == NULL; i++) {
		const bool says = docs_says_besides(sentence, off, topics[i].words);
		if (CATCH(sentence_more_topics, says && !any_speaks_of(claims, count, topics[i].words)))
			*ret_what = topics[i].what;
	}
	return ASSAY_OK;
}

/* "This does not apply to robots", in a sentence of its own. */
bool
claim_takes_out(const char *sentence)
{
	static const char *const struck[] = { honest, NULL };
	return docs_says_besides(sentence, struck, "exempt~|exemption~|ausgenommen|befreit|exception|exceptions|ausnahme|ausnahmen|except/"
						   "do|does not|never apply|hold/doesn't|don't apply|hold/gilt|gelten * nicht/außer/"
						   "^ unless|except|excepting/^ es sei denn/^ nicht aber");
}
