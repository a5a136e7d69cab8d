/**
 * What operators practise before they need it, on real processes and under load: certificates,
 * users, space, restarts. A single flag or call is tested in {@code operation}, {@code auth} and
 * {@code client}.
 */
package io.sampo.tests.drill;
