/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keywords, operators that are words, and the names of directives.
 */
#include "lex_inside.h"

#include <string.h>


#define IN_C 1u
#define IN_CXX 2u
#define BOTH 3u
/* The row is an operator of C++; what is its punctuator. */
#define OPERATOR 4u

#define LEN_MAX 16

struct row {
	char text[LEN_MAX + 1];
	uint8_t len;
	uint8_t what;
	uint8_t where;
};

#define ROW(text, what, where) { text, sizeof text - 1, what, where }

/* Sorted by first letter, '_' last. */
static const struct row rows[] = {
	ROW("alignas", CODE_KW_ALIGNAS, IN_CXX), ROW("alignof", CODE_KW_ALIGNOF, IN_CXX), ROW("and", CODE_P_AND, IN_CXX | OPERATOR),
	ROW("and_eq", CODE_P_SET_AND, IN_CXX | OPERATOR), ROW("asm", CODE_KW_ASM, BOTH), ROW("auto", CODE_KW_AUTO, BOTH),
	ROW("bitand", '&', IN_CXX | OPERATOR), ROW("bitor", '|', IN_CXX | OPERATOR), ROW("bool", CODE_KW_BOOL, IN_CXX),
	ROW("break", CODE_KW_BREAK, BOTH),
	ROW("case", CODE_KW_CASE, BOTH), ROW("catch", CODE_KW_CATCH, IN_CXX), ROW("char", CODE_KW_CHAR, BOTH),
	ROW("char16_t", CODE_KW_CHAR16, IN_CXX), ROW("char32_t", CODE_KW_CHAR32, IN_CXX), ROW("char8_t", CODE_KW_CHAR8, IN_CXX),
	ROW("class", CODE_KW_CLASS, IN_CXX), ROW("co_await", CODE_KW_CO_AWAIT, IN_CXX), ROW("co_return", CODE_KW_CO_RETURN, IN_CXX),
	ROW("co_yield", CODE_KW_CO_YIELD, IN_CXX), ROW("compl", '~', IN_CXX | OPERATOR), ROW("concept", CODE_KW_CONCEPT, IN_CXX),
	ROW("const", CODE_KW_CONST, BOTH), ROW("const_cast", CODE_KW_CONST_CAST, IN_CXX), ROW("consteval", CODE_KW_CONSTEVAL, IN_CXX),
	ROW("constexpr", CODE_KW_CONSTEXPR, IN_CXX), ROW("constinit", CODE_KW_CONSTINIT, IN_CXX), ROW("continue", CODE_KW_CONTINUE, BOTH),
	ROW("decltype", CODE_KW_DECLTYPE, IN_CXX), ROW("default", CODE_KW_DEFAULT, BOTH), ROW("delete", CODE_KW_DELETE, IN_CXX),
	ROW("do", CODE_KW_DO, BOTH), ROW("double", CODE_KW_DOUBLE, BOTH), ROW("dynamic_cast", CODE_KW_DYNAMIC_CAST, IN_CXX),
	ROW("else", CODE_KW_ELSE, BOTH), ROW("enum", CODE_KW_ENUM, BOTH), ROW("explicit", CODE_KW_EXPLICIT, IN_CXX),
	ROW("export", CODE_KW_EXPORT, IN_CXX), ROW("extern", CODE_KW_EXTERN, BOTH),
	ROW("false", CODE_KW_FALSE, IN_CXX), ROW("float", CODE_KW_FLOAT, BOTH), ROW("for", CODE_KW_FOR, BOTH),
	ROW("friend", CODE_KW_FRIEND, IN_CXX),
	ROW("goto", CODE_KW_GOTO, BOTH),
	ROW("if", CODE_KW_IF, BOTH), ROW("inline", CODE_KW_INLINE, BOTH), ROW("int", CODE_KW_INT, BOTH),
	ROW("long", CODE_KW_LONG, BOTH),
	ROW("mutable", CODE_KW_MUTABLE, IN_CXX),
	ROW("namespace", CODE_KW_NAMESPACE, IN_CXX), ROW("new", CODE_KW_NEW, IN_CXX), ROW("noexcept", CODE_KW_NOEXCEPT, IN_CXX),
	ROW("not", '!', IN_CXX | OPERATOR), ROW("not_eq", CODE_P_UNEQUAL, IN_CXX | OPERATOR), ROW("nullptr", CODE_KW_NULLPTR, IN_CXX),
	ROW("operator", CODE_KW_OPERATOR, IN_CXX), ROW("or", CODE_P_OR, IN_CXX | OPERATOR), ROW("or_eq", CODE_P_SET_OR, IN_CXX | OPERATOR),
	ROW("private", CODE_KW_PRIVATE, IN_CXX), ROW("protected", CODE_KW_PROTECTED, IN_CXX), ROW("public", CODE_KW_PUBLIC, IN_CXX),
	ROW("register", CODE_KW_REGISTER, BOTH), ROW("reinterpret_cast", CODE_KW_REINTERPRET_CAST, IN_CXX),
	ROW("requires", CODE_KW_REQUIRES, IN_CXX), ROW("restrict", CODE_KW_RESTRICT, IN_C), ROW("return", CODE_KW_RETURN, BOTH),
	ROW("short", CODE_KW_SHORT, BOTH), ROW("signed", CODE_KW_SIGNED, BOTH), ROW("sizeof", CODE_KW_SIZEOF, BOTH),
	ROW("static", CODE_KW_STATIC, BOTH), ROW("static_assert", CODE_KW_STATIC_ASSERT, BOTH),
	ROW("static_cast", CODE_KW_STATIC_CAST, IN_CXX), ROW("struct", CODE_KW_STRUCT, BOTH), ROW("switch", CODE_KW_SWITCH, BOTH),
	ROW("template", CODE_KW_TEMPLATE, IN_CXX), ROW("this", CODE_KW_THIS, IN_CXX), ROW("thread_local", CODE_KW_THREAD_LOCAL, BOTH),
	ROW("throw", CODE_KW_THROW, IN_CXX), ROW("true", CODE_KW_TRUE, IN_CXX), ROW("try", CODE_KW_TRY, IN_CXX),
	ROW("typedef", CODE_KW_TYPEDEF, BOTH), ROW("typeid", CODE_KW_TYPEID, IN_CXX), ROW("typename", CODE_KW_TYPENAME, IN_CXX),
	ROW("typeof", CODE_KW_TYPEOF, IN_C),
	ROW("union", CODE_KW_UNION, BOTH), ROW("unsigned", CODE_KW_UNSIGNED, BOTH), ROW("using", CODE_KW_USING, IN_CXX),
	ROW("virtual", CODE_KW_VIRTUAL, IN_CXX), ROW("void", CODE_KW_VOID, BOTH), ROW("volatile", CODE_KW_VOLATILE, BOTH),
	ROW("wchar_t", CODE_KW_WCHAR, IN_CXX), ROW("while", CODE_KW_WHILE, BOTH),
	ROW("xor", '^', IN_CXX | OPERATOR), ROW("xor_eq", CODE_P_SET_XOR, IN_CXX | OPERATOR),
	ROW("_Alignas", CODE_KW_ALIGNAS, BOTH), ROW("_Alignof", CODE_KW_ALIGNOF, BOTH), ROW("_Atomic", CODE_KW_ATOMIC, BOTH),
	ROW("_Bool", CODE_KW_BOOL, BOTH), ROW("_Complex", CODE_KW_COMPLEX, BOTH), ROW("_Generic", CODE_KW_GENERIC, BOTH),
	ROW("_Imaginary", CODE_KW_IMAGINARY, BOTH), ROW("_Noreturn", CODE_KW_NORETURN, BOTH),
	ROW("_Static_assert", CODE_KW_STATIC_ASSERT, BOTH), ROW("_Thread_local", CODE_KW_THREAD_LOCAL, BOTH),
	ROW("__alignof", CODE_KW_ALIGNOF, BOTH), ROW("__alignof__", CODE_KW_ALIGNOF, BOTH), ROW("__asm", CODE_KW_ASM, BOTH),
	ROW("__asm__", CODE_KW_ASM, BOTH), ROW("__attribute", CODE_KW_ATTRIBUTE, BOTH), ROW("__attribute__", CODE_KW_ATTRIBUTE, BOTH),
	ROW("__auto_type", CODE_KW_AUTO, BOTH), ROW("__complex__", CODE_KW_COMPLEX, BOTH), ROW("__const", CODE_KW_CONST, BOTH),
	ROW("__const__", CODE_KW_CONST, BOTH), ROW("__declspec", CODE_KW_DECLSPEC, BOTH), ROW("__extension__", CODE_KW_EXTENSION, BOTH),
	ROW("__forceinline", CODE_KW_INLINE, BOTH), ROW("__inline", CODE_KW_INLINE, BOTH), ROW("__inline__", CODE_KW_INLINE, BOTH),
	ROW("__restrict", CODE_KW_RESTRICT, BOTH), ROW("__restrict__", CODE_KW_RESTRICT, BOTH), ROW("__signed", CODE_KW_SIGNED, BOTH),
	ROW("__signed__", CODE_KW_SIGNED, BOTH), ROW("__thread", CODE_KW_THREAD_LOCAL, BOTH), ROW("__typeof", CODE_KW_TYPEOF, BOTH),
	ROW("__typeof__", CODE_KW_TYPEOF, BOTH), ROW("__volatile", CODE_KW_VOLATILE, BOTH), ROW("__volatile__", CODE_KW_VOLATILE, BOTH),
};
#define ROWS (sizeof rows / sizeof rows[0])
_Static_assert(ROWS < 256, "an index of a row has a byte");

