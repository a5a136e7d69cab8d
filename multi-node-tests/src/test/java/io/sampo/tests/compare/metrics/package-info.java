/**
 * The same load to etcd and to Sampo, and what their {@code /metrics} show of each phase of it. The
 * load is in {@code compare/metrics-*.txt}, how equal values must be in {@code metrics-bands.txt}.
 */
package io.sampo.tests.compare.metrics;
