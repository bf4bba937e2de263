#include "unit.h"

#include "cli/arguments.h"

struct options {
	bool json;
	bool quiet;
	const char *output;
	int number;
};

static const struct argument first[] = {
	{0, "json", ARGUMENT_SWITCH, offsetof(struct options, json), NULL, ""},
	{'q', "quiet", ARGUMENT_SWITCH, offsetof(struct options, quiet), NULL, ""},
};
static const struct argument second[] = {
	{'o', "output", ARGUMENT_TEXT, offsetof(struct options, output), "FILE", ""},
	{'n', "number", ARGUMENT_NUMBER, offsetof(struct options, number), "N", ""},
};
static const struct argument_table tables[] = {{first, 2}, {second, 2}};

#define ARGV_MAX 16
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Reads the words, NULL-ended, as if behind the program's name. */
static int read_words(const char *const words[], bool only_options, struct options *options,
	struct arguments *out)
{
	const char *argv[ARGV_MAX] = {"eonay"};
	int argc = 1;

	*options = (struct options){.number = -1};
	while (words[argc - 1]) {
		argv[argc] = words[argc - 1];
		argc++;
	}
	return arguments_read(argc, argv, 1, only_options, tables, 2, options, out);
}

static void assert_problem(
	const char *const words[], enum argument_problem problem, const char *culprit)
{
	struct options options;
	struct arguments out;

	read_words(words, false, &options, &out);
	assert_int_equal(out.problem, problem);
	assert_string_equal(out.culprit, culprit);
}

static void test_values_in_each_form(void **state)
{
	const char *const *forms[] = {WORDS("--output", "x"), WORDS("--output=x"), WORDS("-o", "x"),
		WORDS("-ox"), WORDS("-qo", "x"), WORDS("-qox")};
	struct options options;
	struct arguments out;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		read_words(forms[i], false, &options, &out);
		assert_int_equal(out.problem, ARGUMENTS_FINE);
		assert_string_equal(options.output, "x");
		assert_int_equal(options.quiet, i >= 4);
		assert_int_equal(out.operand_count, 0);
	}
	read_words(WORDS("--output="), false, &options, &out);
	assert_int_equal(out.problem, ARGUMENTS_FINE);
	assert_string_equal(options.output, "");
}

static void test_operands_between_and_behind_options(void **state)
{
	struct options options;
	struct arguments out;

	(void)state;
	read_words(WORDS("a", "--json", "-", "--", "--quiet", "-x"), false, &options, &out);
	assert_int_equal(out.problem, ARGUMENTS_FINE);
	assert_true(options.json);
	assert_false(options.quiet);
	assert_int_equal(out.operand_count, 4);
	assert_string_equal(out.operands[0], "a");
	assert_string_equal(out.operands[1], "-");
	assert_string_equal(out.operands[2], "--quiet");
	assert_string_equal(out.operands[3], "-x");
}

static void test_reading_stops_at_the_command(void **state)
{
	struct options options;
	struct arguments out;

	(void)state;
	assert_int_equal(read_words(WORDS("--json", "sign", "--bad"), true, &options, &out), 2);
	assert_int_equal(out.problem, ARGUMENTS_FINE);
	assert_true(options.json);
	assert_int_equal(read_words(WORDS("--json"), true, &options, &out), 2);
}

static void test_numbers(void **state)
{
	struct options options;
	struct arguments out;

	(void)state;
	read_words(WORDS("-n", "07"), false, &options, &out);
	assert_int_equal(out.problem, ARGUMENTS_FINE);
	assert_int_equal(options.number, 7);
	assert_problem(WORDS("--number", "-1"), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("--number", "+1"), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("--number", " 1"), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("--number="), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("--number", "1x"), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("-n4294967296"), ARGUMENT_NO_NUMBER, "--number");
	assert_problem(WORDS("-n99999999999999999999"), ARGUMENT_NO_NUMBER, "--number");
}

static void test_problems_name_the_option(void **state)
{
	(void)state;
	assert_problem(WORDS("--bad"), ARGUMENT_UNKNOWN, "--bad");
	assert_problem(WORDS("--bad=value"), ARGUMENT_UNKNOWN, "--bad");
	assert_problem(WORDS("-z"), ARGUMENT_UNKNOWN, "-z");
	assert_problem(WORDS("-qz"), ARGUMENT_UNKNOWN, "-qz");
	assert_problem(WORDS("--js"), ARGUMENT_UNKNOWN, "--js"); /* no abbreviations */
	assert_problem(WORDS("--jsonx"), ARGUMENT_UNKNOWN, "--jsonx");
	assert_problem(WORDS("--=x"), ARGUMENT_UNKNOWN, "--");
	assert_problem(WORDS("--json=1"), ARGUMENT_WITH_VALUE, "--json");
	assert_problem(WORDS("--output"), ARGUMENT_WITHOUT_VALUE, "--output");
	assert_problem(WORDS("-o"), ARGUMENT_WITHOUT_VALUE, "--output");
	assert_problem(WORDS("1", "2", "3", "4", "5", "6", "7", "8", "9"), ARGUMENTS_TOO_MANY, "9");
}

static void test_the_first_problem_stays(void **state)
{
	struct options options;
	struct arguments out;

	(void)state;
	read_words(WORDS("--bad", "--worse", "--json"), false, &options, &out);
	assert_string_equal(out.culprit, "--bad");
	assert_true(options.json);
}

static void test_a_long_culprit_is_cut(void **state)
{
	char word[300];
	struct options options;
	struct arguments out;

	(void)state;
	memset(word, '-', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	read_words(WORDS(word), false, &options, &out);
	assert_int_equal(out.problem, ARGUMENT_UNKNOWN);
	assert_int_equal(strlen(out.culprit), sizeof(out.culprit) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_in_each_form),
		cmocka_unit_test(test_operands_between_and_behind_options),
		cmocka_unit_test(test_reading_stops_at_the_command),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_problems_name_the_option),
		cmocka_unit_test(test_the_first_problem_stays),
		cmocka_unit_test(test_a_long_culprit_is_cut),
	};

	return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
