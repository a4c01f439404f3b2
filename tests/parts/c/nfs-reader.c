/*
 * A client of an NFSv4.0 export that behaves as a hard mount does and checks every byte it is given.
 *
 *   nfs-reader HOST PORT EXPORT SOURCE LIST MODE [DEPTH]
 *
 * SOURCE is the tree that is exported, LIST a file with the paths below it to read, DEPTH how many calls are under way
 * at a time. MODE is
 *   open    reads file after file until SIGTERM: OPEN, READ by the handle that was got at the start, CLOSE
 *   handle  the same without OPEN, as NFSv3 reads: only the handle says which file is meant
 *   once    as `handle`, one pass
 *   stat    LOOKUP and GETATTR of every path, one pass
 *
 * Where HOST is `-`, EXPORT is a directory of this machine, and `once` and `stat` do the same to it without NFS.
 *
 * The connection is libnfs's, with its endless reconnecting. Handles are kept for the whole run, as a kernel keeps them
 * for files that are in use. What a kernel mends by itself (RFC 7530, 9.6: a server that does not know the client or the
 * open) is mended and counted; whatever else goes wrong is what a program would see, and counts as an error. Each line
 * of the output is JSON: every pause of more than 50 ms, every error, and in the end the sums. SIGUSR1 asks for the longest
 * pause between two arrivals of bytes since it was asked last; the answer comes after the next file that is read whole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <nfsc/libnfs.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-nfs4.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHUNK (256 * 1024)
#define MAX_DEPTH 64
#define MAX_PARTS 32
#define SLOW_MS 50.0
#define RECONNECT_MS 50

struct handle {
	unsigned length;
	char bytes[128];
};

struct file {
	char *path;
	const char *name;
	const unsigned char *content;
	size_t size;
	struct handle directory, own;
};

struct call { /* one COMPOUND under way */
	int done, broken;
	nfsstat4 status;
	struct file *file;
	uint64_t offset;
	struct handle handle;
	stateid4 state;
	uint32_t flags;
	uint64_t client;
	verifier4 confirm;
	uint64_t got;
};

static const char *host, *export_path, *source;
static int port;
static struct nfs_context *nfs;
static struct rpc_context *rpc;
static volatile sig_atomic_t ending, lap_wanted;
static double lap_longest, last_bytes;
static int keep_times;
static uint64_t files_read, bytes_read, wrong_bytes, errors, recoveries, reconnects, changed_handles;
static double longest;
static double *took;
static size_t took_count, took_room;

/* What the server knows of us. */
static uint64_t client;
static uint32_t owner, sequence;

static double now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void on_signal(int number)
{
	(void)number;
	ending = 1;
}

static void on_lap(int number)
{
	(void)number;
	lap_wanted = 1;
}

static void error_line(const struct file *file, const char *what, int number)
{
	errors++;
	printf("{\"event\":\"error\",\"at\":%.1f,\"what\":\"%s\",\"number\":%d,\"path\":\"%s\"}\n", now_ms(CLOCK_REALTIME),
	       what, number, file != NULL ? file->path : "");
	fflush(stdout);
}

/* How long one call, or some at a time, took. Kept for readings that end. */
static void record(double begun)
{
	if (!keep_times)
		return;
	if (took_count == took_room) {
		took_room = took_room == 0 ? 65536 : took_room * 2;
		took = realloc(took, took_room * sizeof(*took));
	}
	took[took_count++] = now_ms(CLOCK_MONOTONIC) - begun;
}

/* Bytes have arrived: the pause before them is over, whatever had to be mended in it. */
static void got_on(void)
{
	double now = now_ms(CLOCK_MONOTONIC), pause = now - last_bytes;

	last_bytes = now;
	if (pause > longest)
		longest = pause;
	if (pause > lap_longest)
		lap_longest = pause;
	if (pause > SLOW_MS) {
		printf("{\"event\":\"slow\",\"at\":%.1f,\"ms\":%.1f}\n", now_ms(CLOCK_REALTIME), pause);
		fflush(stdout);
	}
}

