/** How deep messages may stand in messages, and the reading of those that do. */
package io.sampo.protocol.nesting;
