/* SPDX-License-Identifier: Apache-2.0 */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Of kernels newer than the headers: rights by the version of Landlock that brought them. */
#define FS_TRUNCATE (1ULL << 14)  /* 3 */
#define FS_IOCTL_DEV (1ULL << 15) /* 5 */
#define NET_BIND_TCP (1ULL << 0)  /* 4 */
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX (1ULL << 0) /* 6 */
#define SCOPE_SIGNAL (1ULL << 1)

#define FS_ABI_1 ((1ULL << 13) - 1)
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_RUN (FS_READ | LANDLOCK_ACCESS_FS_EXECUTE)
#define FS_WRITE                                                                                   \
	(FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR                   \
	    | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR                         \
	    | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM                            \
	    | LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE)
/* What makes sense for something that is not a folder. */
#define FS_OF_FILE                                                                                 \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE   \
	    | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

/* What this kernel's version of Landlock can handle, and the size of its attributes. */
static size_t
handled_by(long version, bool is_child, struct ruleset *ret_ruleset)
{
	struct ruleset r = { .fs = FS_ABI_1 };
	size_t size = offsetof(struct ruleset, net);
	if (version >= 2)
		r.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		r.fs |= FS_TRUNCATE;
	if (version >= 4) {
		r.net = NET_BIND_TCP | NET_CONNECT_TCP;
		size = offsetof(struct ruleset, scoped);
	}
	if (version >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (version >= 6 && is_child) {
		r.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
		size = sizeof(struct ruleset);
	}
	*ret_ruleset = r;
	return size;
}

static void
allow(int ruleset, const char *const *paths, uint64_t allowed)
{
	for (size_t i = 0; paths != NULL && paths[i] != NULL; i++) {
		struct landlock_path_beneath_attr rule = { .allowed_access = allowed };
		struct stat st;
		rule.parent_fd = open(paths[i], O_PATH | O_CLOEXEC);
		if (rule.parent_fd < 0)
			continue;
		if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
			rule.allowed_access &= FS_OF_FILE;
		/* A path that can't be allowed stays out of reach. */
		syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
		close(rule.parent_fd);
	}
}

int
confine_ruleset(const struct confine_paths *paths, bool is_child)
{
	/* Holds nothing and keeps nothing, and programs that find their standard files closed open it. */
	static const char *const devices[] = { "/dev/null", NULL };
	long version
	    = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset r;
	if (version < 1)
		return -1;
	size_t size = handled_by(version, is_child, &r);
	int fd = (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
	if (fd < 0)
		return -1;
	allow(fd, paths->readable, (FS_READ | (paths->uncut ? FS_TRUNCATE : 0)) & r.fs);
	allow(fd, paths->executable, FS_RUN & r.fs);
	allow(fd, paths->writable, FS_WRITE & r.fs);
	allow(fd, devices, FS_WRITE & r.fs);
	return fd;
}

int
confine_restrict(int ruleset)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	return syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ? 0 : errno;
}

/* Refused always. */
static const int refused[] = {
	SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#if !CONFINE_SANITIZED
	SYS_ptrace,
#endif
	SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd, SYS_kcmp, SYS_perf_event_open,
	SYS_bpf, SYS_userfaultfd,
	SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree,
	SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr,
	SYS_open_by_handle_at, SYS_quotactl, SYS_swapon, SYS_swapoff,
	SYS_keyctl, SYS_add_key, SYS_request_key,
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot,
	SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname,
	SYS_personality, SYS_acct, SYS_syslog, SYS_vhangup,
};

/* Refused too once no program is to be started. */
static const int refused_exec[] = {
	SYS_execve, SYS_execveat, SYS_truncate,
#ifdef SYS_fork
	SYS_fork, SYS_vfork,
#endif
};

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif
/* Where x86-64's second set of numbers begins. */
#define X32_FIRST 0x40000000u

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/* Low half of an argument; both architectures are little-endian. */
#define LOAD_ARGUMENT(n)                                                                           \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                         \
	    (uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))
#define SKIP_UNLESS(op, value, count)                                                              \
	BPF_JUMP(BPF_JMP | (op) | BPF_K, (uint32_t)(value), 0, (count))