/* A new connection. Handles and what was opened are kept: that is the point. */
static void connect_anew(void)
{
	struct timespec pause = { 0, RECONNECT_MS * 1000000L };
	char url[512];
	struct nfs_url *parsed;

	snprintf(url, sizeof(url), "nfs://%s%s?version=4&nfsport=%d&autoreconnect=-1", host, export_path, port);
	for (;;) {
		if (nfs != NULL)
			nfs_destroy_context(nfs);
		nfs = nfs_init_context();
		parsed = nfs_parse_url_dir(nfs, url);
		if (parsed != NULL && nfs_mount(nfs, parsed->server, parsed->path) == 0) {
			nfs_destroy_url(parsed);
			rpc = nfs_get_rpc_context(nfs);
			return;
		}
		if (ending)
			exit(3);
		nanosleep(&pause, NULL);
	}
}

/* Serves the connection until all the calls are answered. Answers -1 when it is beyond libnfs's reconnecting. */
static int serve(struct call *calls, int count)
{
	for (;;) {
		struct pollfd fd = { .fd = nfs_get_fd(nfs), .events = nfs_which_events(nfs) };
		int i, done = 0, ready;

		for (i = 0; i < count; i++)
			done += calls[i].done;
		if (done == count)
			return 0;
		ready = poll(&fd, 1, 100);
		if (nfs_service(nfs, ready > 0 ? fd.revents : 0) < 0)
			return -1;
	}
}

static void on_answer(struct rpc_context *context, int status, void *data, void *private)
{
	struct call *call = private;
	COMPOUND4res *answer = data;
	unsigned i;

	(void)context;
	call->done = 1;
	if (status != RPC_STATUS_SUCCESS) {
		call->broken = 1;
		return;
	}
	call->status = answer->status;
	for (i = 0; i < answer->resarray.resarray_len && answer->status == NFS4_OK; i++) {
		nfs_resop4 *result = &answer->resarray.resarray_val[i];

		switch (result->resop) {
		case OP_GETFH: {
			nfs_fh4 *fh = &result->nfs_resop4_u.opgetfh.GETFH4res_u.resok4.object;

			call->handle.length = fh->nfs_fh4_len;
			memcpy(call->handle.bytes, fh->nfs_fh4_val, fh->nfs_fh4_len);
			break;
		}
		case OP_OPEN:
			call->state = result->nfs_resop4_u.opopen.OPEN4res_u.resok4.stateid;
			call->flags = result->nfs_resop4_u.opopen.OPEN4res_u.resok4.rflags;
			break;
		case OP_OPEN_CONFIRM:
			call->state = result->nfs_resop4_u.opopen_confirm.OPEN_CONFIRM4res_u.resok4.open_stateid;
			break;
		case OP_SETCLIENTID:
			call->client = result->nfs_resop4_u.opsetclientid.SETCLIENTID4res_u.resok4.clientid;
			memcpy(call->confirm, result->nfs_resop4_u.opsetclientid.SETCLIENTID4res_u.resok4.setclientid_confirm,
			       sizeof(call->confirm));
			break;
		case OP_READ: {
			READ4resok *read = &result->nfs_resop4_u.opread.READ4res_u.resok4;
			const unsigned char *expected = call->file->content + call->offset;
			size_t left = call->file->size - call->offset;
			size_t wanted = left < CHUNK ? left : CHUNK, k;

			call->got = read->data.data_len;
			/* Too much or too little is as wrong as other bytes; the rest of a short answer is not asked for, as none is due. */
			if (call->got != wanted)
				wrong_bytes += call->got > wanted ? call->got - wanted : wanted - call->got;
			if (memcmp(read->data.data_val, expected, call->got < wanted ? call->got : wanted) != 0)
				for (k = 0; k < call->got && k < wanted; k++)
					wrong_bytes += (unsigned char)read->data.data_val[k] != expected[k];
			break;
		}
		default:
			break;
		}
	}
}

static int send_compound(struct call *call, nfs_argop4 *parts, unsigned count)
{
	COMPOUND4args args = { .argarray = { count, parts } };

	call->done = call->broken = 0;
	call->status = NFS4_OK;
	return rpc_nfs4_compound_async(rpc, on_answer, &args, call);
}

