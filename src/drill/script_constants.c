/* SPDX-License-Identifier: MIT */
#include <drill/script_parse.h>

#include <string.h>

struct constant {
	const char *name;
	int64_t value;
};

#define CONSTANT(name, value) {#name, value},
#define ERROR(name, value)    {#name, value},
static const struct constant constants[] = {
	{"NULL", 0},
#include <drill/constants.def>
#include <drill/errors.def>
};
static const struct constant errors[] = {
#include <drill/errors.def>
};
#undef CONSTANT
#undef ERROR

#define CONSTANT(name, value) #name,
#define ERROR(name, value)    #name,
static const char *const constant_names[] = {"NULL",
#include <drill/constants.def>
#include <drill/errors.def>
					     NULL};
static const char *const error_names[] = {
#include <drill/errors.def>
	NULL};
#undef CONSTANT
#undef ERROR

#define CALL(name, least, most, waits) {#name, least, most},
static const struct {
	const char *name;
	uint32_t least, most;
} calls[] = {
#include <drill/calls.def>
};
#undef CALL

#define CALL(name, least, most, waits) #name,
static const char *const call_names[] = {
#include <drill/calls.def>
	NULL};
#undef CALL

bool drill_constant(const char *name, int64_t *value)
{
	for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
		if (strcmp(constants[i].name, name) == 0) {
			*value = constants[i].value;
			return true;
		}
	}
	return false;
}

int drill_errno(const char *name)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, name) == 0)
			return (int)errors[i].value;
	return 0;
}

const char *const *drill_constant_names(void)
{
	return constant_names;
}

const char *const *drill_errno_names(void)
{
	return error_names;
}

const char *const *drill_call_names(void)
{
	return call_names;
}

bool drill_call_takes(const char *name, uint32_t *least, uint32_t *most)
{
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (strcmp(calls[i].name, name) == 0) {
			*least = calls[i].least;
			*most = calls[i].most;
			return true;
		}
	}
	return false;
}