static unsigned
letter_of(unsigned char c)
{
	return c >= 'a' && c <= 'z' ? c - (unsigned)'a' : 26;
}

void
lex_keywords_init(struct lexer *l)
{
	for (size_t i = 0; i < ROWS; i++) {
		uint8_t *range = l->letters[letter_of((unsigned char)rows[i].text[0])];
		if (range[1] == 0)
			range[0] = (uint8_t)i;
		range[1] = (uint8_t)(i + 1);
	}
}

unsigned
lex_keyword(const struct lexer *l, const unsigned char *word, size_t len, bool *ret_punct)
{
	const unsigned char c = word[0];
	if (len < 2 || len > LEN_MAX || !((c >= 'a' && c <= 'z') || c == '_'))
		return CODE_KW_NONE;
	const uint8_t *range = l->letters[letter_of(c)];
	const unsigned where = l->out.language == CODE_CXX ? IN_CXX : IN_C;
	for (const struct row *r = rows + range[0]; r < rows + range[1]; r++) {
		if (r->len != len || (r->where & where) == 0 || memcmp(r->text + 1, word + 1, len - 1) != 0)
			continue;
		*ret_punct = (r->where & OPERATOR) != 0;
		return r->what;
	}
	return CODE_KW_NONE;
}

static const struct {
	const char *text;
	enum code_directive_kind kind;
} directives[] = {
	{ "define", CODE_D_DEFINE }, { "undef", CODE_D_UNDEF }, { "include", CODE_D_INCLUDE }, { "include_next", CODE_D_INCLUDE },
	{ "import", CODE_D_INCLUDE }, { "embed", CODE_D_INCLUDE }, { "if", CODE_D_IF }, { "ifdef", CODE_D_IFDEF },
	{ "ifndef", CODE_D_IFNDEF }, { "elif", CODE_D_ELIF }, { "elifdef", CODE_D_ELIFDEF }, { "elifndef", CODE_D_ELIFNDEF },
	{ "else", CODE_D_ELSE }, { "endif", CODE_D_ENDIF }, { "line", CODE_D_LINE }, { "error", CODE_D_ERROR },
	{ "warning", CODE_D_WARNING }, { "pragma", CODE_D_PRAGMA },
};

