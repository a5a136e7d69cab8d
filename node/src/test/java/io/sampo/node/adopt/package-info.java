/** What is decided about data that is older than the node. */
package io.sampo.node.adopt;
