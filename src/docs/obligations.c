/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which sentences oblige somebody. Tables of words: what only looks like an obligation is struck out first, then one match of
 * the second table is enough. tests/docs/obligations.tsv says how well that works.
 */
#include "words.h"

#include <string.h>

/* Patterns as docs_says() has them. '^' stands for the sentence's beginning. */
static const char *const harmless[] = {
	/* English: what need not be, what is inferred, aims and phrases */
	"must|should|could|might|may have been",
	"a|the must",
	"must-have~",
	"not|never required|obliged|obligated|mandatory|necessary",
	"no longer required|mandatory|necessary|obliged",
	"not|never have|has|had to",
	"is|are not|never * required|mandatory",
	"needn't|doesn't|don't|didn't need|have to",
	"no|without obligation|need|requirement",
	"not need to",
	"aim|aims|purpose|goal|goals|objective|objectives|idea|intent|intention|task|job|point|plan|trick|way * is|are|was to",
	"is|are to be|come found|seen|expected|read|understood",
	"is|are to blame|date|come",
	"ha~ to do with",
	"used to",
	"nothing|not forbidden|prohibited|mandatory",
	"nothing is required",
	"if|when|where|once|as required|needed|necessary",
	"required reading|field|fields|by|knowledge|skills|time",
	"may not only",
	"may not be|have|know|see|notice|realise|realize|happen|seem|look obvious|clear|known|enough|visible|apparent",
	"may not know|notice|realise|realize|seem|matter|happen",
	"only|merely a|an|the example",
	"never been|happened|was|were|had|mind",
	"do|does not know|exist|matter|mean|apply|contain|cover|change|say|describe|replace|affect",
	"i|we|you|one|he|she|they had to",
	"nobody|none * has|had|was|were|knows|knew|noticed|is",
	"no one * has|had|was|were|knows|knew|noticed|is",
	"of may",
	"in|since|until|by|from|late|early|mid|last|next|th may",
	"may 19~|20~|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30|31",
	/* German */
	"muss|müssen|musst nicht|kein~",
	"muss|müssen * nicht|keine|keinen|kein",
	"nicht|kein|keine|nie * zu müssen",
	"ohne|nicht * verpflichtet",
	"nicht|nie verpflichtet|erforderlich|notwendig|verbindlich|nötig|zwingend|vorgeschrieben|verboten|untersagt",
	"niemand|keiner ist|sind|wird verpflichtet|gezwungen",
	"~zungen/zurückzuführen/zuzüglich/dazu|hinzu|herzu|wozu",
	"keine|ohne pflicht|verpflichtung|vorschrift",
	"nicht|nichts mehr|länger erforderlich|notwendig|nötig",
	"braucht|brauchen nicht|kein~",
	"bei|wenn|falls|sofern|soweit bedarf|erforderlich|notwendig|nötig",
	"nach|je|über|den bedarf",
	"ist|war|sind es ,",
	"ziel|ziele|zweck|aufgabe|absicht|sinn|idee|anliegen|plan * ist|sind|war|besteht * zu",
	"ziel|ziele|zweck|aufgabe|absicht|sinn|idee|anliegen|plan * ist|sind|war|besteht",
	"zu groß|klein|hoch|niedrig|lang|kurz|alt|spät|früh|viel|wenig|teuer|langsam|schnell|weit|knapp|aufwendig|komplex",
	"ist|sind|war * zu finden|sehen|ersehen|entnehmen|erwarten|verstehen|lesen|erkennen|verdanken|danken|befürchten|hause",
	"ha~ * möglichkeit|recht|gelegenheit|befugnis|zeit|zugang|lust|wahl|chance",
	"ha~ damit|nichts|viel|wenig|etwas|mit|das * zu tun",
	"ha~ * zu kämpfen|tun",
	"soll|sollen * heißen|bedeuten|gewesen|sein|haben|helfen|zeigen|erklären|erläutern|dienen|erleichtern",
	"was|wozu|warum soll|sollen",
	"das|ein|kein muss ist|war|bleibt|,",
	"darf|dürfen nicht|nur|keine|kein vergessen|verwundern",
	"darf|dürfen * nicht verwundern",
	"zu diesem|dem|der|den|einem|einer|jedem|jeder",
	"erst|nur|nie|niemals * hat|hatte|war|waren|wurde|wurden",
	"nicht|kein~ * gestattet|erlaubt|zulässig * war|waren|wäre",
};

