/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <sca/interface.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 128
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Names between blanks; one that ends in '*' stands for all that begin so. */
static const struct {
	const char *kind, *names;
} kinds[] = {
	{ "socket", " socket socketpair bind listen accept accept4 connect recv recvfrom recvmsg recvmmsg send sendto sendmsg sendmmsg"
		    " getaddrinfo gethostbyname SSL_read SSL_read_ex SSL_write SSL_accept SSL_connect WSASocketA WSASocketW WSARecv"
		    " mbedtls_ssl_read mbedtls_net_recv lwip_recv lwip_recvfrom netconn_recv " },
	{ "file", " open openat openat2 open64 creat fopen fopen64 freopen fdopen read pread readv write pwrite writev fread fwrite fgets fgetc"
		  " getc getchar getline getdelim gets fscanf scanf mkstemp mkostemp tmpfile tmpnam mktemp unlink unlinkat remove rename"
		  " renameat chmod fchmod fchmodat chown fchown fchownat lchown mkdir mkdirat rmdir opendir readdir readlink readlinkat link"
		  " linkat symlink symlinkat access faccessat stat lstat fstatat truncate f_open f_read CreateFileA CreateFileW ReadFile " },
	{ "device", " mmap inb inw inl outb outw outl tcgetattr tcsetattr cfsetispeed cfsetospeed cfmakeraw HAL_UART_* HAL_SPI_* HAL_I2C_*"
		    " HAL_CAN_* libusb_* hid_read hid_write DeviceIoControl " },
	{ "ioctl", " ioctl " },
	{ "argv", " getopt getopt_long getopt_long_only argp_parse CommandLineToArgvW " },
	{ "environment", " getenv secure_getenv setenv putenv unsetenv clearenv GetEnvironmentVariableA GetEnvironmentVariableW " },
	{ "exec", " system popen execl execle execlp execv execve execvp execvpe fexecve posix_spawn posix_spawnp fork vfork clone"
		  " CreateProcessA CreateProcessW ShellExecuteA ShellExecuteW WinExec " },
	{ "load", " dlopen dlmopen dlsym LoadLibraryA LoadLibraryW GetProcAddress " },
	{ "message", " mq_open mq_receive mq_send msgget msgrcv msgsnd shm_open shmget shmat mkfifo mkfifoat dbus_message_* sd_bus_message_* " },
	{ "signal", " signal sigaction sigqueue signalfd " },
	{ "privilege", " setuid seteuid setreuid setresuid setgid setegid setregid setresgid setgroups initgroups cap_set_proc capset prctl"
		       " chroot pivot_root umask " },
	{ "parser", " sscanf vsscanf atoi atol atoll atof strtol strtoll strtoul strtoull strtod strtof strtold strtoimax strtoumax strptime"
		    " json_load* cJSON_Parse* json_tokener_parse* XML_Parse XML_ParseBuffer xmlRead* xmlParse* yaml_parser_* fy_document_build_*"
		    " toml_parse* d2i_* PEM_read_* X509_* asn1_* mbedtls_x509_crt_parse* inflate uncompress BZ2_bzDecompress lzma_code"
		    " png_read_* jpeg_read_* sqlite3_exec sqlite3_prepare* regcomp pb_decode* " },
};

static bool
is_listed(const char *names, const char *call)
{
	const size_t len = strlen(call);
	for (const char *p = names + strspn(names, " "); *p != '\0'; p += strspn(p, " ")) {
		const size_t n = strcspn(p, " ");
		const bool prefix = p[n - 1] == '*';
		if (prefix ? len >= n - 1 && strncmp(p, call, n - 1) == 0 : len == n && strncmp(p, call, n) == 0)
			return true;
		p += n;
	}
	return false;
}

const char *
sca_interface_kind(const char *call)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (is_listed(kinds[i].names, call))
			return kinds[i].kind;
	}
	return NULL;
}

/* ---- the walk ---- */

struct walk {
	const struct code_tokens *t;
	struct arena *arena;
	struct sca_surface s;
	struct sca_function *functions; /* own memory, grows */
	struct sca_interface *interfaces;
	size_t function_room, interface_room;
	uint32_t depth;                 /* braces within a function */
	uint32_t parens;
	uint32_t candidate;             /* outside: the name before the last '(' that closed; count: none */
	struct assay_error *err;
};

static void
walk_done(struct walk *w)
{
	free(w->functions);
	free(w->interfaces);
}

static const char *
spelled(const struct walk *w, const struct code_token *token)
{
	char name[NAME_SIZE];
	(void)code_spelling(w->t, token, name, sizeof name);
	return arena_str(w->arena, name);
}

static bool
grow(void **items, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return true;
	const size_t more = *room == 0 ? 64 : 2 * *room;
	void *larger = reallocarray(*items, more, size);
	if (larger == NULL)
		return false;
	*items = larger;
	*room = more;
	return true;
}

static enum assay_status
add_function(struct walk *w, uint32_t first)
{
	w->depth = 1;
	if (w->s.function_count == SCA_FUNCTIONS_MAX) {
		w->s.more = true;
		return ASSAY_OK;
	}
	void *items = w->functions;
	const bool room = grow(&items, &w->function_room, w->s.function_count, sizeof w->functions[0]);
	w->functions = items;
	const char *name = spelled(w, &w->t->tokens[first]);
	if (!room || name == NULL)
		return arena_full(w->err);
	w->functions[w->s.function_count++] = (struct sca_function){ name, first, first, w->t->tokens[first].line };
	return ASSAY_OK;
}

