/*
 * A read-only FUSE file system that numbers inodes as the CVMFS client does in NFS mode, for trials of what NFS servers
 * make of it: the kernel's handle of a file is the inode number that is issued here, generation 0.
 *
 *   mapfs SOURCE MAP REVISION PIDFILE MOUNTPOINT
 *
 * SOURCE is the tree to show. MAP is the SQLite file `inodes(path)` whose row number is the inode number: one file for
 * each server does what a private map does (numbers in order of first access), one file for all what CVMFS_NFS_SHARED
 * does. REVISION is a file whose text is answered as `user.revision`. The program goes to the background once mounted.
 */
#define FUSE_USE_VERSION 314
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_ROW 256 /* as cvmfs: its root is always 256 */
#define TIMEOUT 60.0 /* seconds that the kernel keeps names and attributes */

static const char *source, *revision_file;
static sqlite3 *map;
static sqlite3_stmt *find_row, *find_path, *add_path;
static pthread_mutex_t map_lock = PTHREAD_MUTEX_INITIALIZER;

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(map, sql, -1, &statement, NULL) != SQLITE_OK) {
		fprintf(stderr, "mapfs: %s: %s\n", sql, sqlite3_errmsg(map));
		exit(1);
	}
	return statement;
}

static void open_map(const char *path)
{
	if (sqlite3_open(path, &map) != SQLITE_OK) {
		fprintf(stderr, "mapfs: %s: %s\n", path, sqlite3_errmsg(map));
		exit(1);
	}
	sqlite3_busy_timeout(map, 60000);
	sqlite3_exec(map, "PRAGMA synchronous=OFF; CREATE TABLE IF NOT EXISTS inodes(path TEXT PRIMARY KEY);"
			  "INSERT OR IGNORE INTO inodes(rowid, path) VALUES(256, '')", NULL, NULL, NULL);
	find_row = prepare("SELECT rowid FROM inodes WHERE path = ?");
	find_path = prepare("SELECT path FROM inodes WHERE rowid = ?");
	add_path = prepare("INSERT OR IGNORE INTO inodes(path) VALUES(?)");
}

static sqlite3_int64 row_of(const char *path)
{
	sqlite3_int64 row = 0;

	sqlite3_bind_text(find_row, 1, path, -1, SQLITE_TRANSIENT);
	if (sqlite3_step(find_row) == SQLITE_ROW)
		row = sqlite3_column_int64(find_row, 0);
	sqlite3_reset(find_row);
	return row;
}

/* The inode number of a path below SOURCE ("" is the root); issued when it is asked for first. */
static fuse_ino_t number_of(const char *path)
{
	sqlite3_int64 row;

	if (path[0] == '\0')
		return FUSE_ROOT_ID;
	pthread_mutex_lock(&map_lock);
	row = row_of(path);
	if (row == 0) {
		sqlite3_bind_text(add_path, 1, path, -1, SQLITE_TRANSIENT);
		sqlite3_step(add_path);
		sqlite3_reset(add_path);
		row = row_of(path);
	}
	pthread_mutex_unlock(&map_lock);
	return row;
}

/* The path below SOURCE that has the number. Answers -1 when the map does not know it. */
static int path_of(fuse_ino_t number, char path[PATH_MAX])
{
	int found = -1;

	path[0] = '\0';
	if (number == FUSE_ROOT_ID)
		return 0;
	pthread_mutex_lock(&map_lock);
	sqlite3_bind_int64(find_path, 1, number);
	if (sqlite3_step(find_path) == SQLITE_ROW) {
		snprintf(path, PATH_MAX, "%s", (const char *)sqlite3_column_text(find_path, 0));
		found = 0;
	}
	sqlite3_reset(find_path);
	pthread_mutex_unlock(&map_lock);
	return found;
}

/* Where the bytes are. */
static int real_path(fuse_ino_t number, char real[PATH_MAX])
{
	char path[PATH_MAX];

	if (path_of(number, path) != 0)
		return -1;
	return snprintf(real, PATH_MAX, "%s%s", source, path) < PATH_MAX ? 0 : -1;
}

static int attributes_of(fuse_ino_t number, struct stat *st)
{
	char real[PATH_MAX];

	if (real_path(number, real) != 0)
		return ESTALE;
	if (lstat(real, st) != 0)
		return errno;
	st->st_ino = number == FUSE_ROOT_ID ? ROOT_ROW : number;
	return 0;
}

static void on_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	connection->want |= FUSE_CAP_EXPORT_SUPPORT; /* handles can be opened after the kernel has forgotten the inode */
}

static void on_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = { .attr_timeout = TIMEOUT, .entry_timeout = TIMEOUT };
	char path[PATH_MAX], below[PATH_MAX], *slash;
	struct stat st;
	int problem;

	if (path_of(parent, path) != 0) {
		fuse_reply_err(request, ESTALE);
		return;
	}
	if (strcmp(name, ".") == 0) {
		entry.ino = parent;
	} else if (strcmp(name, "..") == 0) {
		slash = strrchr(path, '/');
		if (slash != NULL)
			*slash = '\0';
		entry.ino = number_of(path);
	} else {
		char real[PATH_MAX];

		if (snprintf(below, sizeof(below), "%s/%s", path, name) >= PATH_MAX ||
		    snprintf(real, sizeof(real), "%s%s", source, below) >= PATH_MAX) {
			fuse_reply_err(request, ENAMETOOLONG);
			return;
		}
		if (lstat(real, &st) != 0) {
			fuse_reply_err(request, errno);
			return;
		}
		entry.ino = number_of(below);
	}
	/* As cvmfs: a path that the map has no number for, because it takes nothing more, is said not to be there. */
	problem = entry.ino == 0 ? 0 : attributes_of(entry.ino, &entry.attr);
	if (problem != 0)
		fuse_reply_err(request, problem);
	else
		fuse_reply_entry(request, &entry);
}

