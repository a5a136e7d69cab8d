/**
 * The KV service of a client: ranges, puts, deletes, transactions, compactions, checked and then
 * sent on their way. The store itself is in {@code state.mvcc}.
 */
package io.sampo.node.kv;