unsigned
lex_directive_kind(const unsigned char *word, size_t len)
{
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
		if (strlen(directives[i].text) == len && memcmp(directives[i].text, word, len) == 0)
			return directives[i].kind;
	}
	return CODE_D_OTHER;
}

/* ---- which files are C or C++ ---- */

static const struct {
	const char *ending;
	enum code_language language;
} endings[] = {
	{ "c", CODE_C }, { "h", CODE_C }, { "i", CODE_C }, { "inc", CODE_C }, { "cc", CODE_CXX }, { "cpp", CODE_CXX }, { "cxx", CODE_CXX },
	{ "c++", CODE_CXX }, { "cp", CODE_CXX }, { "cppm", CODE_CXX }, { "ixx", CODE_CXX }, { "ii", CODE_CXX }, { "hh", CODE_CXX },
	{ "hpp", CODE_CXX }, { "hxx", CODE_CXX }, { "h++", CODE_CXX }, { "inl", CODE_CXX }, { "ipp", CODE_CXX }, { "tcc", CODE_CXX },
	{ "tpp", CODE_CXX }, { "txx", CODE_CXX }, { "ino", CODE_CXX }, { "cu", CODE_CXX }, { "cuh", CODE_CXX },
};

static bool
same_folded(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++) {
		const unsigned char c = (unsigned char)*a;
		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != (unsigned char)*b)
			return false;
	}
	return *a == *b;
}

bool
code_language_of(const char *path, enum code_language *ret_language)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash == NULL ? path : slash, '.');
	if (dot == NULL)
		return false;
	/* gcc reads .C and .H as C++; on disks that fold case they are C. The language decides no more than a few keywords. */
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		if (!same_folded(dot + 1, endings[i].ending))
			continue;
		*ret_language = strcmp(dot, ".C") == 0 || strcmp(dot, ".H") == 0 ? CODE_CXX : endings[i].language;
		return true;
	}
	return false;
}
