/* SPDX-License-Identifier: MIT */
/* output.c - octets to a file or to standard output. A file that was there is there, old or new and
 * whole, whatever goes wrong: the new one stands beside it before it takes its place. */
#include <app/app.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Why the last call failed: to whoever wants to know, else to the user. */
static void tell_errno(struct sink *complaint, const char *name)
{
	if (complaint != NULL)
		sink_printf(complaint, "%s: %s", name, strerror(errno));
	else
		complain("%s: %s", name, strerror(errno));
}

static bool write_to(FILE *file, const char *name, const struct sink *bytes, struct sink *complaint)
{
	bool is_good = fwrite(bytes->at, 1, bytes->count, file) == bytes->count;

	if (fflush(file) != 0)
		is_good = false;
	if (!is_good)
		tell_errno(complaint, name);
	return is_good;
}

/* Into what cannot be replaced: a pipe, a device. */
static bool write_through(const char *name, const struct sink *bytes, struct sink *complaint)
{
	FILE *file = fopen(name, "wb");
	bool is_good;

	if (file == NULL) {
		tell_errno(complaint, name);
		return false;
	}
	is_good = write_to(file, name, bytes, complaint);
	if (fclose(file) != 0 && is_good) {
		tell_errno(complaint, name);
		is_good = false;
	}
	return is_good;
}

static bool is_open_as(const struct stat *there, int fd)
{
	struct stat open;

	return fstat(fd, &open) == 0 && open.st_dev == there->st_dev &&
	       open.st_ino == there->st_ino;
}

/* A plain file with one name that nobody reads from us this moment: another may take its place. */
static bool is_replaceable(const char *name, const struct stat *there)
{
	return S_ISREG(there->st_mode) && there->st_nlink == 1 &&
	       strncmp(name, "/dev/", strlen("/dev/")) != 0 &&
	       strncmp(name, "/proc/", strlen("/proc/")) != 0 && !is_open_as(there, STDERR_FILENO);
}

static bool write_all(int fd, const struct sink *bytes)
{
	size_t done = 0;

	while (done < bytes->count) {
		ssize_t n = write(fd, bytes->at + done, bytes->count - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* Whose the old one was, and who may read it; a new one is as the user's umask says. */
static bool take_after(int fd, const struct stat *old)
{
	mode_t mask;

	if (old != NULL)
		return fchown(fd, old->st_uid, old->st_gid) == 0 &&
		       fchmod(fd, old->st_mode & 07777) == 0;
	mask = umask(0);
	umask(mask);
	return fchmod(fd, 0666 & ~mask) == 0;
}

enum replaced { REPLACED, REPLACE_FAILED /* errno says how */, REPLACE_FORBIDDEN };

/* By the file `fresh`, open as `fd`. */
static enum replaced replace_by(int fd, const char *fresh, const char *path, const struct stat *old,
				const struct sink *bytes)
{
	bool is_good;

	if (!take_after(fd, old)) {
		close(fd);
		return REPLACE_FORBIDDEN;
	}
	is_good = write_all(fd, bytes) && (old == NULL || fsync(fd) == 0);
	if (close(fd) != 0)
		is_good = false;
	return is_good && rename(fresh, path) == 0 ? REPLACED : REPLACE_FAILED;
}

/* `path` is no link. */
static enum replaced replace(const char *path, const struct stat *old, const struct sink *bytes)
{
	struct sink fresh = {0};
	enum replaced answer = REPLACE_FORBIDDEN;
	int fd, error;

	sink_printf(&fresh, "%s.XXXXXX", path);
	fd = mkstemp(fresh.at);
	if (fd >= 0)
		answer = replace_by(fd, fresh.at, path, old, bytes);
	else if (errno == ENOSPC || errno == EDQUOT || errno == ENOENT || errno == ENOTDIR)
		answer = REPLACE_FAILED;
	error = errno;
	if (fd >= 0 && answer != REPLACED)
		unlink(fresh.at);
	errno = error;
	sink_fini(&fresh);
	return answer;
}

static bool write_file(const char *name, const struct sink *bytes, struct sink *complaint)
{
	struct stat old, link;
	bool is_there = stat(name, &old) == 0;
	enum replaced answer = REPLACE_FAILED;
	char *path;

	if (is_there && is_open_as(&old, STDOUT_FILENO))
		return write_to(stdout, name, bytes, complaint);
	if (is_there && !is_replaceable(name, &old))
		return write_through(name, bytes, complaint);
	/* A link that leads nowhere yet: what it names is made. */
	if (!is_there && lstat(name, &link) == 0)
		return write_through(name, bytes, complaint);
	if (is_there && access(name, W_OK) != 0) {
		tell_errno(complaint, name);
		return false;
	}
	path = is_there ? realpath(name, NULL) : xstrndup(name, strlen(name));
	if (path != NULL)
		answer = replace(path, is_there ? &old : NULL, bytes);
	if (answer == REPLACE_FAILED)
		tell_errno(complaint, name);
	free(path);
	return answer == REPLACE_FORBIDDEN ? write_through(name, bytes, complaint)
					   : answer == REPLACED;
}

bool output_write(const char *name, const struct sink *bytes)
{
	if (name == NULL || strcmp(name, "-") == 0)
		return write_to(stdout, "standard output", bytes, NULL);
	return write_file(name, bytes, NULL);
}

bool output_replace(const char *name, const struct sink *bytes, struct sink *complaint)
{
	return write_file(name, bytes, complaint);
}

bool output_text(const struct sink *text)
{
	struct sink harmless = {0};
	bool is_good;

	if (!isatty(STDOUT_FILENO))
		return output_write(NULL, text);
	put_visibly(&harmless, text->at, text->count);
	is_good = output_write(NULL, &harmless);
	sink_fini(&harmless);
	return is_good;
}
