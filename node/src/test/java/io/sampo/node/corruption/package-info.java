/** Comparisons of members' keys: the two rules, and when they are asked. Nothing here is sent. */
package io.sampo.node.corruption;