#define SKIP_IF(op, value, count)                                                                  \
	BPF_JUMP(BPF_JMP | (op) | BPF_K, (uint32_t)(value), (count), 0)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))

static void
put(struct confine_filter *f, struct sock_filter instruction)
{
	if (f->len < CONFINE_CODE_MAX)
		f->code[f->len++] = instruction;
}

static void
put_refusals(struct confine_filter *f, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, calls[i], 1));
		put(f, (struct sock_filter)ANSWER(EPERM));
	}
}

/* Threads yes, processes no; clone3's flags are out of a filter's sight, and without it the C library takes clone. */
static void
put_clone(struct confine_filter *f)
{
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, SYS_clone3, 1));
	put(f, (struct sock_filter)ANSWER(ENOSYS));
	if (CONFINE_SANITIZED)
		return;
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, SYS_clone, 4));
	put(f, (struct sock_filter)LOAD_ARGUMENT(0));
	put(f, (struct sock_filter)SKIP_IF(BPF_JSET, CLONE_THREAD, 1));
	put(f, (struct sock_filter)ANSWER(EPERM));
	put(f, (struct sock_filter)LOAD(nr));
}

/* Nothing else is asked of this call. */
static void
put_refused_flag(struct confine_filter *f, int call, unsigned argument, uint32_t flag)
{
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, call, 4));
	put(f, (struct sock_filter)LOAD_ARGUMENT(argument));
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JSET, flag, 1));
	put(f, (struct sock_filter)ANSWER(EPERM));
	put(f, (struct sock_filter)ALLOW);
}

/* A file that is opened to be read can be cut off by that. openat2's flags are out of a filter's sight; who finds it missing does
 * without. */
static void
put_truncation(struct confine_filter *f)
{
#ifdef SYS_open
	put_refused_flag(f, SYS_open, 1, O_TRUNC);
#endif
	put_refused_flag(f, SYS_openat, 2, O_TRUNC);
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, SYS_openat2, 1));
	put(f, (struct sock_filter)ANSWER(ENOSYS));
}

/* Typing into the caller's terminal. */
static void
put_terminal(struct confine_filter *f)
{
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, SYS_ioctl, 5));
	put(f, (struct sock_filter)LOAD_ARGUMENT(1));
	put(f, (struct sock_filter)SKIP_IF(BPF_JEQ, TIOCSTI, 1));
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JEQ, TIOCLINUX, 1));
	put(f, (struct sock_filter)ANSWER(EPERM));
	put(f, (struct sock_filter)LOAD(nr));
}

bool
confine_has_filters(void)
{
#ifdef NATIVE
	uint32_t action = SECCOMP_RET_ERRNO;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
#else
	return false;
#endif
}

void
confine_make_filter(struct confine_filter *f, bool no_exec)
{
	f->len = 0;
#ifdef NATIVE
	put(f, (struct sock_filter)LOAD(arch));
	put(f, (struct sock_filter)SKIP_IF(BPF_JEQ, NATIVE, 1));
	put(f, (struct sock_filter)ANSWER(EPERM));
	put(f, (struct sock_filter)LOAD(nr));
	put(f, (struct sock_filter)SKIP_UNLESS(BPF_JGE, X32_FIRST, 1));
	put(f, (struct sock_filter)ANSWER(EPERM));
#endif
	/* First, for it can't be answered without a look at the arguments, and is made for every file. */
	if (no_exec)
		put_truncation(f);
	put_refusals(f, refused, sizeof(refused) / sizeof(refused[0]));
	put_terminal(f);
	if (no_exec) {
		put_refusals(f, refused_exec, sizeof(refused_exec) / sizeof(refused_exec[0]));
		put_clone(f);
	}
	put(f, (struct sock_filter)ALLOW);
}

int
confine_install(const struct confine_filter *filter, bool all_threads)
{
	struct sock_fprog program = { .len = filter->len };
	/* The kernel only reads it. */
	memcpy(&program.filter, &(const struct sock_filter *) { filter->code }, sizeof(void *));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return errno;
	unsigned flags = all_threads ? SECCOMP_FILTER_FLAG_TSYNC : 0;
	long r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
	if (r == 0)
		return 0;
	return r > 0 ? EBUSY : errno;
}