static nfs_argop4 put_handle(struct handle *handle)
{
	nfs_argop4 part = { .argop = OP_PUTFH };

	part.nfs_argop4_u.opputfh.object.nfs_fh4_len = handle->length;
	part.nfs_argop4_u.opputfh.object.nfs_fh4_val = handle->bytes;
	return part;
}

/* One call with these parts, however often the connection has to be made anew. */
static nfsstat4 ask(struct call *call, nfs_argop4 *parts, unsigned count)
{
	for (;;) {
		double begun = now_ms(CLOCK_MONOTONIC);

		if (send_compound(call, parts, count) == 0 && serve(call, 1) == 0 && !call->broken) {
			record(begun);
			return call->status;
		}
		reconnects++;
		connect_anew();
	}
}

/* Makes us known to the server that answers now: after a failover it has never heard of us. */
static void introduce(void)
{
	static uint64_t incarnation;
	char name[64];
	struct call call = { 0 };
	nfs_argop4 part = { .argop = OP_SETCLIENTID };
	SETCLIENTID4args *args = &part.nfs_argop4_u.opsetclientid;

	incarnation++;
	snprintf(name, sizeof(name), "nfs-reader-%d", (int)getpid());
	memcpy(args->client.verifier, &incarnation, sizeof(incarnation));
	args->client.id.id_len = strlen(name);
	args->client.id.id_val = name;
	args->callback.cb_location.r_netid = (char *)"tcp";
	args->callback.cb_location.r_addr = (char *)"0.0.0.0.0.0";
	if (ask(&call, &part, 1) != NFS4_OK)
		return; /* the next OPEN fails and brings us here again */
	memset(&part, 0, sizeof(part));
	part.argop = OP_SETCLIENTID_CONFIRM;
	part.nfs_argop4_u.opsetclientid_confirm.clientid = call.client;
	memcpy(part.nfs_argop4_u.opsetclientid_confirm.setclientid_confirm, call.confirm, sizeof(call.confirm));
	client = call.client;
	ask(&call, &part, 1);
	owner++;
	sequence = 0;
}

/* Whether a kernel mends this by itself, without a word to the program that reads. */
static int mended(nfsstat4 status)
{
	struct timespec pause = { 0, 100 * 1000000L };

	switch (status) {
	case NFS4ERR_STALE_CLIENTID:
	case NFS4ERR_EXPIRED:
	case NFS4ERR_STALE_STATEID:
	case NFS4ERR_BAD_STATEID:
	case NFS4ERR_OLD_STATEID:
	case NFS4ERR_BAD_SEQID:
		recoveries++;
		introduce();
		return 1;
	case NFS4ERR_GRACE:
	case NFS4ERR_DELAY:
	case NFS4ERR_RESOURCE:
		recoveries++;
		nanosleep(&pause, NULL);
		return 1;
	default:
		return 0;
	}
}

static nfsstat4 open_file(struct file *file, stateid4 *state)
{
	struct call call = { .file = file };
	char name[64];
	nfs_argop4 parts[3] = { put_handle(&file->directory), { .argop = OP_OPEN }, { .argop = OP_GETFH } };
	OPEN4args *open = &parts[1].nfs_argop4_u.opopen;
	nfsstat4 status;

	snprintf(name, sizeof(name), "%d-%u", (int)getpid(), owner);
	open->seqid = sequence++;
	open->share_access = OPEN4_SHARE_ACCESS_READ;
	open->share_deny = OPEN4_SHARE_DENY_NONE;
	open->owner.clientid = client;
	open->owner.owner.owner_len = strlen(name);
	open->owner.owner.owner_val = name;
	open->openhow.opentype = OPEN4_NOCREATE;
	open->claim.claim = CLAIM_NULL;
	open->claim.open_claim4_u.file.utf8string_len = strlen(file->name);
	open->claim.open_claim4_u.file.utf8string_val = (char *)file->name;
	status = ask(&call, parts, 3);
	if (status != NFS4_OK)
		return status;
	*state = call.state;
	if (call.handle.length != file->own.length || memcmp(call.handle.bytes, file->own.bytes, file->own.length) != 0)
		changed_handles++;
	if (call.flags & OPEN4_RESULT_CONFIRM) {
		nfs_argop4 confirm[2] = { put_handle(&call.handle), { .argop = OP_OPEN_CONFIRM } };

		confirm[1].nfs_argop4_u.opopen_confirm.open_stateid = call.state;
		confirm[1].nfs_argop4_u.opopen_confirm.seqid = sequence++;
		status = ask(&call, confirm, 2);
		*state = call.state;
	}
	return status;
}

