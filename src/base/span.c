/* SPDX-License-Identifier: MIT */
#include <base/span.h>

#include <stddef.h>
#include <string.h>

/* "12.5" as 125 and 10. The rest of the text, or NULL: no number, or one too long. */
static const char *read_decimal(const char *text, int64_t *value, int64_t *scale)
{
	const char *at = text;
	bool has_point = false;

	*value = 0;
	*scale = 1;
	for (; (*at >= '0' && *at <= '9') || (*at == '.' && !has_point); at++) {
		if (*at == '.') {
			has_point = true;
			continue;
		}
		if (*value > INT64_C(1000000000000) || *scale > 100000)
			return NULL;
		*value = *value * 10 + (*at - '0');
		if (has_point)
			*scale *= 10;
	}
	return at == text || (has_point && at == text + 1) ? NULL : at;
}

bool span_read(const char *text, int64_t *us)
{
	static const int64_t second = 1000000;
	static const struct {
		const char *name;
		int64_t size;
	} units[] = {{"", second},         {"s", second},        {"ms", second / 1000}, {"us", 1},
		     {"min", 60 * second}, {"h", 3600 * second}, {"d", 86400 * second}};
	int64_t value, scale;
	const char *unit = read_decimal(text, &value, &scale);

	if (unit == NULL)
		return false;
	while (*unit == ' ')
		unit++;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(value, units[i].size, us))
			return false;
		*us /= scale;
		return true;
	}
	return false;
}
