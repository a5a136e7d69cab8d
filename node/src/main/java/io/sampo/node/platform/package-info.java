/** What Linux has and Java does not. Nothing of it is loaded before it is asked for. */
package io.sampo.node.platform;
