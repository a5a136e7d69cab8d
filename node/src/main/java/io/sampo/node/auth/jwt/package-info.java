/**
 * JSON Web Tokens as etcd's library for Go (golang-jwt 5) signs and verifies them: methods, key
 * files, signatures. What a token says, and whose tokens are taken, is decided above.
 */
package io.sampo.node.auth.jwt;
