/**
 * Sampo and etcd in turns on the same machine under the same load generator. It prints medians,
 * ratios and what a request costs the server's processor; it never judges them.
 */
package io.sampo.tests.benchmark;
