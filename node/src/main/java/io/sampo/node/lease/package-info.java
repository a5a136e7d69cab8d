/**
 * Leases in time: renewals, the lessor and one session actor for each lease while this member
 * leads, from keep-alives to proposed revokes. What a lease is and which keys hang on it is the
 * state's business; nothing here changes it but by a proposal.
 */
package io.sampo.node.lease;
