/**
 * Who calls, what that user may do, tokens and passwords, and the Auth service. It knows no other
 * feature; what users and roles are is {@code state.auth}.
 */
package io.sampo.node.auth;
