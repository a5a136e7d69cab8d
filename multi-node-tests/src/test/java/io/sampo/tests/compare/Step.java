package io.sampo.tests.compare;

import java.util.function.Function;

/**
 * One thing to ask of both servers.
 *
 * @param name what a difference is reported and listed by
 * @param run asks one server and returns its masked answer as text
 */
public record Step(String name, Function<Target, String> run) {}
