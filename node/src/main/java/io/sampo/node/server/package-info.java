/**
 * The composition root: {@code Server} starts and stops a node, {@code Member} makes a member from
 * its parts, {@code Supervisor} ends it when one of them fails. What the parts do stands with them.
 */
package io.sampo.node.server;
