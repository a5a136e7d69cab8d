/** Tests of the form of log lines, and of what the log flags change. */
package io.sampo.node.logging;
