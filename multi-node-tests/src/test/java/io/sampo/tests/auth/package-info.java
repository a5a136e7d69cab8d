/** Authentication at running servers: tokens, passwords, users by certificate, what each may do. */
package io.sampo.tests.auth;
