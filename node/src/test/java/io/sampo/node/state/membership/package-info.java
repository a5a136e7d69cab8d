/** The members as others have written them down. */
package io.sampo.node.state.membership;
