/* SPDX-License-Identifier: MIT */
#include "live/lab.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <base/array.h>
#include <base/diag.h>
#include <base/harmless.h>

/* ---- moving in ------------------------------------------------------------------------------- */

enum step { STEP_DONE, STEP_UNSHARE, STEP_MAP, STEP_LOOPBACK, STEP_FORK };

/* How far it came, and what stopped it. */
struct outcome {
	enum step step;
	int error;
};

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	size_t n = strlen(text);
	bool is_written;
	int error;

	if (fd < 0)
		return false;
	is_written = write(fd, text, n) == (ssize_t)n;
	error = errno;
	close(fd);
	errno = error;
	return is_written;
}

/* Whoever we are outside is root inside. A group map needs setgroups() forbidden first; a kernel
 * before 3.19 has no such file and does not ask. */
static bool map_to_root(uid_t uid, gid_t gid)
{
	char map[64];

	if (!write_file("/proc/self/setgroups", "deny") && errno != ENOENT)
		return false;
	snprintf(map, sizeof map, "0 %u 1", (unsigned)uid);
	if (!write_file("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof map, "0 %u 1", (unsigned)gid);
	return write_file("/proc/self/gid_map", map);
}

/* It gets its addresses, 127.0.0.1 and ::1, by being there. */
static bool raise_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_up;
	int error;

	if (fd < 0)
		return false;
	is_up = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
	request.ifr_flags |= IFF_UP;
	is_up = is_up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	error = errno;
	close(fd);
	errno = error;
	return is_up;
}

static struct outcome move_in(bool has_users)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNET | (has_users ? CLONE_NEWUSER : 0)) != 0)
		return (struct outcome){STEP_UNSHARE, errno};
	/* Who has changed its user, or got capabilities from a file, does not own its /proc. */
	if (has_users && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0)
		return (struct outcome){STEP_MAP, errno};
	if (has_users && !map_to_root(uid, gid))
		return (struct outcome){STEP_MAP, errno};
	if (!raise_loopback())
		return (struct outcome){STEP_LOOPBACK, errno};
	return (struct outcome){STEP_DONE, 0};
}

/* Half a lab is no lab, and there is no way back: a child goes first. */
static struct outcome try_in_child(bool has_users)
{
	struct outcome o = {STEP_FORK, 0};
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return (struct outcome){STEP_FORK, errno};
	child = fork();
	if (child == 0) {
		o = move_in(has_users);
		_exit(write(ends[1], &o, sizeof o) == (ssize_t)sizeof o ? 0 : 1);
	}
	o.error = errno;
	close(ends[1]);
	if (child > 0) {
		struct outcome told;
		ssize_t n;

		do
			n = read(ends[0], &told, sizeof told);
		while (n < 0 && errno == EINTR);
		o.error = ECHILD;
		if (n == (ssize_t)sizeof told)
			o = told;
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	return o;
}

static bool says(const char *path, char value)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char octet = 0;
	bool is_so = fd >= 0 && read(fd, &octet, 1) == 1 && octet == value;

	if (fd >= 0)
		close(fd);
	return is_so;
}

/* Who forbids it is found where each distribution keeps its switch. */
static void explain(struct outcome o, struct sink *complaint)
{
	static const char *const steps[] = {
		[STEP_DONE] = "",
		[STEP_UNSHARE] = "no namespaces of its own",
		[STEP_MAP] = "no users of its own",
		[STEP_LOOPBACK] = "its loopback stays down",
		[STEP_FORK] = "no process to try it in",
	};

	sink_printf(complaint, "there is no private network for us here: %s (%s)", steps[o.step],
		    strerror(o.error));
	if (says("/proc/sys/user/max_user_namespaces", '0'))
		sink_puts(complaint, "; the administrator allows no user namespaces: "
				     "sysctl user.max_user_namespaces=1000");
	else if (says("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		sink_puts(complaint, "; the administrator keeps user namespaces for root: "
				     "sysctl kernel.unprivileged_userns_clone=1");
	else if (says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
		sink_puts(complaint, "; AppArmor keeps user namespaces for root: "
				     "sysctl kernel.apparmor_restrict_unprivileged_userns=0");
	else if (o.error == EPERM || o.error == EACCES)
		sink_puts(complaint, "; this container or its seccomp filter forbids it");
	else if (o.error == EINVAL)
		sink_puts(complaint, "; this kernel has no user namespaces, "
				     "or this process has threads");
	sink_puts(complaint, "; with sudo it may work, too");
}

bool lab_enter(struct sink *complaint)
{
	bool has_users = true;
	struct outcome first = try_in_child(true), o = first;

	/* Root outside can have a network without being root of its own users. */
	if (o.step != STEP_DONE && geteuid() == 0) {
		has_users = false;
		o = try_in_child(false);
	}
	if (o.step == STEP_DONE)
		first = o = move_in(has_users);
	if (o.step != STEP_DONE)
		explain(first, complaint);
	return o.step == STEP_DONE;
}

/* ---- settings -------------------------------------------------------------------------------- */

enum { NAME_ROOM = 256, DEPTH_MOST = 5 };

#define SETTINGS "/proc/sys/"

struct names {
	ARRAY(const char *) list;
	struct arena arena;
};

/* All that can be set below `net.`, as people write it. */
static void collect(const char *folder, int depth, struct names *n)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char *path = arena_printf(&n->arena, "%s/%s", folder, e->d_name);

		if (e->d_name[0] == '.')
			continue;
		if (e->d_type == DT_DIR && depth < DEPTH_MOST)
			collect(path, depth + 1, n);
		if (e->d_type == DT_DIR)
			continue;
		path += strlen(SETTINGS);
		for (char *c = path; *c != '\0'; c++)
			*c = *c == '/' ? '.' : *c;
		*array_push(&n->list) = path;
	}
	if (d != NULL)
		closedir(d);
}