static nfsstat4 close_file(struct file *file, const stateid4 *state)
{
	struct call call = { .file = file };
	nfs_argop4 parts[2] = { put_handle(&file->own), { .argop = OP_CLOSE } };

	parts[1].nfs_argop4_u.opclose.seqid = sequence++;
	parts[1].nfs_argop4_u.opclose.open_stateid = *state;
	return ask(&call, parts, 2);
}

/* Reads the whole file by its handle, `depth` calls at a time. Answers the first status that is not good. */
static nfsstat4 read_content(struct file *file, const stateid4 *state, int depth)
{
	struct call calls[MAX_DEPTH];
	uint64_t offset = 0;

	while (offset < file->size) {
		double begun = now_ms(CLOCK_MONOTONIC);
		int count = 0, i, broken = 0;
		uint64_t at;

		for (at = offset; count < depth && at < file->size; count++, at += CHUNK) {
			nfs_argop4 parts[2] = { put_handle(&file->own), { .argop = OP_READ } };

			calls[count] = (struct call){ .file = file, .offset = at };
			parts[1].nfs_argop4_u.opread.stateid = *state;
			parts[1].nfs_argop4_u.opread.offset = at;
			parts[1].nfs_argop4_u.opread.count = CHUNK;
			if (send_compound(&calls[count], parts, 2) != 0)
				calls[count].done = calls[count].broken = 1;
		}
		broken = serve(calls, count) != 0;
		for (i = 0; i < count; i++)
			broken |= calls[i].broken;
		if (broken) {
			reconnects++;
			connect_anew();
			continue; /* the same part again */
		}
		record(begun);
		for (i = 0; i < count; i++) {
			if (calls[i].status != NFS4_OK)
				return calls[i].status;
			bytes_read += calls[i].got;
		}
		got_on();
		offset = at;
	}
	return NFS4_OK;
}

static void read_by_handle(struct file *file, int depth)
{
	const stateid4 anonymous = { 0 };
	nfsstat4 status;

	while ((status = read_content(file, &anonymous, depth)) != NFS4_OK && mended(status) && !ending)
		;
	if (status != NFS4_OK && !ending)
		error_line(file, "READ", status);
	files_read++;
}

static void read_opened(struct file *file, int depth)
{
	stateid4 state;
	nfsstat4 status;

	for (;;) {
		const char *what = "OPEN";

		status = open_file(file, &state);
		if (status == NFS4_OK) {
			what = "READ";
			status = read_content(file, &state, depth);
		}
		if (status == NFS4_OK) {
			status = close_file(file, &state);
			/* A server that does not know of the open has nothing to close. */
			if (status != NFS4_OK)
				mended(status);
			break;
		}
		if (ending)
			return;
		if (!mended(status)) {
			error_line(file, what, status);
			break;
		}
	}
	files_read++;
}

/* LOOKUP of the whole path from the export, and GETATTR of size and number. */
static void find(struct file *file, int keep)
{
	static uint32_t words[1] = { 1 << FATTR4_SIZE | 1 << FATTR4_FILEID };
	struct call call = { .file = file };
	nfs_argop4 parts[MAX_PARTS];
	unsigned count = 0;
	char text[4096], *word, *rest = text;
	nfsstat4 status;

	snprintf(text, sizeof(text), "%s/%s", export_path, file->path);
	parts[count++] = (nfs_argop4){ .argop = OP_PUTROOTFH };
	while ((word = strsep(&rest, "/")) != NULL && count < MAX_PARTS - 2) {
		if (*word == '\0')
			continue;
		if (rest == NULL && keep) { /* the directory, for OPEN */
			nfs_argop4 upper[MAX_PARTS];

			memcpy(upper, parts, sizeof(*parts) * count);
			upper[count] = (nfs_argop4){ .argop = OP_GETFH };
			if (ask(&call, upper, count + 1) == NFS4_OK)
				file->directory = call.handle;
		}
		parts[count] = (nfs_argop4){ .argop = OP_LOOKUP };
		parts[count].nfs_argop4_u.oplookup.objname.utf8string_len = strlen(word);
		parts[count].nfs_argop4_u.oplookup.objname.utf8string_val = word;
		count++;
	}
	parts[count++] = (nfs_argop4){ .argop = OP_GETFH };
	parts[count] = (nfs_argop4){ .argop = OP_GETATTR };
	parts[count].nfs_argop4_u.opgetattr.attr_request.bitmap4_len = 1;
	parts[count++].nfs_argop4_u.opgetattr.attr_request.bitmap4_val = words;
	while ((status = ask(&call, parts, count)) != NFS4_OK && mended(status))
		;
	if (status != NFS4_OK)
		error_line(file, "LOOKUP", status);
	else if (keep)
		file->own = call.handle;
}

