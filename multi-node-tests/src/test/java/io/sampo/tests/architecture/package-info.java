/**
 * The house rules as tests: which package may know which, what production code must not call, and
 * what every folder needs. A rule's message says what to do instead.
 */
package io.sampo.tests.architecture;
