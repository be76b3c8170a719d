/* SPDX-License-Identifier: MIT */
#include "live/sniff.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own call: libcap would be one more library for a dozen lines. */
static bool get_capabilities(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

	return syscall(SYS_capget, &header, data) == 0;
}

static bool set_no_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[2] = {{0}};

	return syscall(SYS_capset, &header, none) == 0;
}

bool privilege_may_capture(void)
{
	struct __user_cap_data_struct data[2] = {{0}};

	return get_capabilities(data) && (data[0].effective & 1U << CAP_NET_RAW) != 0;
}

static bool number_of(const char *text, unsigned *out)
{
	char *end;
	unsigned long n;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	n = strtoul(text, &end, 10);
	*out = (unsigned)n;
	return errno == 0 && *end == '\0' && n > 0 && n < UINT32_MAX;
}

/* In a user namespace there may be no such user. */
static bool is_mapped(const char *path, unsigned id)
{
	FILE *f = fopen(path, "re");
	unsigned first, outside, count;
	bool is_there = false;

	while (f != NULL && !is_there && fscanf(f, "%u %u %u", &first, &outside, &count) == 3)
		is_there = id >= first && id - first < count;
	if (f != NULL)
		fclose(f);
	return is_there;
}

/* Whose process this really is, when root runs it: the one who called it with another's rights,
 * or who called sudo. False: root's own. */
static bool find_owner(uid_t *uid, gid_t *gid)
{
	unsigned u, g;

	if (geteuid() != 0)
		return false;
	if (getuid() != 0) {
		*uid = getuid();
		*gid = getgid();
		return true;
	}
	if (!number_of(getenv("SUDO_UID"), &u) || !number_of(getenv("SUDO_GID"), &g))
		return false;
	*uid = u;
	*gid = g;
	return is_mapped("/proc/self/uid_map", u) && is_mapped("/proc/self/gid_map", g);
}

static bool become(uid_t uid, gid_t gid)
{
	const struct passwd *p = getpwuid(uid);
	bool has_groups = p != NULL ? initgroups(p->pw_name, gid) == 0 : setgroups(1, &gid) == 0;

	return has_groups && setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0 &&
	       setresuid(0, 0, 0) != 0;
}

bool privilege_drop(void)
{
	struct __user_cap_data_struct data[2] = {{0}};
	uid_t uid;
	gid_t gid;

	if (find_owner(&uid, &gid) && !become(uid, gid))
		return false;
	/* No program started from here on gets any back, not even root's. An old kernel without
	 * ambient capabilities has none to clear. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) ||
	    !set_no_capabilities() || !get_capabilities(data))
		return false;
	errno = EPERM;
	return (data[0].permitted | data[1].permitted) == 0;
}