static const char *const binding[] = {
	/* English */
	"must|shall|mustn't|shan't",
	"is|are|be|being|remain|remains required|obliged|obligated|mandatory|compulsory|prohibited|forbidden|banned|disallowed",
	"is|are * required|obliged|obligated to",
	"is|are strictly|expressly|explicitly|always|generally|therefore|hereby required|prohibited|forbidden|mandatory|obliged",
	"is|are not|never permitted|allowed|acceptable|admissible|tolerated|authorised|authorized|to",
	"is|are * not|never permitted|allowed|tolerated",
	"it is|remains mandatory|forbidden|prohibited|obligatory",
	"mandatory|obligatory for",
	"has|have to",
	"need|needs to be",
	"need|needs to",
	"is|are to be|never|always|only",
	"is|are to ~e|sign|report|lock|check|keep|wear|obtain|request|confirm|record|inform|follow|hold|enter|ask|send|return|"
	"attend|treat|protect|encrypt|wait|submit|log|revoke|document|protect|perform|carry|seek|run|rest|stay",
	"may|can|could|might not|never|only",
	"may|can * only",
	"may|can be * only",
	"only * may|can",
	"^ only|nobody|none * , * , may|can",
	"nobody|none|neither * may|can",
	"no one * may|can",
	"no|none * may|can",
	"no * is|are permitted|allowed|accepted|tolerated",
	"cannot * without|unless|until|before",
	"can't * without|unless|until",
	"is|are responsible|accountable|liable for",
	"ensures|ensure that",
	"is|are only|solely permitted|allowed",
	"is|are permitted|allowed|accepted only|solely",
	"^ never|always|ensure|do|don't not|~",
	"^ don't ~",
	"under no circumstances/out of the question",
	"is|are expected to",
	"is|are|be rejected|refused|blocked",
	"is|are the duty|obligation|responsibility of",
	"will be ~ed|kept|sent|done|made|given|taken|withdrawn|held|shown|written",
	"will review|approve|check|rotate|sign|keep|verify|report|confirm|remove|revoke|record|store|inform",
	"is|are due|subject * to approval|review|sign-off",
	"requires|require * approval|approvals|review|reviews|signature|signatures|sign-off|consent|permission|authorisation|"
	"authorization|justification|confirmation|second|two|at|evidence|a|an|the|that",
	"^ sign|keep|use|report|rotate|store|review|lock|pin|record|document|encrypt|revoke|remove|delete|request|check|verify|"
	"protect|restrict|limit|log|back|avoid|make|obtain|inform|treat|change|enable|disable|apply|follow|give|grant|set|write "
	"all|every|each|any|the|your|a|an|only|no|it|them|access|secrets|keys|passwords|logs|sure|from|using",
	"undertake|undertakes to",
	/* German */
	"muss|müssen|müsste",
	"^ nur|ausschließlich|niemand|kein|keine * , * , darf|dürfen",
	"soll|sollen",
	"darf|dürfen * nicht|nur|kein|keine|keinen|keinem|keiner|niemand|ausschließlich|erst|nie|niemals|nirgends|höchstens|"
	"lediglich|weder|nichts",
	"nicht|nur|kein|keine|keinen|keinem|keiner|niemand|ausschließlich|erst|nie|niemals|weder|nirgends|nichts * darf|dürfen",
	"ist|sind * zu ~en|~ern|~eln|~tun|~sein",
	"ist|sind * ~zu~en|~zu~ern|~zu~eln|~zutun",
	"hat|haben * zu ~en|~ern|~eln|~tun",
	"hat|haben * ~zu~en|~zu~ern|~zu~eln|~zutun",
	"verpflichtet|verpflichten|verpflichtend|verbindlich|vorgeschrieben|zwingend",
	"ist|sind|gilt|bleibt * pflicht|vorschrift|bedingung|voraussetzung",
	"verboten|untersagt|unzulässig|unstatthaft",
	"nicht|nie zulässig|gestattet|erlaubt|statthaft",
	"nur|erst|ausschließlich|allein|allenfalls * zulässig|gestattet|erlaubt",
	"kein|keine|keinen|keinem|keiner * zulässig|gestattet|erlaubt",
	"ist|sind|wäre|wird|werden * erforderlich|notwendig|nötig",
	"erforderlich|notwendig ist|sind",
	"bedarf|bedürfen",
	"ist|sind * zuständig|verantwortlich",
	"zuständig|verantwortlich ist|sind",
	"wird|werden * abgewiesen|abgelehnt|zurückgewiesen|verworfen|blockiert",
	"kommt|kommen nicht infrage/kommt|kommen nicht in frage",
	"sorgt|sorgen * dafür",
	"stellt|stellen * sicher",
	"auf keinen fall/unter keinen umständen/in keinem fall",
	"verlangt|erfordert|erfordern|verlangen",
};

static bool
is_question(const char *text, size_t len)
{
	while (len > 0 && strchr(" \n\t)\"'", text[len - 1]) != NULL)
		len--;
	return len > 0 && text[len - 1] == '?';
}

bool
docs_obliges(const char *text, size_t len)
{
	struct words w;
	size_t at, taken;
	if (is_question(text, len))
		return false;
	words_of(text, len, &w);
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		words_strike(&w, harmless[i]);
	for (size_t i = 0; i < sizeof binding / sizeof binding[0]; i++) {
		if (words_find(&w, binding[i], 0, &at, &taken))
			return true;
	}
	return false;
}