/* A name that has this one within it is meant rather than one of similar letters. */
static const char *nearest_setting(const char *name, const struct names *n)
{
	const char *last = strrchr(name, '.') != NULL ? strrchr(name, '.') + 1 : name;
	const char *best = NULL;

	for (size_t i = 0; i + 1 < n->list.count && last[0] != '\0'; i++) {
		const char *own = strrchr(n->list.at[i], '.') + 1;

		if (strcmp(own, last) == 0 && strstr(n->list.at[i], ".conf.") == NULL)
			return n->list.at[i];
		if (best == NULL && strncmp(own, last, strlen(last)) == 0)
			best = n->list.at[i];
	}
	return best != NULL ? best : nearest_word(name, n->list.at);
}

static void complain_of_name(const char *name, struct sink *complaint)
{
	struct names n = {0};
	const char *near;

	collect(SETTINGS "net", 0, &n);
	*array_push(&n.list) = NULL;
	near = nearest_setting(name, &n);
	sink_puts(complaint, "this kernel has no setting '");
	put_harmless(complaint, name, strlen(name));
	sink_puts(complaint, "'");
	if (near != NULL)
		sink_printf(complaint, "; did you mean '%s'?", near);
	array_fini(&n.list);
	arena_fini(&n.arena);
}

/* sysctl(8)'s spelling: dots, or slashes where a name has a dot in it. */
static bool path_of(const char *name, char path[NAME_ROOM])
{
	bool has_slashes = strcspn(name, "/") < strcspn(name, ".");
	int n = snprintf(path, NAME_ROOM, SETTINGS "%s", name);

	for (char *c = path + strlen(SETTINGS); *c != '\0' && !has_slashes; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	return n > 0 && n < NAME_ROOM && strncmp(path, SETTINGS "net/", 14) == 0 &&
	       strstr(path, "/../") == NULL && strstr(path, "/./") == NULL;
}

static void complain_of_value(const char *name, const char *value, const char *path,
			      struct sink *complaint)
{
	int error = errno;
	char now[NAME_ROOM];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, now, sizeof now) : -1;

	if (fd >= 0)
		close(fd);
	if (error == EINVAL || error == ERANGE) {
		sink_printf(complaint, "%s cannot be '", name);
		put_harmless(complaint, value, strlen(value));
		sink_puts(complaint, "'");
	} else {
		sink_printf(complaint, "%s may not be set: %s", name, strerror(error));
	}
	while (n > 0 && now[n - 1] == '\n')
		n--;
	if (n > 0) {
		sink_puts(complaint, "; it is '");
		put_harmless(complaint, now, (size_t)n);
		sink_puts(complaint, "'");
	}
}

static const char *trimmed(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	n = strlen(text);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\n'))
		text[--n] = '\0';
	return text;
}

bool lab_set(const char *assignment, struct sink *complaint)
{
	char *copy = xstrndup(assignment, strlen(assignment));
	char *equals = strchr(copy, '=');
	char path[NAME_ROOM];
	const char *name = "", *value = "";
	bool is_set = false;

	if (equals != NULL) {
		*equals = '\0';
		name = trimmed(copy);
		value = trimmed(equals + 1);
	}
	if (name[0] == '\0' || value[0] == '\0') {
		sink_puts(complaint, "a setting is written like net.ipv4.tcp_fin_timeout=5, not '");
		put_harmless(complaint, assignment, strlen(assignment));
		sink_puts(complaint, "'");
	} else if (!path_of(name, path) || access(path, F_OK) != 0) {
		complain_of_name(name, complaint);
		if (strncmp(name, "net.", 4) != 0 && strncmp(name, "net/", 4) != 0)
			sink_puts(complaint, " (a lab has only settings of net.)");
	} else if (!write_file(path, value)) {
		complain_of_value(name, value, path, complaint);
	} else {
		is_set = true;
	}
	free(copy);
	return is_set;
}
