/**
 * Users, roles and what they may do, as the log knows them (etcd 3.7.1, server/auth and
 * etcdserver/apply/auth.go). Pure: no clock, no threads, no tokens; every member folds the same log
 * into the same table.
 */
package io.sampo.node.state.auth;
