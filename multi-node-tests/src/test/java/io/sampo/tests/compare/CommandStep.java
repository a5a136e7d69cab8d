package io.sampo.tests.compare;

import java.util.function.Function;

/**
 * One thing to do with both clusters.
 *
 * @param name what a difference is reported and listed by
 * @param run does it and returns, as masked text, what is to be the same
 */
record CommandStep(String name, Function<CommandTarget, String> run) {}
