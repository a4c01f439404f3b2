/*
 * Preloaded into NFS-Ganesha: answers statfs() of an exported mount with the fsid of the repository.
 *
 * Ganesha's VFS back end writes the fsid that statfs() answers into every file handle. FUSE answers 0, and Ganesha then
 * takes the number of the device, which the kernel hands out in the order of mounting: a handle of one replica would
 * be stale on the next one, or mean another repository there. `Filesystem_Id` does not enter handles.
 * See posix_get_fsid() in src/FSAL/localfs.c and vfs_map_name_to_handle_at() in FSAL_VFS of nfs-ganesha.
 *
 * BEAMLINE_FSIDS holds one line `<fsid> <mount>` for each repository. Other paths are answered as they are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#define FIRST_WORD 0x62656d6c /* the fsid is two words; this one tells ours from any other file system's */

/* The fsid of a mount; 0 when it is none of ours. */
static unsigned int fsid_of(const char *path)
{
	const char *line = getenv("BEAMLINE_FSIDS");
	size_t length = strlen(path);

	while (line != NULL && *line != '\0') {
		char *mount;
		unsigned long fsid = strtoul(line, &mount, 10);
		const char *end = strchr(line, '\n');

		if (*mount == ' ') {
			mount++;
			if (end == NULL)
				end = mount + strlen(mount);
			if ((size_t)(end - mount) == length && memcmp(mount, path, length) == 0)
				return fsid;
		}
		line = end == NULL || *end == '\0' ? NULL : end + 1;
	}
	return 0;
}

static void give(const char *path, __fsid_t *place)
{
	unsigned int fsid = fsid_of(path);

	if (fsid != 0) {
		place->__val[0] = FIRST_WORD;
		place->__val[1] = fsid;
	}
}

int statfs(const char *path, struct statfs *answer)
{
	static int (*real)(const char *, struct statfs *);

	if (real == NULL)
		real = (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
	if (real == NULL) {
		errno = ENOSYS;
		return -1;
	}
	if (real(path, answer) != 0)
		return -1;
	give(path, &answer->f_fsid);
	return 0;
}

int statfs64(const char *path, struct statfs64 *answer)
{
	static int (*real)(const char *, struct statfs64 *);

	if (real == NULL)
		real = (int (*)(const char *, struct statfs64 *))dlsym(RTLD_NEXT, "statfs64");
	if (real == NULL) {
		errno = ENOSYS;
		return -1;
	}
	if (real(path, answer) != 0)
		return -1;
	give(path, &answer->f_fsid);
	return 0;
}
