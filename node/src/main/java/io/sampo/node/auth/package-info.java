/** The Auth service. Users and roles are not built yet, and it says so. */
package io.sampo.node.auth;
