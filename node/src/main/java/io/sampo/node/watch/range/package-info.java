/** What watchers watch: ranges of keys in normal form, and which of many contain a key. */
package io.sampo.node.watch.range;