/* As stat(2) of a path in a directory that was visited before: one call. */
static void stat_all(struct file *files, size_t count, int depth)
{
	static uint32_t words[2] = { 1 << FATTR4_TYPE | 1 << FATTR4_SIZE | 1 << FATTR4_FILEID, 1 << (FATTR4_MODE - 32) };
	struct call calls[MAX_DEPTH];
	struct handle root = { 0 };
	struct file whole = { .path = (char *)"" };
	size_t i = 0;
	int k;

	find(&whole, 1);
	root = whole.own;
	while (i < count) {
		double begun = now_ms(CLOCK_MONOTONIC);
		int under_way = 0;

		for (; under_way < depth && i < count; under_way++, i++) {
			nfs_argop4 parts[MAX_PARTS];
			unsigned length = 0;
			char text[4096], *word, *rest = text;

			snprintf(text, sizeof(text), "%s", files[i].path);
			parts[length++] = put_handle(&root);
			while ((word = strsep(&rest, "/")) != NULL && length < MAX_PARTS - 1) {
				parts[length] = (nfs_argop4){ .argop = OP_LOOKUP };
				parts[length].nfs_argop4_u.oplookup.objname.utf8string_len = strlen(word);
				parts[length++].nfs_argop4_u.oplookup.objname.utf8string_val = word;
			}
			parts[length] = (nfs_argop4){ .argop = OP_GETATTR };
			parts[length].nfs_argop4_u.opgetattr.attr_request.bitmap4_len = 2;
			parts[length++].nfs_argop4_u.opgetattr.attr_request.bitmap4_val = words;
			calls[under_way] = (struct call){ .file = &files[i] };
			if (send_compound(&calls[under_way], parts, length) != 0)
				calls[under_way].done = calls[under_way].broken = 1;
		}
		serve(calls, under_way);
		record(begun);
		for (k = 0; k < under_way; k++)
			if (calls[k].broken || calls[k].status != NFS4_OK)
				error_line(calls[k].file, "stat", calls[k].status);
			else
				files_read++;
	}
}

