/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/lab.h"
#include "real.h"

static ino_t network(void)
{
	struct stat s;

	ck_assert_int_eq(stat("/proc/self/ns/net", &s), 0);
	return s.st_ino;
}

static void read_setting(const char *path, char out[64])
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, out, 63);

	ck_assert_int_ge(n, 1);
	out[n] = '\0';
	close(fd);
}

START_TEST(a_lab_is_a_network_of_its_own)
{
	ino_t outside = network();
	struct real r;

	if (!private_network())
		return;
	ck_assert(network() != outside);
	real_listen(&r, "127.0.0.1", 1);
	real_connect(&r);
	real_close(&r);
	real_listen(&r, "::1", 1);
	real_connect(&r);
	real_close(&r);
}
END_TEST

/* As somebody who is nobody: in a child, for there is no way back. */
START_TEST(it_needs_no_privilege)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(3);
		_exit(!private_network() || geteuid() == 0 ? 0 : 4);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(settings_are_free_in_it)
{
	struct sink complaint = {0};
	char outside[64], inside[64];

	read_setting("/proc/sys/net/ipv4/tcp_syn_retries", outside);
	if (!private_network())
		return;
	ck_assert(lab_set("net.ipv4.tcp_syn_retries = 3", &complaint));
	read_setting("/proc/sys/net/ipv4/tcp_syn_retries", inside);
	ck_assert_str_eq(inside, "3\n");
	ck_assert(lab_set("net/ipv4/conf/lo/forwarding=1", &complaint));
	ck_assert(lab_set("net.ipv4.tcp_wmem=4096 8192 16384", &complaint));
	ck_assert_uint_eq(complaint.count, 0);
	sink_fini(&complaint);
}
END_TEST

static const struct {
	const char *assignment, *says;
} wrong[] = {
	{"net.ipv4.tcp_fin_timout=5", "did you mean 'net.ipv4.tcp_fin_timeout'?"},
	{"tcp_fin_timeout=5", "did you mean 'net.ipv4.tcp_fin_timeout'?"},
	{"net.tcp_fin=5", "did you mean 'net.ipv4.tcp_fin_timeout'?"},
	{"net.ipv4.tcp_syn_retries=many", "net.ipv4.tcp_syn_retries cannot be 'many'; it is '"},
	{"net.ipv4.tcp_syn_retries=-3", "net.ipv4.tcp_syn_retries cannot be '-3'; it is '"},
	{"net.ipv4.tcp_available_congestion_control=x", "may not be set"},
	{"kernel.hostname=x", "a lab has only settings of net."},
	{"net/../kernel/hostname=x", "no setting 'net/../kernel/hostname'"},
	{"net.ipv4", "a setting is written like net.ipv4.tcp_fin_timeout=5, not 'net.ipv4'"},
	{"net.ipv4.tcp_syn_retries=", "is written like"},
	{"=5", "is written like"},
	{"net.\x1b[31m=5", "no setting 'net.\\x1b[31m'"},
};

START_TEST(what_is_wrong_is_told_with_its_neighbour)
{
	struct sink complaint = {0};

	if (!private_network())
		return;
	ck_assert(!lab_set(wrong[_i].assignment, &complaint));
	ck_assert_msg(strstr(complaint.at, wrong[_i].says) != NULL, "%s: %s", wrong[_i].assignment,
		      complaint.at);
	sink_fini(&complaint);
}
END_TEST

/* Where nothing more may be made, it is said, and all is as it was. */
START_TEST(what_forbids_it_is_told)
{
	struct sink complaint = {0};
	ino_t outside = network();
	struct rlimit before, none;
	int fd = open("/dev/null", O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)fd; /* no descriptor more than there are */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert(!lab_enter(&complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "there is no private network for us here"));
	ck_assert(network() == outside);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	sink_fini(&complaint);
	close(fd);
}
END_TEST

Suite *lab_suite(void)
{
	Suite *s = suite_create("lab");
	TCase *t = tcase_create("lab");

	tcase_add_test(t, a_lab_is_a_network_of_its_own);
	tcase_add_test(t, it_needs_no_privilege);
	tcase_add_test(t, settings_are_free_in_it);
	tcase_add_loop_test(t, what_is_wrong_is_told_with_its_neighbour, 0,
			    sizeof wrong / sizeof wrong[0]);
	tcase_add_test(t, what_forbids_it_is_told);
	suite_add_tcase(s, t);
	return s;
}
