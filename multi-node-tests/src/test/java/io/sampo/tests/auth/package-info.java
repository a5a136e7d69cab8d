/** Users, roles and tokens at real processes, with real clients. */
package io.sampo.tests.auth;