/* The same work on a local directory, to compare with. */
static void read_local(struct file *file, int statting)
{
	static char buffer[CHUNK];
	char path[8192];
	struct stat st;
	ssize_t got;
	off_t offset = 0;
	double begun = now_ms(CLOCK_MONOTONIC);
	int fd;

	snprintf(path, sizeof(path), "%s/%s", export_path, file->path);
	if (statting) {
		if (lstat(path, &st) != 0)
			error_line(file, "lstat", errno);
		record(begun);
		files_read++;
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		error_line(file, "open", errno);
	while (fd >= 0 && (size_t)offset < file->size) {
		begun = now_ms(CLOCK_MONOTONIC);
		got = pread(fd, buffer, sizeof(buffer), offset);
		record(begun);
		if (got <= 0 || memcmp(buffer, file->content + offset, got) != 0) {
			error_line(file, "read", errno);
			break;
		}
		offset += got;
		bytes_read += got;
	}
	if (fd >= 0)
		close(fd);
	files_read++;
}

static struct file *load(const char *list, size_t *count, int content)
{
	struct file *files = NULL;
	char line[4096], path[8192];
	FILE *in = fopen(list, "r");

	*count = 0;
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		struct file *file;
		struct stat st;
		int fd;

		line[strcspn(line, "\n")] = '\0';
		if ((*count & (*count - 1)) == 0)
			files = realloc(files, sizeof(*files) * (*count == 0 ? 1 : *count * 2));
		file = &files[(*count)++];
		*file = (struct file){ .path = strdup(line) };
		file->name = strrchr(file->path, '/') == NULL ? file->path : strrchr(file->path, '/') + 1;
		if (!content)
			continue;
		snprintf(path, sizeof(path), "%s/%s", source, line);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st) != 0) {
			fprintf(stderr, "nfs-reader: %s: %s\n", path, strerror(errno));
			exit(2);
		}
		file->size = st.st_size;
		if (st.st_size > 0)
			file->content = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
		close(fd);
	}
	if (in == NULL || *count == 0) {
		fprintf(stderr, "nfs-reader: nothing to read in %s\n", list);
		exit(2);
	}
	fclose(in);
	return files;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int count, char **arguments)
{
	struct sigaction action = { .sa_handler = on_signal };
	const char *mode = count > 6 ? arguments[6] : "";
	int depth = count > 7 ? atoi(arguments[7]) : 1, passes;
	int local, statting = strcmp(mode, "stat") == 0, opening = strcmp(mode, "open") == 0, once = strcmp(mode, "once") == 0;
	struct file *files;
	size_t total, i;
	double begun;

	if (count < 7 || depth < 1 || depth > MAX_DEPTH || !(statting || opening || once || strcmp(mode, "handle") == 0)) {
		fprintf(stderr, "usage: nfs-reader HOST PORT EXPORT SOURCE LIST open|handle|once|stat [DEPTH]\n");
		return 2;
	}
	action.sa_handler = on_lap;
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = on_signal;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	host = arguments[1];
	port = atoi(arguments[2]);
	export_path = arguments[3];
	source = arguments[4];
	files = load(arguments[5], &total, !statting);
	local = strcmp(host, "-") == 0;
	if (!local)
		connect_anew();
	for (i = 0; i < total && !statting && !local; i++)
		find(&files[i], 1);
	if (opening)
		introduce();
	longest = 0;
	took_count = 0;
	printf("{\"event\":\"ready\",\"at\":%.1f,\"files\":%zu}\n", now_ms(CLOCK_REALTIME), total);
	fflush(stdout);
	begun = last_bytes = now_ms(CLOCK_MONOTONIC);
	keep_times = once || statting;
	if (local)
		for (i = 0; i < total; i++)
			read_local(&files[i], statting);
	else if (statting)
		stat_all(files, total, depth);
	for (passes = 0; !statting && !local && !ending && !(once && passes > 0); passes++)
		for (i = 0; i < total && !ending; i++) {
			/* Asked for while a file is being read, it is answered after the next one. */
			int answer = lap_wanted;

			if (opening)
				read_opened(&files[i], depth);
			else
				read_by_handle(&files[i], depth);
			if (answer) {
				lap_wanted = 0;
				printf("{\"event\":\"lap\",\"at\":%.1f,\"files\":%llu,\"longest\":%.1f}\n", now_ms(CLOCK_REALTIME),
				       (unsigned long long)files_read, lap_longest);
				fflush(stdout);
				lap_longest = 0;
			}
		}
	begun = now_ms(CLOCK_MONOTONIC) - begun;
	qsort(took, took_count, sizeof(*took), by_value);
	printf("{\"event\":\"end\",\"seconds\":%.4f,\"files\":%llu,\"bytes\":%llu,\"wrongBytes\":%llu,\"errors\":%llu,"
	       "\"recoveries\":%llu,\"reconnects\":%llu,\"changedHandles\":%llu,\"p50\":%.3f,\"p95\":%.3f,\"max\":%.1f}\n",
	       begun / 1e3, (unsigned long long)files_read, (unsigned long long)bytes_read, (unsigned long long)wrong_bytes,
	       (unsigned long long)errors, (unsigned long long)recoveries, (unsigned long long)reconnects,
	       (unsigned long long)changed_handles, took_count > 0 ? took[took_count / 2] : 0.0,
	       took_count > 0 ? took[took_count * 95 / 100] : 0.0, longest);
	return 0;
}
