/**
 * The same requests to a real etcd and to Sampo, answer by answer. What may differ is masked
 * (identities, sizes, times) or listed with its reason in {@code known-differences.txt}.
 */
package io.sampo.tests.compare;
