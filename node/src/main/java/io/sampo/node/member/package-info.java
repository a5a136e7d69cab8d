/**
 * The members and the cluster's version while a member serves: the Cluster service, changes on the
 * way to the log and whether they are wise, promotions forwarded to the leader, what a member
 * publishes of itself, who decides the version. What a change does to the membership once it is
 * committed belongs to {@code state.membership}; what follows of it for the connections is here.
 */
package io.sampo.node.member;
