/*
 * Preloaded into NFS-Ganesha, for three things that it cannot be configured to do.
 *
 * 1. statfs() of an exported mount answers the fsid of the repository. Ganesha's VFS back end writes that fsid into every
 * file handle. FUSE answers 0, and Ganesha then takes the number of the device, which the kernel hands out in the order
 * of mounting: a handle of one replica would be stale on the next one, or mean another repository there. `Filesystem_Id`
 * does not enter handles. See posix_get_fsid() in src/FSAL/localfs.c and vfs_map_name_to_handle_at() in FSAL_VFS.
 *
 * 2. When the program behind a mount has died, the server dies in the call that finds out, instead of telling a client
 * that its file cannot be read: that would be the end of the job that reads, while a broken connection only makes it
 * ask another replica. The supervisor looks at the mounts as well, but between two looks thousands of calls are answered.
 *
 * 3. Replies are counted, for the metric by which the tier can be scaled. Ganesha 4 tells its statistics on D-Bus alone;
 * 5 and later have an exporter of their own, where the distribution built it.
 *
 * BEAMLINE_FSIDS holds one line `<fsid> <mount>` for each repository, BEAMLINE_CALLS the number of an open file of eight
 * bytes, the count. All else is answered as it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FIRST_WORD 0x62656d6c /* the fsid is two words; this one tells ours from any other file system's */
#define MAX_PATH 4096

/* The function of that name that would have been called without us. */
#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (function == NULL)
		kill(getpid(), SIGKILL); /* another C library than the one this was made for */
	return function;
}

static uint64_t nobody_reads;
static uint64_t *calls = &nobody_reads;

/* Runs before Ganesha does. What it starts is not to take some other file for the count. */
__attribute__((constructor)) static void share_count(void)
{
	const char *number = getenv("BEAMLINE_CALLS");
	void *memory;
	int file;

	if (number == NULL)
		return;
	file = atoi(number);
	memory = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory != MAP_FAILED)
		calls = memory;
	close(file);
	unsetenv("BEAMLINE_CALLS");
}

/* Of libntirpc: sends the reply to a call. */
int svc_sendreply(void *request);

int svc_sendreply(void *request)
{
	__atomic_add_fetch(calls, 1, __ATOMIC_RELAXED);
	return REAL(svc_sendreply)(request);
}

/* Goes through the lines of BEAMLINE_FSIDS: gives the mount and its fsid, and answers where the next line is. */
static const char *next_line(const char *line, unsigned int *fsid, char mount[MAX_PATH])
{
	char *text;
	size_t length;

	if (line == NULL || *line == '\0')
		return NULL;
	*fsid = strtoul(line, &text, 10);
	text += *text == ' ';
	length = strcspn(text, "\n");
	if (length >= MAX_PATH)
		return NULL;
	memcpy(mount, text, length);
	mount[length] = '\0';
	return text[length] == '\n' ? text + length + 1 : text + length;
}

static void give_fsid(const char *path, __fsid_t *place)
{
	const char *line = getenv("BEAMLINE_FSIDS");
	char mount[MAX_PATH];
	unsigned int fsid;

	while ((line = next_line(line, &fsid, mount)) != NULL)
		if (strcmp(mount, path) == 0) {
			place->__val[0] = FIRST_WORD;
			place->__val[1] = fsid;
		}
}

int statfs(const char *path, struct statfs *answer)
{
	if (REAL(statfs)(path, answer) != 0)
		return -1;
	give_fsid(path, &answer->f_fsid);
	return 0;
}

int statfs64(const char *path, struct statfs64 *answer)
{
	if (REAL(statfs64)(path, answer) != 0)
		return -1;
	give_fsid(path, &answer->f_fsid);
	return 0;
}

/* Ganesha loads its back ends so that they prefer the C library's functions to ours. */
void *dlopen(const char *name, int flags)
{
	return REAL(dlopen)(name, flags & ~RTLD_DEEPBIND);
}

/* What the kernel answers for a FUSE mount whose program has died: to later calls, and to those under way. */
static int says_dead(int problem)
{
	return problem == ENOTCONN || problem == ECONNABORTED;
}

/* After a call that failed: dies if it failed because a mount is dead. Some calls hide that behind another error. */
static void survive(void)
{
	int problem = errno;

	if (problem == EIO || problem == ESTALE) {
		const char *line = getenv("BEAMLINE_FSIDS");
		char mount[MAX_PATH];
		struct statfs64 answer;
		unsigned int fsid;

		while ((line = next_line(line, &fsid, mount)) != NULL)
			if (REAL(statfs64)(mount, &answer) != 0 && says_dead(errno))
				problem = errno;
	}
	if (says_dead(problem))
		kill(getpid(), SIGKILL);
	errno = problem;
}

/* Hands a result on unless it is one that must not be seen. */
#define GUARDED(call)                       \
	do {                                \
		__typeof__(call) got = call; \
		if (got < 0)                \
			survive();          \
		return got;                 \
	} while (0)

int open_by_handle_at(int mount, struct file_handle *handle, int flags)
{
	GUARDED(REAL(open_by_handle_at)(mount, handle, flags));
}

int name_to_handle_at(int directory, const char *name, struct file_handle *handle, int *mount, int flags)
{
	GUARDED(REAL(name_to_handle_at)(directory, name, handle, mount, flags));
}

int openat64(int directory, const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	if (flags & (O_CREAT | __O_TMPFILE)) {
		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	GUARDED(REAL(openat64)(directory, name, flags, mode));
}

/* What the headers make of openat() where the flags are not known while compiling. */
int __openat64_2(int directory, const char *name, int flags);

int __openat64_2(int directory, const char *name, int flags)
{
	GUARDED(REAL(__openat64_2)(directory, name, flags));
}

int statvfs64(const char *path, struct statvfs64 *answer)
{
	GUARDED(REAL(statvfs64)(path, answer));
}

off64_t lseek64(int file, off64_t offset, int from)
{
	GUARDED(REAL(lseek64)(file, offset, from));
}

int fstat64(int file, struct stat64 *answer)
{
	GUARDED(REAL(fstat64)(file, answer));
}

int fstatat64(int directory, const char *name, struct stat64 *answer, int flags)
{
	GUARDED(REAL(fstatat64)(directory, name, answer, flags));
}

ssize_t preadv64(int file, const struct iovec *parts, int count, off64_t offset)
{
	GUARDED(REAL(preadv64)(file, parts, count, offset));
}

ssize_t readlinkat(int directory, const char *name, char *target, size_t size)
{
	GUARDED(REAL(readlinkat)(directory, name, target, size));
}

ssize_t fgetxattr(int file, const char *name, void *value, size_t size)
{
	GUARDED(((ssize_t(*)(int, const char *, void *, size_t))real("fgetxattr"))(file, name, value, size));
}

ssize_t flistxattr(int file, char *names, size_t size)
{
	GUARDED(((ssize_t(*)(int, char *, size_t))real("flistxattr"))(file, names, size));
}

/* Ganesha reads directories by the number of the call. */
long syscall(long number, ...)
{
	long values[6], got;
	va_list more;
	int i;

	va_start(more, number);
	for (i = 0; i < 6; i++)
		values[i] = va_arg(more, long);
	va_end(more);
	got = REAL(syscall)(number, values[0], values[1], values[2], values[3], values[4], values[5]);
	if (got < 0 && (number == SYS_getdents64
#ifdef SYS_getdents
			|| number == SYS_getdents
#endif
			))
		survive();
	return got;
}
