/**
 * Users, roles and tokens as clients of real processes see them: one member, three members, and
 * clusters of which etcd is a member.
 */
package io.sampo.tests.auth;