static enum assay_status
add_interface(struct walk *w, const char *call, const char *kind, uint32_t line)
{
	if (w->s.interface_count == SCA_INTERFACES_MAX) {
		w->s.more = true;
		return ASSAY_OK;
	}
	void *items = w->interfaces;
	const bool room = grow(&items, &w->interface_room, w->s.interface_count, sizeof w->interfaces[0]);
	w->interfaces = items;
	if (!room || call == NULL)
		return arena_full(w->err);
	const char *in = w->depth > 0 && w->s.function_count > 0 ? w->functions[w->s.function_count - 1].name : NULL;
	w->interfaces[w->s.interface_count++] = (struct sca_interface){ call, kind, in, line };
	return ASSAY_OK;
}

/* main(void) and main() take nothing from outside. */
static enum assay_status
look_at_main(struct walk *w)
{
	const struct code_token *name = &w->t->tokens[w->candidate], *in = name + 2;
	if (!code_is(w->t, name, "main") || code_punct(in, ')') || (code_keyword(in, CODE_KW_VOID) && code_punct(in + 1, ')')))
		return ASSAY_OK;
	return add_interface(w, arena_str(w->arena, "main"), "argv", name->line);
}

/* Outside of functions: a name, a pair of parentheses and then a brace begin one. Braces without are namespaces, types or tables. */
static enum assay_status
outside(struct walk *w, uint32_t at)
{
	const struct code_token *token = &w->t->tokens[at];
	if (code_punct(token, '(') && w->parens++ == 0)
		w->candidate = at > 0 && token[-1].kind == CODE_IDENTIFIER && token[-1].what == CODE_KW_NONE ? at - 1 : w->candidate;
	else if (code_punct(token, ')'))
		w->parens -= w->parens > 0;
	else if (w->parens == 0 && (code_punct(token, ';') || code_punct(token, '=') || code_punct(token, '}')))
		w->candidate = w->t->count;
	else if (code_punct(token, '{')) {
		w->parens = 0;
		if (w->candidate == w->t->count)
			return ASSAY_OK;
		TRY(add_function(w, w->candidate));
		TRY(look_at_main(w));
		w->candidate = w->t->count;
	}
	return ASSAY_OK;
}

static enum assay_status
inside(struct walk *w, uint32_t at)
{
	const struct code_token *token = &w->t->tokens[at];
	if (code_punct(token, '{'))
		w->depth++;
	else if (code_punct(token, '}') && --w->depth == 0 && w->s.function_count > 0)
		w->functions[w->s.function_count - 1].last = at;
	return ASSAY_OK;
}

static enum assay_status
look_at_call(struct walk *w, uint32_t at)
{
	const struct code_token *token = &w->t->tokens[at];
	char name[NAME_SIZE];
	/* A member of that name is another's function; what is declared outside of all functions isn't called. */
	if (w->depth == 0 || token->kind != CODE_IDENTIFIER || token->what != CODE_KW_NONE || !code_punct(token + 1, '(')
	    || (at > 0 && (code_punct(token - 1, '.') || code_punct(token - 1, CODE_P_ARROW))))
		return ASSAY_OK;
	if (code_spelling(w->t, token, name, sizeof name) >= sizeof name)
		return ASSAY_OK;
	const char *kind = sca_interface_kind(name);
	return kind == NULL ? ASSAY_OK : add_interface(w, arena_str(w->arena, name), kind, token->line);
}

static void *
keep(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = arena_array(arena, count + 1, size);
	if (copy != NULL && count > 0)
		memcpy(copy, items, count * size);
	return copy;
}

enum assay_status
sca_surface_find(const struct code_tokens *t, struct arena *arena, struct sca_surface *ret_surface, struct assay_error *err)
{
	CLEANUP(walk_done) struct walk w = { .t = t, .arena = arena, .candidate = t->count, .err = err };
	for (uint32_t i = 0; i < t->count; i++) {
		TRY(look_at_call(&w, i));
		TRY(w.depth == 0 ? outside(&w, i) : inside(&w, i));
	}
	/* One that never closes ends with the file. */
	if (w.depth > 0 && w.s.function_count > 0 && t->count > 0)
		w.functions[w.s.function_count - 1].last = t->count - 1;
	w.s.functions = keep(arena, w.functions, w.s.function_count, sizeof w.functions[0]);
	w.s.interfaces = keep(arena, w.interfaces, w.s.interface_count, sizeof w.interfaces[0]);
	if (w.s.functions == NULL || w.s.interfaces == NULL)
		return arena_full(err);
	*ret_surface = w.s;
	return ASSAY_OK;
}

bool
sca_function_same(const struct code_tokens *a, const struct sca_function *x, const struct code_tokens *b, const struct sca_function *y)
{
	if (x->last - x->first != y->last - y->first)
		return false;
	for (uint32_t i = 0; i <= x->last - x->first; i++) {
		if (!assay_span_equal(code_raw(a, &a->tokens[x->first + i]), code_raw(b, &b->tokens[y->first + i])))
			return false;
	}
	return true;
}