static void on_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file)
{
	struct stat st;
	int problem = attributes_of(number, &st);

	(void)file;
	if (problem != 0)
		fuse_reply_err(request, problem);
	else
		fuse_reply_attr(request, &st, TIMEOUT);
}

static void on_readlink(fuse_req_t request, fuse_ino_t number)
{
	char real[PATH_MAX], target[PATH_MAX];
	ssize_t length;

	if (real_path(number, real) != 0 || (length = readlink(real, target, sizeof(target) - 1)) < 0) {
		fuse_reply_err(request, ESTALE);
		return;
	}
	target[length] = '\0';
	fuse_reply_readlink(request, target);
}

static void on_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file)
{
	char real[PATH_MAX];
	int fd;

	if (real_path(number, real) != 0) {
		fuse_reply_err(request, ESTALE);
		return;
	}
	if ((file->flags & O_ACCMODE) != O_RDONLY) {
		fuse_reply_err(request, EROFS);
		return;
	}
	fd = open(real, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fuse_reply_err(request, errno);
		return;
	}
	file->fh = fd;
	file->keep_cache = 1; /* as cvmfs: content never changes under its number */
	fuse_reply_open(request, file);
}

static void on_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file)
{
	struct fuse_bufvec data = FUSE_BUFVEC_INIT(size);

	(void)number;
	data.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	data.buf[0].fd = file->fh;
	data.buf[0].pos = offset;
	fuse_reply_data(request, &data, FUSE_BUF_SPLICE_MOVE);
}

static void on_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file)
{
	(void)number;
	close(file->fh);
	fuse_reply_err(request, 0);
}

static void on_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file)
{
	char path[PATH_MAX], real[PATH_MAX], below[PATH_MAX];
	struct dirent *entry;
	struct stat st = { 0 };
	size_t used = 0, needed;
	off_t place = 0;
	char *buffer;
	DIR *directory;

	(void)file;
	if (path_of(number, path) != 0 || real_path(number, real) != 0) {
		fuse_reply_err(request, ESTALE);
		return;
	}
	directory = opendir(real);
	if (directory == NULL) {
		fuse_reply_err(request, errno);
		return;
	}
	buffer = malloc(size);
	while ((entry = readdir(directory)) != NULL) {
		if (place++ < offset)
			continue;
		st.st_mode = DTTOIF(entry->d_type);
		st.st_ino = ROOT_ROW;
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			if (snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) >= PATH_MAX)
				continue;
			st.st_ino = number_of(below);
		}
		needed = fuse_add_direntry(request, buffer + used, size - used, entry->d_name, &st, place);
		if (needed > size - used)
			break;
		used += needed;
	}
	closedir(directory);
	fuse_reply_buf(request, buffer, used);
	free(buffer);
}

static void on_getxattr(fuse_req_t request, fuse_ino_t number, const char *name, size_t size)
{
	char text[64];
	size_t length;
	FILE *file;

	if (number != FUSE_ROOT_ID || strcmp(name, "user.revision") != 0 ||
	    (file = fopen(revision_file, "re")) == NULL) {
		fuse_reply_err(request, ENODATA);
		return;
	}
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	while (length > 0 && text[length - 1] == '\n')
		length--;
	if (size == 0)
		fuse_reply_xattr(request, length);
	else if (size < length)
		fuse_reply_err(request, ERANGE);
	else
		fuse_reply_buf(request, text, length);
}

static const struct fuse_lowlevel_ops OPERATIONS = {
	.init = on_init,	 .lookup = on_lookup,	.getattr = on_getattr,	 .readlink = on_readlink,
	.open = on_open,	 .read = on_read,	.release = on_release,	 .readdir = on_readdir,
	.getxattr = on_getxattr,
};

int main(int count, char **arguments)
{
	char *mount_arguments[] = { "mapfs", "-oro,allow_other,default_permissions,fsname=mapfs" };
	struct fuse_args args = FUSE_ARGS_INIT(2, mount_arguments);
	struct fuse_loop_config *loop;
	struct fuse_session *session;
	FILE *pid_file;
	int result;

	if (count != 6) {
		fprintf(stderr, "usage: mapfs SOURCE MAP REVISION PIDFILE MOUNTPOINT\n");
		return 2;
	}
	source = arguments[1];
	revision_file = arguments[3];
	session = fuse_session_new(&args, &OPERATIONS, sizeof(OPERATIONS), NULL);
	if (session == NULL || fuse_set_signal_handlers(session) != 0 ||
	    fuse_session_mount(session, arguments[5]) != 0 || fuse_daemonize(0) != 0)
		return 1;
	/* After the fork: SQLite's locks belong to the process that opened the file. */
	open_map(arguments[2]);
	pid_file = fopen(arguments[4], "we");
	if (pid_file != NULL) {
		fprintf(pid_file, "%d\n", (int)getpid());
		fclose(pid_file);
	}
	loop = fuse_loop_cfg_create();
	result = fuse_session_loop_mt(session, loop);
	fuse_loop_cfg_destroy(loop);
	fuse_session_unmount(session);
	fuse_session_destroy(session);
	return result == 0 ? 0 : 1;
}
